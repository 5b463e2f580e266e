"""Ask Freshdesk: tickets of a company, companies, contacts, ratings.

https://developers.freshdesk.com/api/
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from plugin.errors import UpstreamBroken, UpstreamNotFound
from plugin.sources.ticketing.answers import (
    Record,
    check_owner,
    listed,
    lowered,
    record_of,
    records,
    text,
)
from plugin.upstream import Link

TITLE = "Freshdesk"
ID = re.compile(r"[0-9]{1,20}", re.ASCII)
PLAIN = re.compile(r"[\w.@+ -]{1,200}")  # what may stand between the quotes of a search
PAGE = 100  # records of one page, the most that Freshdesk gives
MAX_PAGES = 2
EVER = "2010-01-01T00:00:00Z"  # without a time only what changed in 30 days is listed
EMBEDDED = "stats,requester,description"


def tickets(link: Link, by: str, value: str) -> tuple[list[Record], bool]:
    """Return the tickets of a `company_id` or `requester_id`, newest first, and if some are left.

    Paging ends with a page that is not full: https://developers.freshdesk.com/api/#pagination.
    An id that does not exist is a 400 there.
    """
    asked = [
        (by, value),
        ("updated_since", EVER),
        ("include", EMBEDDED),
        ("order_by", "created_at"),
        ("order_type", "desc"),
        ("per_page", str(PAGE)),
    ]
    found: list[Record] = []
    for number in range(1, MAX_PAGES + 1):
        body = _found(link, "/api/v2/tickets", [*asked, ("page", str(number))])
        if body is None:
            raise UpstreamNotFound("Freshdesk has no tickets of such an id")
        page = records(body, "", TITLE)
        check_owner(page, by, value, TITLE)
        found += page
        if len(page) < PAGE:
            return found, False
    return found, True


def one(link: Link, kind: str, key: str, embedded: str = "") -> Record | None:
    """Return a ticket, company or contact by its id, None where Freshdesk has none."""
    if not ID.fullmatch(key):
        return None
    try:
        body = link.client.get(f"/api/v2/{kind}/{key}", [("include", embedded)] if embedded else [])
    except UpstreamNotFound:
        return None
    row = record_of(body, TITLE)
    check_owner([row], "id", key, TITLE)
    return row


def _found(link: Link, path: str, params: Sequence[tuple[str, str]]) -> Any:
    """Return an answer, None where Freshdesk says that it cannot search by that field or value."""
    try:
        return link.client.get(path, params)
    except UpstreamBroken as error:
        if error.status == HTTPStatus.BAD_REQUEST:
            return None
        raise


def companies(link: Link, field: str, value: str) -> list[Record]:
    """Return the companies that a search by one field finds.

    A value that could end the quoted text of the search finds none.
    """
    if not PLAIN.fullmatch(value):
        return []
    body = _found(link, "/api/v2/search/companies", [("query", f"\"{field}:'{value}'\"")])
    return [] if body is None else records(body, "results", TITLE)


def companies_with_domain(link: Link, domain: str) -> list[Record]:
    """Return the companies that list a domain among their own."""
    return [row for row in companies(link, "domain", domain) if domain.lower() in domains(row)]


def companies_named(link: Link, name: str) -> list[Record]:
    """Return the companies of exactly this name, with their domains."""
    body = link.client.get("/api/v2/companies/autocomplete", [("name", name)])
    rows = records(body, "companies", TITLE)
    same = [row for row in rows if text(row.get("name")).lower() == name.strip().lower()]
    found = (one(link, "companies", text(row["id"])) for row in same[:2])
    return [row for row in found if row is not None]


def domains(row: Record) -> tuple[str, ...]:
    """Return the domains that Freshdesk counts as a company's own."""
    return lowered(row.get("domains"))


def _addresses(row: Record) -> set[str]:
    return {text(each).lower() for each in (row.get("email"), *listed(row.get("other_emails")))}


def contacts(link: Link, by: str, value: str) -> list[Record]:
    """Return the contacts whose `email` or `unique_external_id` is exactly `value`."""
    body = _found(link, "/api/v2/contacts", [(by, value)])
    rows = [] if body is None else records(body, "", TITLE)
    if by == "email":
        return [row for row in rows if value.lower() in _addresses(row)]
    return [row for row in rows if text(row.get(by)) == value]


def ratings(link: Link, user: str, since: datetime) -> tuple[list[Record], bool]:
    """Return the ratings that a contact gave, and whether some are left unread."""
    asked = [
        ("user_id", user),
        ("created_since", since.strftime("%Y-%m-%dT%H:%M:%SZ")),
        ("per_page", str(PAGE)),
    ]
    rows = records(link.client.get("/api/v2/surveys/satisfaction_ratings", asked), "", TITLE)
    check_owner(rows, "user_id", user, TITLE)
    return rows, len(rows) >= PAGE
