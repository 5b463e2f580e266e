"""Ask Intercom: companies and their people, their conversations and tickets.

https://developers.intercom.com/docs/references/rest-api/api.intercom.io
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from plugin.errors import UpstreamNotFound
from plugin.sources.ticketing.answers import (
    Record,
    check_owner,
    inner,
    record_of,
    records,
    refuse,
    text,
    under,
)
from plugin.upstream import Link

TITLE = "Intercom"
ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
PAGE = 150  # conversations or tickets of one page, the most that Intercom gives
MAX_PAGES = 2
PEOPLE_PAGE = 50
PEOPLE_PAGES = 3
GROUP = 15  # filters of one group, the most that Intercom takes, as are two levels of groups
NEWEST = {"field": "created_at", "order": "descending"}


def one(link: Link, kind: str, key: str) -> Record | None:
    """Return a company, contact, conversation or ticket by its id, None where there is none."""
    if not ID.fullmatch(key):
        return None
    try:
        row = record_of(link.client.get(f"/{kind}/{key}"), TITLE)
    except UpstreamNotFound:
        return None
    check_owner([row], "id", key, TITLE)
    return row


def company_by(link: Link, field: str, value: str) -> list[Record]:
    """Return the company whose `company_id` (the id that you gave it) or `name` is `value`."""
    try:
        row = record_of(link.client.get("/companies", [(field, value)]), TITLE)
    except UpstreamNotFound:
        return []
    return [row] if text(row.get(field)).lower() == value.lower() else []


def contacts(link: Link, field: str, value: str) -> list[Record]:
    """Return the contacts for which a field is exactly `value`: the first 50."""
    query = {"field": field, "operator": "=", "value": value}
    body = {"query": query, "pagination": {"per_page": PEOPLE_PAGE}}
    rows = records(link.client.post("/contacts/search", body), "data", TITLE)
    if field == "email_domain":
        ending = f"@{value.lower()}"
        return [row for row in rows if text(row.get("email")).lower().endswith(ending)]
    return [row for row in rows if text(row.get(field)).lower() == value.lower()]


def companies_of(contact: Record) -> tuple[list[str], bool]:
    """Return the ids of a contact's companies, and whether more than these are known."""
    group = under(contact, "companies")
    keys = [text(row.get("id")) for row in inner(group.get("data"))]
    return [key for key in keys if key], group.get("has_more") is True


def people(link: Link, company: str) -> tuple[list[Record], bool]:
    """Return the contacts of a company, and whether some are left unread."""
    found: list[Record] = []
    for number in range(1, PEOPLE_PAGES + 1):
        asked = [("page", str(number)), ("per_page", str(PEOPLE_PAGE))]
        body = link.client.get(f"/companies/{company}/contacts", asked)
        rows = records(body, "data", TITLE)
        refuse((row for row in rows if not _belongs(row, company)), TITLE)
        found += rows
        if not rows or not under(body, "pages").get("next"):
            return found, False
    return found, True


def _belongs(contact: Record, company: str) -> bool:
    keys, has_more = companies_of(contact)
    return not keys or has_more or company in keys


def _by_people(keys: Sequence[str]) -> dict[str, Any]:
    """Return the query for whatever any of some contacts takes part in: within two levels."""
    same = [{"field": "contact_ids", "operator": "=", "value": key} for key in keys]
    groups = [same[start : start + GROUP] for start in range(0, len(same), GROUP)]
    nested = [{"operator": "OR", "value": group} for group in groups]
    return nested[0] if len(nested) == 1 else {"operator": "OR", "value": nested}


def taken_part(link: Link, kind: str, keys: Sequence[str]) -> tuple[list[Record], bool]:
    """Return the `conversations` or `tickets` of some contacts, newest first, and if some are left.

    Raises UpstreamBroken for one in which none of them takes part.
    """
    found: list[Record] = []
    paging: dict[str, Any] = {"per_page": PAGE}
    for _ in range(MAX_PAGES if keys else 0):
        asked = {"query": _by_people(keys), "pagination": paging, "sort": NEWEST}
        body = link.client.post(f"/{kind}/search", asked)
        rows = records(body, kind, TITLE)
        refuse((row for row in rows if not set(contact_ids(row)) & set(keys)), TITLE)
        found += rows
        cursor = text(under(under(body, "pages"), "next").get("starting_after"))
        if not cursor:
            return found, False
        paging = {"per_page": PAGE, "starting_after": cursor}
    return found, bool(keys)


def contact_ids(row: Record) -> list[str]:
    """Return the ids of the contacts in a conversation or ticket."""
    keys = (text(each.get("id")) for each in inner(under(row, "contacts").get("contacts")))
    return [key for key in keys if key]
