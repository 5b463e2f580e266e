"""Ask HubSpot's CRM: one record, batches of 100, searches; everything in it is a text or null.

https://developers.hubspot.com/docs/api-reference/crm-objects
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from plugin.errors import UpstreamBroken, UpstreamNotFound
from plugin.sources.crm import text
from plugin.upstream import Link

BATCH = 100  # records of one batch read
MAX_PAGES = 5  # of associations
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Read:
    """Records that were read; `is_partial` when some of them could not be, or were left out."""

    records: tuple[Record, ...] = ()
    is_partial: bool = False


def path(link: Link, *parts: str) -> str:
    """Return the dated path of an object type or one of its records."""
    own = "/".join(quote(part, safe="") for part in parts)
    return f"/crm/objects/{link.options['version']}/{own}"


def record_of(body: Any) -> Record:
    """Return a record that has an id and properties; UpstreamBroken for anything else."""
    if not isinstance(body, Mapping) or not text(body.get("id")):
        raise UpstreamBroken("HubSpot answered with something that is no record")
    if not isinstance(body.get("properties"), Mapping):
        raise UpstreamBroken("HubSpot answered with a record that has no properties")
    return body


def listed(body: Any) -> list[Record]:
    """Return the records of a list."""
    rows = body.get("results") if isinstance(body, Mapping) else None
    if not isinstance(rows, list):
        raise UpstreamBroken("HubSpot answered with something that is no list")
    return [record_of(row) for row in rows]


def properties(record: Record) -> dict[str, Any]:
    """Return the properties of a record, its id among them."""
    return {**record["properties"], "hs_object_id": text(record["id"])}


def one(
    link: Link, kind: str, key: str, wanted: Sequence[str], more: Mapping[str, str]
) -> Record | None:
    """Return one record, None where HubSpot has none."""
    params = [("properties", ",".join(wanted)), *more.items()]
    try:
        return record_of(link.client.get(path(link, kind, key), params))
    except UpstreamNotFound:
        return None


def search(
    link: Link, kind: str, groups: Sequence[tuple[str, str, str]], wanted: Sequence[str]
) -> list[Record]:
    """Return the records for which one of (property, operator, value) holds.

    HubSpot's schema requires every key of the body. Its index lags by minutes.
    """
    filters = [
        {"filters": [{"propertyName": name, "operator": operator, "value": value}]}
        for name, operator, value in groups
    ]
    body = {
        "filterGroups": filters,
        "properties": list(wanted),
        "sorts": [],
        "limit": BATCH,
        "after": "0",
    }
    return listed(link.client.post(path(link, kind, "search"), body))


def batch(link: Link, kind: str, ids: Sequence[str], wanted: Sequence[str]) -> Read:
    """Return the records of up to BATCH ids; what could not be read leaves it partial.

    HubSpot answers 207 with `errors` in the body where some of the ids fail.
    """
    if not ids:
        return Read()
    asked = ids[:BATCH]
    body = {"inputs": [{"id": each} for each in asked], "properties": list(wanted)}
    answer = link.client.post(path(link, kind, "batch", "read"), body)
    rows = listed(answer)
    if {text(row["id"]) for row in rows} - set(asked):
        raise UpstreamBroken("HubSpot answered with records that were not asked for")
    failed = bool(answer.get("errors") or answer.get("numErrors"))
    return Read(tuple(rows), failed or len(rows) < len(ids))


def _page(body: Any) -> tuple[list[Record], str | None]:
    rows = body.get("results") if isinstance(body, Mapping) else None
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise UpstreamBroken("HubSpot answered with associations that are no list")
    paging = body.get("paging")
    following = paging.get("next") if isinstance(paging, Mapping) else None
    onwards = following.get("link") if isinstance(following, Mapping) else None
    return rows, onwards if isinstance(onwards, str) and onwards else None


def associated(link: Link, record: Record, kind: str) -> tuple[list[Record], bool]:
    """Return the associations of a record with `kind`, and whether some were left unread."""
    groups = record.get("associations")
    group = groups.get(kind) if isinstance(groups, Mapping) else None
    if group is None:
        return [], False
    rows, following = _page(group)
    for _ in range(MAX_PAGES):
        if following is None:
            return rows, False
        more, following = _page(link.client.get(following))
        rows = [*rows, *more]
    return rows, following is not None


def ids_of(rows: Sequence[Record]) -> list[str]:
    """Return the ids that associations lead to, each once: one has an entry for each label."""
    found = [text(row.get("id") or row.get("toObjectId")) for row in rows]
    return list(dict.fromkeys(each for each in found if each))
