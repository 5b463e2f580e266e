"""Find an account in Front, and who writes in a conversation there."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.errors import UpstreamBroken, UpstreamNotFound
from plugin.frame import Requester
from plugin.ticketing.answers import Record, text, under
from plugin.ticketing.front_api import (
    TITLE,
    account_with_domain,
    account_with_external_id,
    addresses,
    domains,
    one,
    writer_email,
    writer_id,
)
from plugin.ticketing.matching import domains_of, only_key, reference, remembered
from plugin.upstream import AccountRef, Identity, Link, TicketKey


def _rows(link: Link, by: str, value: str) -> list[Record]:
    if by == "organization":
        found = one(link, "accounts", value)
        return [] if found is None else [found]
    if by == "external_id":
        return account_with_external_id(link, value)
    return account_with_domain(link, value) if by == "domain" else []


def find(identity: Identity, link: Link) -> tuple[AccountRef, ...]:
    """Return the account that Front knows under an identity.

    None by an address: Front does not say which account a contact belongs to.
    """
    value = identity.value.strip()
    rows = _rows(link, identity.by, value) if value else []
    return tuple(reference(link, row, domains(row)) for row in rows)


def _candidates(ref: AccountRef, link: Link) -> Iterator[list[Record]]:
    """Yield what each way to know the account by finds, the surest first."""
    if ref.id:
        yield account_with_external_id(link, ref.id)
    for domain in domains_of(ref):
        yield account_with_domain(link, domain)


def account(ref: AccountRef, link: Link) -> Record | None:
    """Return the account as known for this connection, else the only one found."""
    known = ref.external_ids.get(link.name, "")
    key = known or remembered(link, ref, lambda: only_key(_candidates(ref, link)))
    if key is None:
        return None
    row = one(link, "accounts", key)
    if row is None:
        raise UpstreamNotFound("Front has no account of this id")
    return row


def _in_conversation(row: Record, asked: TicketKey) -> Requester:
    """Return the main recipient: whoever wrote last to us, or to whom we wrote."""
    if asked.customer_id and asked.customer_id != writer_id(row):
        raise UpstreamBroken(f"{TITLE} has another contact in this conversation")
    name = text(under(row, "recipient").get("name"))
    return Requester(email=writer_email(row) or None, name=name or None)


def whose(asked: TicketKey, link: Link) -> Requester | None:
    """Return who writes in a conversation, or who a contact is; None if Front has none."""
    if asked.ticket_id:
        row = one(link, "conversations", asked.ticket_id)
        if row is None or not text(under(row, "recipient").get("handle")):
            return None  # a discussion among teammates has no recipient
        return _in_conversation(row, asked)
    person = one(link, "contacts", asked.customer_id or "")
    if person is None:
        return None
    email = next(iter(addresses(person)), None)
    return Requester(email=email, name=text(person.get("name")) or None)
