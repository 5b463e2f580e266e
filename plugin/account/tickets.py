"""What a ticket is about and whether it waits, for whoever reads the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from plugin.account.support import Ticket
from plugin.account.words import OPEN_TICKET

_TOPICS = {"how_to": "how-to", "feature_request": "feature request"}


def is_open(ticket: Ticket) -> bool:
    """Tell whether somebody still waits on the ticket."""
    return ticket.status in OPEN_TICKET


def about(ticket: Ticket) -> str | None:
    """Return what a ticket is about in one word: its component if known, else its first topic."""
    if ticket.component:
        return ticket.component
    topics = ticket.topics or ()
    return _TOPICS.get(topics[0], topics[0]) if topics else None


def recent(tickets: Sequence[Ticket], now: datetime, window: timedelta) -> tuple[Ticket, ...]:
    """Return the tickets created within `window` before `now`, repeats once."""
    return tuple(
        ticket
        for ticket in tickets
        if ticket.created_at is not None
        and ticket.created_at >= now - window
        and not ticket.duplicate_of
    )
