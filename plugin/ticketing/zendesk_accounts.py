"""Find an account's organisation in Zendesk, and who wrote a ticket there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plugin.errors import UpstreamBroken, UpstreamNotFound
from plugin.frame import Requester
from plugin.ticketing.answers import Record, beside, check_owner, record, text, under
from plugin.ticketing.matching import agrees, domains_of, only_key, reference, remembered
from plugin.ticketing.zendesk_api import (
    ID,
    TITLE,
    domains,
    organization,
    organizations,
    organizations_with_domain,
    users,
)
from plugin.upstream import AccountRef, Identity, Link, TicketKey


def _organizations_of(link: Link, people: list[Record]) -> list[Record]:
    """Return the default organisation of each user; a person without one has no account here."""
    keys = dict.fromkeys(text(user.get("organization_id")) for user in people)
    return [found for key in keys if key and (found := organization(link, key)) is not None]


def _rows(link: Link, by: str, value: str) -> list[Record]:
    if by == "organization":
        found = organization(link, value)
        return [] if found is None else [found]
    if by == "external_id":
        named = organizations(link, "external_id", value)
        return named or _organizations_of(link, users(link, "external_id", value))
    if by == "contact_email" and "@" in value:
        return _organizations_of(link, users(link, "email", value))
    return organizations_with_domain(link, value) if by == "domain" else []


def find(identity: Identity, link: Link) -> tuple[AccountRef, ...]:
    """Return the organisations that Zendesk knows under an identity."""
    value = identity.value.strip()
    rows = _rows(link, identity.by, value) if value else []
    return tuple(reference(link, row, domains(row)) for row in rows)


def _candidates(ref: AccountRef, link: Link) -> Iterator[list[Record]]:
    """Yield what each way to know the account by finds, the surest first."""
    if ref.id:
        yield organizations(link, "external_id", ref.id)
    for domain in domains_of(ref):
        yield organizations_with_domain(link, domain)
    for email in ref.emails[:1]:
        yield _rows(link, "contact_email", email)
    if ref.name:
        yield [row for row in organizations(link, "name", ref.name) if agrees(ref, domains(row))]


def organization_id(ref: AccountRef, link: Link) -> str | None:
    """Return the account's organisation: as known for this connection, else the only one found."""
    known = ref.external_ids.get(link.name, "")
    if known and not ID.fullmatch(known):
        raise UpstreamNotFound("Zendesk has no organization of this id")
    return known or remembered(link, ref, lambda: only_key(_candidates(ref, link)))


def _one(link: Link, kind: str, key: str) -> Any:
    """Return the answer about a ticket or a user by its id, None where Zendesk has none."""
    if not ID.fullmatch(key):
        return None
    more = [("include", "users")] if kind == "ticket" else []
    try:
        body = link.client.get(f"/api/v2/{kind}s/{key}.json", more)
    except UpstreamNotFound:
        return None
    check_owner([record(body, kind, TITLE)], "id", key, TITLE)
    return body


def _requester(user: Record, organization_: str | None) -> Requester:
    return Requester(
        email=text(user.get("email")) or None,
        name=text(user.get("name")) or None,
        external_id=text(user.get("external_id")) or None,
        organization_id=organization_ or text(user.get("organization_id")) or None,
    )


def whose(asked: TicketKey, link: Link) -> Requester | None:
    """Return who wrote a ticket, or who a customer is; None where Zendesk has no such one."""
    key, people, organization_ = asked.customer_id or "", {}, None
    if asked.ticket_id:
        body = _one(link, "ticket", asked.ticket_id)
        if body is None:
            return None
        ticket, people = body["ticket"], beside(body, "users")
        key, organization_ = text(ticket.get("requester_id")), text(ticket.get("organization_id"))
        if asked.customer_id and asked.customer_id != key:
            raise UpstreamBroken("Zendesk has another requester on this ticket")
    user = people.get(key) or under(_one(link, "user", key), "user")
    return _requester(user, organization_) if user else None
