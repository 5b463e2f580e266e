"""Find an account's company in Freshdesk, and who wrote a ticket there."""

from __future__ import annotations

from plugin.errors import UpstreamBroken
from plugin.frame import Requester
from plugin.sources.ticketing.answers import Record, listed, text, under
from plugin.sources.ticketing.directory import Directory
from plugin.upstream import Link, TicketKey
from plugin.vendors.freshdesk.api import (
    ID,
    TITLE,
    companies,
    companies_named,
    companies_with_domain,
    contacts,
    domains,
    one,
)


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


COMPANIES = Directory(
    title=TITLE,
    word="company",
    ids=ID,
    one=lambda link, key: one(link, "companies", key),
    ways={
        "external_id": _by_external_id,
        "domain": companies_with_domain,
        "contact_email": lambda link, value: _companies_of(link, contacts(link, "email", value)),
    },
    named=companies_named,
    of_person=lambda link, value: _companies_of(link, contacts(link, "unique_external_id", value)),
    domains=domains,
)


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
        more_emails=tuple(filter(None, map(text, listed(person.get("other_emails"))))),
    )


def whose(asked: TicketKey, link: Link) -> Requester | None:
    """Return who wrote a ticket, or who a contact is; None where Freshdesk has no such one."""
    if asked.ticket_id:
        ticket = one(link, "tickets", asked.ticket_id, "requester")
        return None if ticket is None else _writer(ticket, asked)
    person = one(link, "contacts", asked.customer_id or "")
    return None if person is None else _requester(person, person)
