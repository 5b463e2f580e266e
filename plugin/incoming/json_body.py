"""Read JSON bodies leniently: what is unusable in them is unknown, never a crash."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from plugin.errors import BadRequest

MAX_TEXT = 1000  # longer than any subject or id a helpdesk sends
MAX_DIGITS = 30
_HALVES = re.compile("[\ud800-\udfff]")
MAX_EMAIL = 320  # 64 + @ + 255: https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1


def is_whole(text: str) -> bool:
    """Tell whether a text can be encoded and kept: no half of a surrogate pair, no NUL."""
    return "\0" not in text and not _HALVES.search(text)


def whole(text: str) -> None:
    """Refuse, as a schema does, a text that no database keeps; the same rule at every door."""
    if not is_whole(text):
        raise ValidationError("holds a sign that cannot be kept: U+0000 or half a surrogate pair")


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name comes twice in one object")
    return found


def read_json(body: bytes) -> Any:
    """Return the decoded JSON; raise BadRequest where there is none or a name comes twice."""
    try:
        return json.loads(body, object_pairs_hook=_single)
    except (ValueError, RecursionError) as error:
        raise BadRequest("the body is no JSON") from error


def read_object(body: bytes) -> Mapping[str, Any]:
    """Return the body's JSON object; raise BadRequest where there is none."""
    return object_of(read_json(body))


def object_of(value: Any) -> Mapping[str, Any]:
    """Return decoded JSON that is an object; raise BadRequest for anything else."""
    if not isinstance(value, dict):
        raise BadRequest("the body is no JSON object")
    return value


def at(value: Any, *path: str) -> Any:
    """Return what lies at `path` in nested objects, or None."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def text(value: Any) -> str | None:
    """Return a text or whole number as text; None when blank, too long or anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**MAX_DIGITS else None
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        return None
    if not value.isprintable():
        # Half a surrogate pair is valid JSON and cannot be encoded again; NUL is kept by no
        # database. Neither is left out: what is signed is never read as another name or address.
        value = value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    return value.strip() or None


def text_at(value: Any, *path: str) -> str | None:
    """Return the text at `path`, or None."""
    return text(at(value, *path))


def email(value: Any) -> str | None:
    """Return what can be an address; an unfilled placeholder or a blank is None."""
    found = text(value)
    if found is None or len(found) > MAX_EMAIL or len(found.split()) > 1:
        return None
    local, _, domain = found.rpartition("@")
    return found if local and domain and "{{" not in found else None


def email_at(value: Any, *path: str) -> str | None:
    """Return the address at `path`, or None."""
    return email(at(value, *path))


def items_at(value: Any, *path: str) -> tuple[Any, ...]:
    """Return the list at `path` as a tuple; () when there is none."""
    found = at(value, *path)
    return tuple(found) if isinstance(found, list) else ()


def texts_at(value: Any, *path: str) -> tuple[str, ...]:
    """Return the texts of the list at `path`; what is no text is left out."""
    return tuple(found for item in items_at(value, *path) if (found := text(item)) is not None)
