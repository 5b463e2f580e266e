"""One past ticket as its system tells it: the neutral record that every connector fills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RawTicket:
    """One ticket before anything is typed; None where the system says nothing.

    Values may be of any type: what cannot be read becomes a gap. `status`, `priority` and `kind`
    are words of the vocabulary, or the system's own where there is none for it. Times are ISO
    8601 or seconds since 1970.

    id               by which its system knows it; a connector refuses an answer without one.
    requester_id     by which the system's own events may name who wrote.
    texts            the customer's own messages, oldest first: read once, never kept.
    participants     addresses of the customer's people, never of agents.
    replied_at       when the requester last wrote in it.
    csat             the customer's rating, 0..100; `rated_at` when it was given.
    is_automatic     the system says that no person wrote it.
    is_merged        it lives on in another ticket.
    """

    id: str
    subject: Any = None
    url: Any = None
    requester_id: str = ""
    requester_email: Any = None
    status: Any = None
    priority: Any = None
    kind: Any = None
    tags: Any = None
    participants: tuple[Any, ...] = ()
    created_at: Any = None
    updated_at: Any = None
    solved_at: Any = None
    replied_at: Any = None
    reopens: Any = None
    csat: Any = None
    rated_at: Any = None
    sla_breached: Any = None
    escalated: Any = None
    texts: tuple[str, ...] = ()
    is_automatic: bool = False
    is_merged: bool = False
