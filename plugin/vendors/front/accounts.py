"""Find an account in Front, and who writes in a conversation there."""

from __future__ import annotations

from plugin.errors import UpstreamBroken
from plugin.frame import Requester
from plugin.sources.ticketing.answers import Record, text, under
from plugin.sources.ticketing.directory import Directory
from plugin.upstream import Link, TicketKey
from plugin.vendors.front.api import (
    IDS,
    TITLE,
    account_with_domain,
    account_with_external_id,
    addresses,
    domains,
    one,
    writer_email,
    writer_id,
)

# None by an address: Front does not say which account a contact belongs to.
ACCOUNTS = Directory(
    title=TITLE,
    word="account",
    ids=IDS["accounts"],
    one=lambda link, key: one(link, "accounts", key),
    ways={"external_id": account_with_external_id, "domain": account_with_domain},
    domains=domains,
)


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
    known = addresses(person)
    name = text(person.get("name")) or None
    return Requester(next(iter(known), None), name, more_emails=tuple(known[1:]))
