"""Ask Help Scout: organizations, their people and conversations.

https://developer.helpscout.com/mailbox-api/
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from plugin.errors import UpstreamNotFound
from plugin.proofs.bearer import bearer
from plugin.sources.ticketing.answers import (
    Record,
    check_owner,
    inner,
    lowered,
    record_of,
    records,
    text,
    under,
)
from plugin.sources.ticketing.matching import quoted
from plugin.sources.ticketing.people import domain_of
from plugin.upstream import Link

TITLE = "Help Scout"
ID = re.compile(r"[0-9]{1,20}", re.ASCII)
PAGES = 4  # of conversations, 25 on each: Help Scout takes no size
PEOPLE_PAGES = 2  # of customers, 50 on each
Params = Sequence[tuple[str, str]]


def authorise(link: Link) -> Mapping[str, str]:
    """Return the header with a new token, which lives for two days.

    https://developer.helpscout.com/mailbox-api/overview/authentication/
    """
    form = {
        "grant_type": "client_credentials",
        "client_id": link.options["app_id"],
        "client_secret": link.options["app_secret"],
    }
    return bearer(link, "/v2/oauth2/token", form, TITLE)


def one(link: Link, kind: str, key: str) -> Record | None:
    """Return an organization, customer or conversation by its id, None where there is none."""
    if not ID.fullmatch(key):
        return None
    try:
        row = record_of(link.client.get(f"/v2/{kind}/{key}"), TITLE)
    except UpstreamNotFound:
        return None
    check_owner([row], "id", key, TITLE)
    return row


def _page(body: Any, holds: str) -> tuple[list[Record], bool]:
    """Return the records of a page, and whether another one follows.

    A page that holds nothing lacks the list; only its own count tells it from a broken answer.
    """
    page, inside = under(body, "page"), under(body, "_embedded")
    count, number, last = (page.get(key) for key in ("totalElements", "number", "totalPages"))
    rows = [] if count == 0 and holds not in inside else records(inside, holds, TITLE)
    follows = isinstance(number, int) and isinstance(last, int) and number < last
    return rows, follows or bool(under(under(body, "_links"), "next"))


def _pages(
    link: Link, path: str, asked: Params, holds: str, most: int
) -> tuple[list[Record], bool]:
    """Return the records of the first pages, and whether some are left unread."""
    found: list[Record] = []
    for number in range(1, most + 1):
        body = link.client.get(path, [*asked, ("page", str(number))])
        rows, follows = _page(body, holds)
        found += rows
        if not follows or not rows:
            return found, False
    return found, True


def conversations(link: Link, organization: str) -> tuple[list[Record], bool]:
    """Return the conversations of an organization, and whether some are left unread."""
    path = f"/v2/organizations/{organization}/conversations"
    return _pages(link, path, [], "conversations", PAGES)


def conversations_of(link: Link, emails: Sequence[str]) -> tuple[list[Record], bool]:
    """Return the conversations of some people, newest first, and whether some are left unread.

    The search also finds longer addresses that contain one of these: they are left out.
    """
    query = " OR ".join(f"email:{quoted(email)}" for email in emails)
    newest = [("sortField", "createdAt"), ("sortOrder", "desc")]
    asked = [("status", "all"), ("query", f"({query})"), *newest]
    rows, is_cut = _pages(link, "/v2/conversations", asked, "conversations", PAGES)
    wanted = {email.lower() for email in emails}
    return [row for row in rows if writer_email(row).lower() in wanted], is_cut


def people(link: Link, organization: str) -> tuple[list[Record], bool]:
    """Return the customers of an organization, and whether some are left unread."""
    path = f"/v2/organizations/{organization}/customers"
    return _pages(link, path, [], "customers", PEOPLE_PAGES)


def _search(link: Link, query: str) -> list[Record]:
    rows, _ = _pages(link, "/v2/customers", [("query", f"({query})")], "customers", 1)
    return rows


def customers_with_email(link: Link, email: str) -> list[Record]:
    """Return the customers one of whose addresses is exactly `email`."""
    rows = _search(link, f"email:{quoted(email)}")
    return [row for row in rows if email.lower() in addresses(row)]


def customers_with_domain(link: Link, domain: str) -> list[Record]:
    """Return customers who have an address of a domain: the first 50."""
    phrase = quoted(domain)
    rows = _search(link, f"emailDomain:{phrase} OR email:{phrase}")
    own = domain.lower()
    return [row for row in rows if own in {domain_of(each) for each in addresses(row)}]


def addresses(customer: Record) -> list[str]:
    """Return the addresses of a customer in lower case, the first one first."""
    rows = inner(under(customer, "_embedded").get("emails"))
    found = (text(row.get("value")).lower() for row in rows)
    return [email for email in found if email]


def domains(organization: Record) -> tuple[str, ...]:
    """Return the domains by which Help Scout counts people to an organization."""
    return lowered(organization.get("domains"))


def writer_email(conversation: Record) -> str:
    """Return the address from which the customer of a conversation writes, "" if not told."""
    return text(under(conversation, "primaryCustomer").get("email"))


def writer_id(conversation: Record) -> str:
    """Return the id of the customer of a conversation, "" where it is not told."""
    return text(under(conversation, "primaryCustomer").get("id"))
