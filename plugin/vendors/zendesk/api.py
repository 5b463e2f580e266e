"""Ask Zendesk: tickets of an organisation, users and organisations by what is known of them.

https://developer.zendesk.com/api-reference/ticketing/introduction/
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from plugin.errors import UpstreamNotFound
from plugin.sources.ticketing.answers import (
    Record,
    beside,
    check_owner,
    lowered,
    record,
    records,
    text,
)
from plugin.sources.ticketing.matching import quoted
from plugin.upstream import Link

TITLE = "Zendesk"
ID = re.compile(r"[0-9]{1,20}", re.ASCII)
PAGE = 100  # records of one page, the most that Zendesk gives
MAX_PAGES = 2  # of a search; its 11th page would be a 422
NEWEST = (("sort_by", "created_at"), ("sort_order", "desc"), ("per_page", str(PAGE)))


@dataclass(frozen=True, slots=True)
class TicketPages:
    """Tickets with the users and metrics that came along; `is_cut` where older ones are unread."""

    tickets: list[Record]
    users: dict[str, Record] = field(default_factory=dict)
    metrics: dict[str, Record] = field(default_factory=dict)
    is_cut: bool = False


def _metrics(body: Any) -> dict[str, Record]:
    """Return the metrics that came along, by the ticket they are of."""
    return {text(row.get("ticket_id")): row for row in beside(body, "metric_sets").values()}


def _page(body: Any, key: str, *, is_cut: bool = False) -> TicketPages:
    rows = records(body, key, TITLE)
    return TicketPages(rows, beside(body, "users"), _metrics(body), is_cut)


def joined(pages: Sequence[TicketPages]) -> TicketPages:
    """Return several pages as one; the first word on a ticket counts."""
    tickets: dict[str, Record] = {}
    users: dict[str, Record] = {}
    metrics: dict[str, Record] = {}
    for page in pages:
        tickets = {text(row["id"]): row for row in page.tickets} | tickets
        users, metrics = {**users, **page.users}, {**metrics, **page.metrics}
    return TicketPages(list(tickets.values()), users, metrics, any(page.is_cut for page in pages))


def _has_more(body: Any) -> bool:
    return isinstance(body, dict) and bool(body.get("next_page"))


def search_tickets(link: Link, query: str) -> TicketPages:
    """Return the tickets that a search finds, newest first: archived ones too.

    Its index lags by minutes, and pages may repeat a ticket:
    https://developer.zendesk.com/api-reference/ticketing/ticket-management/search/
    """
    asked = [("query", f"type:ticket {query}"), *NEWEST, ("include", "tickets(users,metric_sets)")]
    pages: list[TicketPages] = []
    has_more = True
    while has_more and len(pages) < MAX_PAGES:
        page = [("page", str(len(pages) + 1))] if pages else []
        body = link.client.get("/api/v2/search.json", [*asked, *page])
        has_more = _has_more(body)
        pages.append(_page(body, "results", is_cut=has_more and len(pages) + 1 == MAX_PAGES))
    return joined(pages)


def organization_tickets(link: Link, key: str) -> TicketPages:
    """Return the tickets of an organisation, newest first.

    The list has the newest, which the search's index may lack; the search has the archived ones
    (closed for 120 days), which the list leaves out. A ticket that moved to another organisation
    since the search read it is no longer ours.
    """
    asked = [*NEWEST, ("include", "users,metric_sets")]
    body = link.client.get(f"/api/v2/organizations/{key}/tickets.json", asked)
    newest = _page(body, "tickets")
    check_owner(newest.tickets, "organization_id", key, TITLE)
    found = search_tickets(link, f"organization:{key}")
    own = [row for row in found.tickets if text(row.get("organization_id")) == key]
    return joined([newest, TicketPages(own, found.users, found.metrics, found.is_cut)])


def tickets_of_people(link: Link, emails: Sequence[str]) -> TicketPages:
    """Return the tickets that some people asked for, newest first: by their main address."""
    query = " ".join(f"requester:{quoted(email)}" for email in emails)
    found = search_tickets(link, query)
    wanted = {email.lower() for email in emails}
    theirs = {key for key, user in found.users.items() if text(user.get("email")).lower() in wanted}
    own = [row for row in found.tickets if text(row.get("requester_id")) in theirs]
    return TicketPages(own, found.users, found.metrics, found.is_cut)


def organization(link: Link, key: str) -> Record | None:
    """Return an organisation by its id, None where Zendesk has none."""
    if not ID.fullmatch(key):
        return None
    try:
        body = link.client.get(f"/api/v2/organizations/{key}.json")
    except UpstreamNotFound:
        return None
    found = record(body, "organization", TITLE)
    check_owner([found], "id", key, TITLE)
    return found


def _search_organizations(link: Link, query: str) -> list[Record]:
    """Return what a search finds: agents may ask it, unlike /organizations/search."""
    asked = [("query", f"type:organization {query}"), ("per_page", str(PAGE))]
    return records(link.client.get("/api/v2/search.json", asked), "results", TITLE)


def organizations(link: Link, by: str, value: str) -> list[Record]:
    """Return the organisations whose `external_id` or `name` is exactly `value`."""
    rows = _search_organizations(link, f"{by}:{quoted(value)}")
    return [row for row in rows if text(row.get(by)).lower() == value.strip().lower()]


def organizations_with_domain(link: Link, domain: str) -> list[Record]:
    """Return the organisations that list a domain among their own."""
    rows = _search_organizations(link, quoted(domain))
    return [row for row in rows if domain.lower() in domains(row)]


def domains(row: Record) -> tuple[str, ...]:
    """Return the domains that Zendesk counts as an organisation's own."""
    return lowered(row.get("domain_names"))


def users(link: Link, by: str, value: str) -> list[Record]:
    """Return the users whose `email` or `external_id` is exactly `value`."""
    asked = [(by, value)] if by == "external_id" else [("query", f"email:{quoted(value)}")]
    rows = records(link.client.get("/api/v2/users/search.json", asked), "users", TITLE)
    return [row for row in rows if text(row.get(by)).lower() == value.strip().lower()]
