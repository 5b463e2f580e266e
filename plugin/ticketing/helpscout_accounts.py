"""Find an account's organization in Help Scout, and who writes in a conversation there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plugin.errors import UpstreamBroken, UpstreamNotFound
from plugin.frame import Requester
from plugin.ticketing.answers import Record, text
from plugin.ticketing.helpscout_api import (
    TITLE,
    addresses,
    customers_with_domain,
    customers_with_email,
    domains,
    one,
    writer_email,
    writer_id,
)
from plugin.ticketing.matching import domains_of, only_key, reference, remembered
from plugin.upstream import AccountRef, Identity, Link, TicketKey

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


def _rows(link: Link, by: str, value: str) -> list[Record]:
    if by == "organization":
        found = one(link, "organizations", value)
        return [] if found is None else [found]
    if by == "contact_email" and "@" in value:
        return _organizations_of(link, customers_with_email(link, value))
    return _with_domain(link, value) if by == "domain" else []


def find(identity: Identity, link: Link) -> tuple[AccountRef, ...]:
    """Return the organizations that Help Scout knows under an identity: none by external id."""
    value = identity.value.strip()
    rows = _rows(link, identity.by, value) if value else []
    return tuple(reference(link, row, domains(row)) for row in rows)


def _candidates(ref: AccountRef, link: Link) -> Iterator[list[Record]]:
    """Yield what each way to know the account by finds, the surest first."""
    for domain in domains_of(ref):
        yield _with_domain(link, domain)
    for email in ref.emails[:1]:
        yield _rows(link, "contact_email", email)


def organization(ref: AccountRef, link: Link) -> Record | None:
    """Return the account's organization: as known for this connection, else the only one found."""
    known = ref.external_ids.get(link.name, "")
    key = known or remembered(link, ref, lambda: only_key(_candidates(ref, link)))
    if key is None:
        return None
    row = one(link, "organizations", key)
    if row is None:
        raise UpstreamNotFound("Help Scout has no organization of this id")
    return row


def _requester(person: Record, email: str) -> Requester:
    names = (text(person.get(key)) for key in ("firstName", "lastName"))
    return Requester(
        email=email or next(iter(addresses(person)), None),
        name=" ".join(name for name in names if name) or None,
        organization_id=text(person.get("organizationId")) or None,
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
