"""JSON Pointer (RFC 6901): where in an answer a value stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

POINTER = r"(?:/(?:[^~/]|~[01])*)*"  # https://www.rfc-editor.org/rfc/rfc6901#section-3
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


def _step(value: Any, part: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(part)
    if isinstance(value, list) and _INDEX.fullmatch(part) and int(part) < len(value):
        return value[int(part)]
    return None


def at(value: Any, pointer: str) -> Any:
    """Return what stands at a pointer; None where there is nothing. "" is the whole value."""
    for part in pointer.split("/")[1:]:
        value = _step(value, part.replace("~1", "/").replace("~0", "~"))
    return value


def pointing(value: Any) -> Callable[[str], Any]:
    """Return the properties of a record by their pointers."""
    return lambda pointer: at(value, pointer)
