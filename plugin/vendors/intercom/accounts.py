"""Find an account's company in Intercom, and who writes in a conversation there."""

from __future__ import annotations

from plugin.account.domains import read_domains
from plugin.errors import UpstreamBroken
from plugin.frame import Requester
from plugin.sources.ticketing.answers import Record, text, under
from plugin.sources.ticketing.directory import Directory
from plugin.upstream import Link, TicketKey
from plugin.vendors.intercom.api import (
    ID,
    TITLE,
    companies_of,
    company_by,
    contact_ids,
    contacts,
    one,
)

COMPANIES_MOST = 5  # that are offered where people belong to several


def domains(row: Record) -> tuple[str, ...]:
    """Return the domain of a company's website."""
    return read_domains([text(row.get("website"))])


def _companies_of(link: Link, people: list[Record]) -> list[Record]:
    """Return the companies of some people: each of them, where they belong to several."""
    keys = dict.fromkeys(key for person in people for key in companies_of(person)[0])
    found = (one(link, "companies", key) for key in list(keys)[:COMPANIES_MOST])
    return [row for row in found if row is not None]


COMPANIES = Directory(
    title=TITLE,
    word="company",
    ids=ID,
    one=lambda link, key: one(link, "companies", key),
    ways={
        "external_id": lambda link, value: company_by(link, "company_id", value),
        "contact_email": lambda link, value: _companies_of(link, contacts(link, "email", value)),
        "domain": lambda link, value: _companies_of(link, contacts(link, "email_domain", value)),
    },
    named=lambda link, name: company_by(link, "name", name),
    of_person=lambda link, value: _companies_of(link, contacts(link, "external_id", value)),
    domains=domains,
)


def _writer(row: Record, asked: TicketKey) -> str:
    """Return the id of who writes: the author, or the only contact; "" where it is not told."""
    keys = contact_ids(row)
    author = text(under(under(row, "source"), "author").get("id"))
    if asked.customer_id:
        if asked.customer_id not in keys:
            raise UpstreamBroken(f"{TITLE} has other people in this conversation")
        return asked.customer_id
    if author in keys:
        return author
    return keys[0] if len(keys) == 1 else ""


def _requester(person: Record) -> Requester:
    keys, has_more = companies_of(person)
    return Requester(
        email=text(person.get("email")) or None,
        name=text(person.get("name")) or None,
        external_id=text(person.get("external_id")) or None,
        # One of several companies would be a guess: the e-mail decides then.
        organization_id=keys[0] if len(keys) == 1 and not has_more else None,
    )


def whose(asked: TicketKey, link: Link) -> Requester | None:
    """Return who writes in a conversation or ticket, or who a contact is; None if unknown."""
    key = asked.customer_id or ""
    if asked.ticket_id:
        kinds = ("conversations", "tickets")
        found = (one(link, kind, asked.ticket_id) for kind in kinds)
        row = next((each for each in found if each is not None), None)
        key = "" if row is None else _writer(row, asked)
    person = one(link, "contacts", key)
    return None if person is None else _requester(person)
