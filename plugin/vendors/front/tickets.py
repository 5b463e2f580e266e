"""Read a conversation as Front tells it: https://dev.frontapp.com/reference/conversations."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from plugin.sources.mapping.reading import instant
from plugin.sources.ticketing.answers import Record, inner, text, under
from plugin.sources.ticketing.options import kind_by_tag
from plugin.sources.ticketing.raw import RawTicket
from plugin.upstream import Link
from plugin.vendors.front.api import writer_email, writer_id

STATUSES = {"unassigned": "open", "assigned": "open", "archived": "closed"}
CATEGORIES = {"open": "open", "waiting": "pending", "resolved": "solved"}  # where ticketing is on
LATEST = 100_000_000_000  # seconds: any later would be no time
NO_TICKET = frozenset({"deleted", "trashed", "spam"})


def moment(said: Any) -> Any:
    """Return whole seconds since 1970: Front tells thousandths. Anything else stays as it is."""
    if not isinstance(said, float | Decimal) or not math.isfinite(said):
        return said
    return int(said) if math.fabs(said) < LATEST else said


def is_ticket(row: Record) -> bool:
    """Say whether a conversation is one with a customer: no discussion of ours, no bin, no spam.

    One in a teammate's own inbox is nobody else's business.
    """
    has_recipient = text(under(row, "recipient").get("handle")) != ""
    is_shared = row.get("is_private") is not True
    return has_recipient and is_shared and text(row.get("status")) not in NO_TICKET


def _tags(row: Record) -> Any:
    rows = row.get("tags")
    names = (text(each.get("name")) for each in inner(rows))
    return [name for name in names if name] if isinstance(rows, list) else None


def _sleeps(row: Record, link: Link) -> bool:
    """Say whether somebody is to be reminded of it on a day to come."""
    days = (
        instant(moment(each.get("scheduled_at"))) for each in inner(row.get("scheduled_reminders"))
    )
    return any(day is not None and day > link.now for day in days)


def _status(row: Record, link: Link) -> Any:
    """Return the ticket's status where Front has tickets, else whose turn it is.

    An open conversation in which no message waits for an answer waits for the customer.
    """
    told = CATEGORIES.get(text(row.get("status_category")))
    said = row.get("status")
    status = told or (STATUSES.get(said, said) if isinstance(said, str) else said)
    if status != "open":
        return status
    if _sleeps(row, link):
        return "on_hold"
    answered = "waiting_since" in row and row["waiting_since"] is None
    return "pending" if answered and not told else status


def raw_ticket(row: Record, link: Link) -> RawTicket:
    """Return one conversation as the neutral record; its messages are not read."""
    key, email, tags = text(row["id"]), writer_email(row), _tags(row)
    return RawTicket(
        id=key,
        subject=row.get("subject"),
        url=f"https://app.frontapp.com/open/{key}",
        requester_id=writer_id(row),
        requester_email=email or None,
        status=_status(row, link),
        kind=kind_by_tag(tags, link.options),
        tags=tags,
        participants=(email,) if email else (),
        created_at=moment(row.get("created_at")),
        updated_at=moment(row.get("updated_at")),
        replied_at=moment(row.get("waiting_since")),
    )
