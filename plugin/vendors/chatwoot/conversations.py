"""Read a conversation as Chatwoot tells it, and who wrote it."""

from __future__ import annotations

from plugin.errors import UpstreamBroken
from plugin.frame import Requester
from plugin.sources.ticketing.answers import Record, inner, text, under
from plugin.sources.ticketing.options import kind_by_tag
from plugin.sources.ticketing.raw import RawTicket
from plugin.upstream import Link, TicketKey
from plugin.vendors.chatwoot.api import TITLE, conversation, person, sender

# https://www.chatwoot.com/hc/user-guide/articles/1677580558-conversation-statuses
STATUSES = {
    "open": "open",
    "pending": "new",  # a bot has it, no agent yet
    "snoozed": "on_hold",
    "resolved": "solved",
}
PRIORITIES = {"low": "low", "medium": "normal", "high": "high", "urgent": "urgent"}
INCOMING = 0  # the message_type of what the customer writes


def _texts(row: Record) -> tuple[str, ...]:
    """Return the customer's own messages; a list of conversations holds the latest one each."""
    said = [one for one in inner(row.get("messages")) if one.get("message_type") == INCOMING]
    texts = (one.get("content") for one in said if not one.get("private"))
    return tuple(each for each in texts if isinstance(each, str) and each.strip())


def raw_ticket(row: Record, link: Link) -> RawTicket:
    """Return one conversation as the neutral record; a chat has no subject."""
    key, who = text(row["id"]), sender(row)
    base, account = link.options["base_url"], link.options["account_id"]
    status, priority = text(row.get("status")), text(row.get("priority"))
    email = text(who.get("email")) or None
    return RawTicket(
        id=key,
        subject=under(row, "additional_attributes").get("mail_subject"),
        url=f"{base}/app/accounts/{account}/conversations/{key}",
        requester_id=text(who.get("id")),
        requester_email=email,
        status=STATUSES.get(status, row.get("status")),
        priority=PRIORITIES.get(priority, row.get("priority")),
        kind=kind_by_tag(row.get("labels"), link.options),
        tags=row.get("labels"),
        participants=(email,) if email else (),
        created_at=row.get("created_at"),
        updated_at=row.get("last_activity_at"),
        texts=_texts(row),
    )


def _requester(who: Record) -> Requester:
    return Requester(
        email=text(who.get("email")) or None,
        name=text(who.get("name")) or None,
        external_id=text(who.get("identifier")) or None,
    )


def whose(asked: TicketKey, link: Link) -> Requester | None:
    """Return who writes in a conversation, or who a contact is; None where there is none."""
    if not asked.ticket_id:
        found = person(link, asked.customer_id or "")
        return None if found is None else _requester(found)
    row = conversation(link, asked.ticket_id)
    if row is None:
        return None
    who = sender(row)
    if not text(who.get("id")):
        raise UpstreamBroken(f"{TITLE} does not say who writes in this conversation")
    if asked.customer_id and asked.customer_id != text(who["id"]):
        raise UpstreamBroken(f"{TITLE} has another contact in this conversation")
    return _requester(who)
