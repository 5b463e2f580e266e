"""Read a conversation as Help Scout tells it.

https://developer.helpscout.com/mailbox-api/endpoints/conversations/get/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.sources.mapping.reading import instant
from plugin.sources.ticketing.answers import Record, inner, text, under
from plugin.sources.ticketing.csat import Rating
from plugin.sources.ticketing.options import kind_by_tag
from plugin.sources.ticketing.people import with_copied
from plugin.sources.ticketing.raw import RawTicket
from plugin.upstream import Link
from plugin.vendors.helpscout.api import writer_email, writer_id

STATUSES = {"active": "open"}  # pending and closed are called as we call them
NOT_SENT = frozenset({"draft", "deleted"})
NO_TICKET = frozenset({"spam"})


def is_ticket(row: Record) -> bool:
    """Say whether a conversation is one with a customer: no draft, no spam, nothing deleted."""
    return text(row.get("state")) not in NOT_SENT and text(row.get("status")) not in NO_TICKET


def _tags(row: Record) -> Any:
    rows = row.get("tags")
    names = (text(each.get("tag")) for each in inner(rows))
    return [name for name in names if name] if isinstance(rows, list) else None


def _status(row: Record, link: Link) -> Any:
    """Return our word; an open conversation that sleeps until a day to come is on hold."""
    said = row.get("status")
    until = instant(under(row, "snooze").get("snoozedUntil"))
    if said != "closed" and until is not None and until > link.now:
        return "on_hold"
    return STATUSES.get(said, said) if isinstance(said, str) else said


def _customer_opened(row: Record) -> bool:
    return text(under(row, "createdBy").get("type")) == "customer"


def _customer_wrote_last(row: Record) -> bool:
    return text(under(row, "customerWaitingSince").get("latestReplyFrom")) == "customer"


def _texts(row: Record) -> tuple[str, ...]:
    """Return the beginning of the latest message, where it is known to be the customer's."""
    said = row.get("preview")
    alone = row.get("threads") == 1 and _customer_opened(row)
    is_own = alone or _customer_wrote_last(row)
    return (said,) if is_own and isinstance(said, str) and said.strip() else ()


def _replied_at(row: Record) -> Any:
    """Return when the customer last wrote, as far as it is told: else when they opened it."""
    if _customer_wrote_last(row):
        return under(row, "customerWaitingSince").get("time")
    return row.get("createdAt") if _customer_opened(row) else None


def _url(row: Record) -> str:
    place = f"https://secure.helpscout.net/conversation/{text(row['id'])}"
    number = text(row.get("number"))
    return f"{place}/{number}" if number.isdigit() else place


def raw_ticket(row: Record, ratings: Mapping[str, Rating], link: Link) -> RawTicket:
    """Return one conversation as the neutral record; `ratings` are the latest, by conversation."""
    key, email, tags = text(row["id"]), writer_email(row), _tags(row)
    status = _status(row, link)
    score, rated_at = ratings.get(key, (None, None))
    return RawTicket(
        id=key,
        subject=row.get("subject"),
        url=_url(row),
        requester_id=writer_id(row),
        requester_email=email or None,
        status=status,
        kind=kind_by_tag(tags, link.options),
        tags=tags,
        participants=with_copied(email, row.get("cc")),
        created_at=row.get("createdAt"),
        updated_at=row.get("userUpdatedAt"),
        solved_at=row.get("closedAt") if status == "closed" else None,
        replied_at=_replied_at(row),
        csat=score,
        rated_at=rated_at,
        texts=_texts(row),
    )
