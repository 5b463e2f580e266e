"""What only the whole list of tickets shows: which repeat another, and how often one recurs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from plugin.account.vocabulary import Ticket

_WINDOW = timedelta(days=90)


def _subject_key(ticket: Ticket) -> tuple[object, ...] | None:
    """Return what two tickets of one person on one topic and day share."""
    if not (ticket.requester_email and ticket.topics and ticket.created_at):
        return None
    return ticket.requester_email.lower(), ticket.topics[0], ticket.created_at.date()


def _component(ticket: Ticket) -> str | None:
    if ticket.component:
        return f"component {ticket.component}"
    topics = ticket.topics or ()
    return f"topic {topics[0]}" if topics and topics[0] != "other" else None


def _repeats(ticket: Ticket, tickets: Sequence[Ticket]) -> int | None:
    about, created = _component(ticket), ticket.created_at
    if about is None or created is None:
        return None
    return sum(
        1
        for other in tickets
        if other.created_at is not None
        and created - _WINDOW <= other.created_at <= created
        and _component(other) == about
    )


def with_history(tickets: Sequence[Ticket]) -> tuple[Ticket, ...]:
    """Return the tickets, newest first as they came, with `duplicate_of` and `repeats_90d`.

    A ticket repeats the first one that its requester opened on the same topic and day.
    """
    first: dict[tuple[object, ...], str | None] = {}
    repeats: dict[int, str | None] = {}
    for place in range(len(tickets) - 1, -1, -1):  # oldest first
        key = _subject_key(tickets[place])
        if key is not None and key in first:
            repeats[place] = first[key]
        elif key is not None:
            first[key] = tickets[place].id
    marked = [
        replace(ticket, duplicate_of=ticket.duplicate_of or repeats.get(place))
        for place, ticket in enumerate(tickets)
    ]
    once = [ticket for ticket in marked if not ticket.duplicate_of]
    return tuple(replace(ticket, repeats_90d=_repeats(ticket, once)) for ticket in marked)
