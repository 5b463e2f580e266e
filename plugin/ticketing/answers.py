"""Read what a ticket system answers: lists of records with ids, or an answer that is broken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from plugin.errors import UpstreamBroken

Record = Mapping[str, Any]


def text(value: Any) -> str:
    """Return an id or a name as text without space around it, "" for anything that is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    plain = str(value).strip()
    return plain if plain.isprintable() else ""


def record(body: Any, key: str, title: str) -> Record:
    """Return the record under `key`; UpstreamBroken where there is none with an id."""
    found = body.get(key) if isinstance(body, Mapping) else None
    if not isinstance(found, Mapping) or not text(found.get("id")):
        raise UpstreamBroken(f"{title} answered without a {key}")
    return found


def records(body: Any, key: str, title: str) -> list[Record]:
    """Return the records of the list under `key`, or of a bare list where `key` is ""."""
    rows = body.get(key) if key and isinstance(body, Mapping) else body
    if not isinstance(rows, list):
        raise UpstreamBroken(f"{title} answered without a list of {key or 'records'}")
    if not all(isinstance(row, Mapping) and text(row.get("id")) for row in rows):
        raise UpstreamBroken(f"{title} answered with {key or 'records'} that have no id")
    return rows


def beside(body: Any, key: str) -> dict[str, Record]:
    """Return the records that came along under `key`, by their id; what has none is left out."""
    rows = body.get(key) if isinstance(body, Mapping) else None
    found = rows if isinstance(rows, list) else []
    return {
        text(row["id"]): row for row in found if isinstance(row, Mapping) and text(row.get("id"))
    }


def check_owner(rows: Iterable[Record], field: str, owner: str, title: str) -> None:
    """Raise UpstreamBroken where a record belongs to another account than the one asked for."""
    if any(text(row.get(field)) != owner for row in rows):
        raise UpstreamBroken(f"{title} answered with the tickets of another account")


def ids(value: Any) -> list[str]:
    """Return the ids in a list, each once; none where it is no list."""
    found = [text(each) for each in value] if isinstance(value, list) else []
    return list(dict.fromkeys(each for each in found if each))
