"""Find an account's company in Intercom, and who writes in a conversation there."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from plugin.errors import UpstreamBroken, UpstreamNotFound
from plugin.frame import Requester
from plugin.ticketing.answers import Record, text, under
from plugin.ticketing.intercom_api import (
    ID,
    TITLE,
    companies_of,
    company_by,
    contact_ids,
    contacts,
    one,
)
from plugin.ticketing.matching import agrees, domains_of, only_key, reference, remembered
from plugin.upstream import AccountRef, Identity, Link, TicketKey

COMPANIES_MOST = 5  # that are offered where people belong to several


def domains(row: Record) -> tuple[str, ...]:
    """Return the domain of a company's website."""
    said = text(row.get("website")).lower()
    try:
        host = urlsplit(said if "//" in said else f"//{said}").hostname or ""
    except ValueError:
        return ()
    host = host.removeprefix("www.").rstrip(".")
    return (host,) if "." in host else ()


def _companies_of(link: Link, people: list[Record]) -> list[Record]:
    """Return the companies of some people: each of them, where they belong to several."""
    keys = dict.fromkeys(key for person in people for key in companies_of(person)[0])
    found = (one(link, "companies", key) for key in list(keys)[:COMPANIES_MOST])
    return [row for row in found if row is not None]


def _rows(link: Link, by: str, value: str) -> list[Record]:
    if by == "organization":
        found = one(link, "companies", value)
        return [] if found is None else [found]
    if by == "external_id":
        named = company_by(link, "company_id", value)
        return named or _companies_of(link, contacts(link, "external_id", value))
    if by == "contact_email" and "@" in value:
        return _companies_of(link, contacts(link, "email", value))
    return _companies_of(link, contacts(link, "email_domain", value)) if by == "domain" else []


def find(identity: Identity, link: Link) -> tuple[AccountRef, ...]:
    """Return the companies that Intercom knows under an identity."""
    value = identity.value.strip()
    rows = _rows(link, identity.by, value) if value else []
    return tuple(reference(link, row, domains(row)) for row in rows)


def _candidates(ref: AccountRef, link: Link) -> Iterator[list[Record]]:
    """Yield what each way to know the account by finds, the surest first."""
    if ref.id:
        yield company_by(link, "company_id", ref.id)
    for email in ref.emails[:1]:
        yield _rows(link, "contact_email", email)
    for domain in domains_of(ref):
        yield _rows(link, "domain", domain)
    if ref.name:
        yield [row for row in company_by(link, "name", ref.name) if agrees(ref, domains(row))]


def company_id(ref: AccountRef, link: Link) -> str | None:
    """Return the account's company: as known for this connection, else the only one found."""
    known = ref.external_ids.get(link.name, "")
    if known and not ID.fullmatch(known):
        raise UpstreamNotFound("Intercom has no company of this id")
    return known or remembered(link, ref, lambda: only_key(_candidates(ref, link)))


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
