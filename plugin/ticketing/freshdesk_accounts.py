"""Find an account's company in Freshdesk, and who wrote a ticket there."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.errors import UpstreamBroken, UpstreamNotFound
from plugin.frame import Requester
from plugin.ticketing.answers import Record, text, under
from plugin.ticketing.freshdesk_api import (
    ID,
    companies,
    companies_named,
    companies_with_domain,
    contacts,
    domains,
    one,
)
from plugin.ticketing.matching import agrees, domains_of, only_key, reference, remembered
from plugin.upstream import AccountRef, Identity, Link, TicketKey


def _field(row: Record, name: str) -> str:
    return text(under(row, "custom_fields").get(name))


def _by_external_id(link: Link, value: str) -> list[Record]:
    """Return the companies whose custom field, as settings name it, is exactly `value`."""
    name = link.options.get("external_id")
    rows = companies(link, name, value) if name else []
    return [row for row in rows if name and _field(row, name).lower() == value.lower()]


def _companies_of(link: Link, people: list[Record]) -> list[Record]:
    keys = dict.fromkeys(text(person.get("company_id")) for person in people)
    found = (one(link, "companies", key) for key in keys if key)
    return [row for row in found if row is not None]


def _rows(link: Link, by: str, value: str) -> list[Record]:
    if by == "organization":
        found = one(link, "companies", value)
        return [] if found is None else [found]
    if by == "external_id":
        named = _by_external_id(link, value)
        return named or _companies_of(link, contacts(link, "unique_external_id", value))
    if by == "contact_email" and "@" in value:
        return _companies_of(link, contacts(link, "email", value))
    return companies_with_domain(link, value) if by == "domain" else []


def find(identity: Identity, link: Link) -> tuple[AccountRef, ...]:
    """Return the companies that Freshdesk knows under an identity."""
    value = identity.value.strip()
    rows = _rows(link, identity.by, value) if value else []
    return tuple(reference(link, row, domains(row)) for row in rows)


def _candidates(ref: AccountRef, link: Link) -> Iterator[list[Record]]:
    """Yield what each way to know the account by finds, the surest first."""
    if ref.id:
        yield _by_external_id(link, ref.id)
    for domain in domains_of(ref):
        yield companies_with_domain(link, domain)
    for email in ref.emails[:1]:
        yield _rows(link, "contact_email", email)
    if ref.name:
        yield [row for row in companies_named(link, ref.name) if agrees(ref, domains(row))]


def company_id(ref: AccountRef, link: Link) -> str | None:
    """Return the account's company: as known for this connection, else the only one found."""
    known = ref.external_ids.get(link.name, "")
    if known and not ID.fullmatch(known):
        raise UpstreamNotFound("Freshdesk has no company of this id")
    return known or remembered(link, ref, lambda: only_key(_candidates(ref, link)))


def _writer(ticket: Record, asked: TicketKey) -> Requester:
    if asked.customer_id and asked.customer_id != text(ticket.get("requester_id")):
        raise UpstreamBroken("Freshdesk has another requester on this ticket")
    return _requester(under(ticket, "requester"), ticket)


def _requester(person: Record, belongs: Record) -> Requester:
    return Requester(
        email=text(person.get("email")) or None,
        name=text(person.get("name")) or None,
        external_id=text(person.get("unique_external_id")) or None,
        organization_id=text(belongs.get("company_id")) or None,
    )


def whose(asked: TicketKey, link: Link) -> Requester | None:
    """Return who wrote a ticket, or who a contact is; None where Freshdesk has no such one."""
    if asked.ticket_id:
        ticket = one(link, "tickets", asked.ticket_id, "requester")
        return None if ticket is None else _writer(ticket, asked)
    person = one(link, "contacts", asked.customer_id or "")
    return None if person is None else _requester(person, person)
