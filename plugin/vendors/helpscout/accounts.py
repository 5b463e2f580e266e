"""Find an account's organization in Help Scout, and who writes in a conversation there."""

from __future__ import annotations

from collections.abc import Sequence

from plugin.errors import UpstreamBroken
from plugin.frame import Requester
from plugin.sources.ticketing.answers import Record, text
from plugin.sources.ticketing.directory import Directory
from plugin.upstream import Link, TicketKey
from plugin.vendors.helpscout.api import (
    ID,
    TITLE,
    addresses,
    customers_with_domain,
    customers_with_email,
    domains,
    one,
    writer_email,
    writer_id,
)

ORGANIZATIONS_MOST = 5  # that are looked at where people belong to several


def _organizations_of(link: Link, people: Sequence[Record]) -> list[Record]:
    keys = dict.fromkeys(text(person.get("organizationId")) for person in people)
    named = [key for key in keys if key][:ORGANIZATIONS_MOST]
    found = (one(link, "organizations", key) for key in named)
    return [row for row in found if row is not None]


def _with_domain(link: Link, domain: str) -> list[Record]:
    """Return the organizations that list a domain: Help Scout knows them by their people only."""
    rows = _organizations_of(link, customers_with_domain(link, domain))
    return [row for row in rows if domain.lower() in domains(row)]


# It knows no external id of an organization.
ORGANIZATIONS = Directory(
    title=TITLE,
    word="organization",
    ids=ID,
    one=lambda link, key: one(link, "organizations", key),
    ways={
        "domain": _with_domain,
        "contact_email": lambda link, email: _organizations_of(
            link, customers_with_email(link, email)
        ),
    },
    domains=domains,
)


def _requester(person: Record, email: str) -> Requester:
    names = (text(person.get(key)) for key in ("firstName", "lastName"))
    known = addresses(person)
    first = email or next(iter(known), None)
    return Requester(
        email=first,
        name=" ".join(name for name in names if name) or None,
        organization_id=text(person.get("organizationId")) or None,
        more_emails=tuple(each for each in known if each != first),
    )


def whose(asked: TicketKey, link: Link) -> Requester | None:
    """Return who writes in a conversation, or who a customer is; None if Help Scout has none.

    The launch names both by id; a conversation of another customer is refused.
    """
    key, email = asked.customer_id or "", ""
    if asked.ticket_id:
        row = one(link, "conversations", asked.ticket_id)
        if row is None:
            return None
        if asked.customer_id and asked.customer_id != writer_id(row):
            raise UpstreamBroken(f"{TITLE} has another customer in this conversation")
        key, email = writer_id(row), writer_email(row)
    person = one(link, "customers", key)
    return None if person is None else _requester(person, email)
