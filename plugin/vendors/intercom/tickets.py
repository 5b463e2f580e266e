"""Read a customer ticket as Intercom tells it, and make one of it and its conversation.

https://developers.intercom.com/docs/references/rest-api/api.intercom.io/tickets/ticket
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from plugin.sources.ticketing.answers import Record, inner, text, under
from plugin.sources.ticketing.options import kind_of
from plugin.sources.ticketing.raw import RawTicket
from plugin.upstream import Link
from plugin.vendors.intercom.api import contact_ids
from plugin.vendors.intercom.conversations import Addresses, conversation, emails_of, plain, url_of

KINDS = {
    "question": "question",
    "bug": "bug",
    "bug report": "bug",
    "incident": "incident",
    "task": "task",
}
STATES = {
    "submitted": "new",
    "in_progress": "open",
    "waiting_on_customer": "pending",
    "resolved": "solved",
}


def _state(row: Record) -> str | None:
    said = row.get("ticket_state")
    named = under(row, "ticket_state").get("category") if isinstance(said, Mapping) else said
    return STATES.get(text(named).lower())


def is_customers(row: Record) -> bool:
    """Say whether a ticket is the customer's own: others are notes between agents."""
    said = text(row.get("category")) or text(under(row, "ticket_type").get("category"))
    return said.lower() == "customer"


def ticket(row: Record, addresses: Addresses, link: Link) -> RawTicket:
    """Return one customer ticket as the neutral record."""
    key, said = text(row["id"]), under(row, "ticket_attributes")
    body = plain(said.get("_default_description_"))
    emails = emails_of(row, addresses)
    status = _state(row)
    kind = under(row, "ticket_type").get("name")
    return RawTicket(
        id=key,
        subject=said.get("_default_title_"),
        url=url_of(link, key),
        requester_id=next(iter(contact_ids(row)), ""),
        requester_email=next(iter(emails), None),
        status=status or row.get("ticket_state"),
        kind=kind_of(kind, KINDS, link.options),
        participants=emails,
        created_at=row.get("created_at"),
        updated_at=row.get("updated_at"),
        texts=(body,) if body else (),
    )


def _linked(row: Record) -> set[str]:
    """Return the ids of the conversations that a ticket came from."""
    rows = inner(under(row, "linked_objects").get("data"))
    return {text(each.get("id")) for each in rows if each.get("type") == "conversation"}


def together(
    conversations: Sequence[Record], tickets: Sequence[Record], addresses: Addresses, link: Link
) -> list[RawTicket]:
    """Return conversations and customer tickets, each matter once.

    A ticket that a conversation was made into is one matter with it: the ticket's words count,
    the conversation adds tags, rating, reopens and SLA, which tickets do not tell.
    """
    raw = {one.id: one for one in (conversation(row, addresses, link) for row in conversations)}
    for row in tickets:
        if is_customers(row):
            own = ticket(row, addresses, link)
            from_ = [raw.pop(key) for key in (own.id, *sorted(_linked(row))) if key in raw]
            raw[own.id] = _filled(own, from_[0]) if from_ else own
    return list(raw.values())


def _filled(own: RawTicket, other: RawTicket) -> RawTicket:
    names = (
        "priority",
        "tags",
        "solved_at",
        "replied_at",
        "reopens",
        "csat",
        "rated_at",
        "sla_breached",
        "requester_email",
    )
    more = {name: getattr(other, name) for name in names if getattr(own, name) is None}
    return replace(own, **more, texts=other.texts or own.texts)
