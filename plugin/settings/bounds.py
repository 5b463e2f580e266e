"""Read a file that settings name: whatever it is, reading it ends, and soon."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

_LARGEST = 1_000_000  # bytes of the settings, or of a secret's file
_DOTS = 20  # of one key, deeper than any setting lies
_DEEP = re.compile(rf"(?:[\"']?[\w-]{{1,64}}[\"']?[ \t]{{0,4}}\.[ \t]{{0,4}}){{{_DOTS}}}")


class NoFile(ValueError):
    """What is named is no file of a sensible size and shape."""


def bounded_text(path: Path) -> str:
    """Return a file's text; one that has no end, or is no file, is refused at once."""
    with open(path, "rb", opener=_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise NoFile("it is no ordinary file")
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise NoFile(f"it is larger than {_LARGEST // 1_000_000} MB")
    return data.decode("utf-8-sig")


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # opening a pipe would wait for its writer


def shallow(text: str) -> str:
    """Return settings as they are; refuse keys so deep that reading them has no end."""
    if _DEEP.search(text):
        raise NoFile(f"a key has {_DOTS} dots or more")
    return text
