"""Find an account's organisation in Zendesk, and who wrote a ticket there."""

from __future__ import annotations

from typing import Any

from plugin.errors import UpstreamBroken, UpstreamNotFound
from plugin.frame import Requester
from plugin.sources.ticketing.answers import Record, beside, check_owner, record, text, under
from plugin.sources.ticketing.directory import Directory
from plugin.upstream import Link, TicketKey
from plugin.vendors.zendesk.api import (
    ID,
    TITLE,
    domains,
    organization,
    organizations,
    organizations_with_domain,
    users,
)


def _organizations_of(link: Link, people: list[Record]) -> list[Record]:
    """Return the default organisation of each user; a person without one has no account here."""
    keys = dict.fromkeys(text(user.get("organization_id")) for user in people)
    return [found for key in keys if key and (found := organization(link, key)) is not None]


ORGANIZATIONS = Directory(
    title=TITLE,
    word="organization",
    ids=ID,
    one=organization,
    ways={
        "external_id": lambda link, value: organizations(link, "external_id", value),
        "domain": organizations_with_domain,
        "contact_email": lambda link, value: _organizations_of(link, users(link, "email", value)),
    },
    named=lambda link, name: organizations(link, "name", name),
    of_person=lambda link, value: _organizations_of(link, users(link, "external_id", value)),
    domains=domains,
)


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
