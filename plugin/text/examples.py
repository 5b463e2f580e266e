"""Check examples of a workspace: messages, and what each is to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from plugin.account.words import MENTION

FORM = 'write "- {text: the message, says: [cancel]}"; says: [] when it says nothing'


def _rows(written: str) -> Iterator[tuple[int, Any]]:
    rows = YAML(typ="safe", pure=True).load(written)
    if not isinstance(rows, list):
        raise TypeError(f"the file is not a list: {FORM}")
    yield from enumerate(rows, 1)


def _wrong(row: Any, mine: Callable[[str], Mapping[str, Any]]) -> str | None:
    """Return what is wrong with one example, None when it is read as it should be."""
    if (
        not isinstance(row, dict)
        or set(row) != {"text", "says"}
        or not isinstance(row["says"], list)
    ):
        return f"is no example: {FORM}"
    if unknown := sorted(set(map(str, row["says"])) - set(MENTION)):
        return f"says: {', '.join(unknown)} is unknown; use {', '.join(MENTION)}"
    found = sorted({mention["kind"] for mention in mine(str(row["text"]))["mentions"]})
    if found != sorted(set(row["says"])):
        said, wanted = (", ".join(kinds) or "nothing" for kinds in (found, row["says"]))
        return f"“{row['text']}” says {said}, not {wanted}; ask with --explain"
    return None


def failures(written: str, mine: Callable[[str], Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line for each example that is not read as it should be, or cannot be read."""
    try:
        for number, row in _rows(written):
            if wrong := _wrong(row, mine):
                yield f"example {number}: {wrong}"
    except (TypeError, YAMLError) as error:
        yield f"the examples cannot be read: {error}"
