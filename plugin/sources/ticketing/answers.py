"""Read what a ticket system answers: lists of records with ids, or an answer that is broken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from plugin.account.domains import read_domains
from plugin.errors import UpstreamBroken

Record = Mapping[str, Any]
_HALF = re.compile(r"[\ud800-\udfff]")  # half a character: it cannot be written as UTF-8


def text(value: Any) -> str:
    """Return an id, a name or an address as one line of text, "" for anything that is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    plain = " ".join(str(value).split())
    return "" if _HALF.search(plain) else plain


def under(row: Any, key: str) -> Record:
    """Return the record that stands under a key of another; an empty one where there is none."""
    said = row.get(key) if isinstance(row, Mapping) else None
    return said if isinstance(said, Mapping) else {}


def record_of(body: Any, title: str) -> Record:
    """Return an answer that is a record; UpstreamBroken where it is none with an id."""
    if not isinstance(body, Mapping) or not text(body.get("id")):
        raise UpstreamBroken(f"{title} answered with something that is no record")
    return body


def record(body: Any, key: str, title: str) -> Record:
    """Return the record under `key`; UpstreamBroken where there is none with an id."""
    return record_of(body.get(key) if isinstance(body, Mapping) else None, title)


def records(body: Any, key: str, title: str) -> list[Record]:
    """Return the records of the list under `key`, or of a bare list where `key` is ""."""
    named = body.get(key) if isinstance(body, Mapping) else None
    rows = named if key else body
    if not isinstance(rows, list):
        raise UpstreamBroken(f"{title} answered without a list of {key or 'records'}")
    if not all(isinstance(row, Mapping) and text(row.get("id")) for row in rows):
        raise UpstreamBroken(f"{title} answered with {key or 'records'} that have no id")
    return rows


def beside(body: Any, key: str) -> dict[str, Record]:
    """Return the records that came along under `key`, by their id; what has none is left out."""
    rows = inner(body.get(key) if isinstance(body, Mapping) else None)
    return {text(row["id"]): row for row in rows if text(row.get("id"))}


def refuse(strangers: Iterable[Record], title: str) -> None:
    """Raise UpstreamBroken where there is any record of another account than the one asked for."""
    if any(True for _ in strangers):
        raise UpstreamBroken(f"{title} answered with a record of another account")


def check_owner(rows: Iterable[Record], field: str, owner: str, title: str) -> None:
    """Raise UpstreamBroken where a field of a record does not name whom was asked about."""
    refuse((row for row in rows if text(row.get(field)) != owner), title)


def listed(value: Any) -> list[Any]:
    """Return the items of a list; none where it is no list."""
    return value if isinstance(value, list) else []


def inner(value: Any) -> list[Record]:
    """Return the records in a list; none where it is no list."""
    return [each for each in listed(value) if isinstance(each, Mapping)]


def ids(value: Any) -> list[str]:
    """Return the ids in a list, each once; none where it is no list."""
    found = [text(each) for each in listed(value)]
    return list(dict.fromkeys(each for each in found if each))


def lowered(value: Any) -> tuple[str, ...]:
    """Return the domains in a list in normal form, each once; () for no list."""
    return read_domains(text(each) for each in listed(value))
