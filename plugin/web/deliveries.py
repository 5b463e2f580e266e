"""Do what a proven delivery asks for: forget what changed, once, in every worker.

First it is forgotten, then the event counts as taken: whoever is cut off in between does it
again, and doing it twice does no harm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from plugin.hook import Event
from plugin.store.audit import Event as Audited
from plugin.store.erasing import erase
from plugin.store.taken import digest_of
from plugin.web.services import House
from plugin.workspace.runtime import Desk

LIFE = timedelta(days=1)  # vendors repeat a delivery for hours
MOST = 100  # events of one delivery that are told apart; HubSpot sends no more


def heard(parts: House, desk: Desk, name: str, events: Sequence[Event], body: bytes) -> str:
    """Return accepted, duplicate or ignored; `name` is the connection that tells.

    Raises StoreUnavailable where somebody must be erased and cannot be: the vendor tries again.
    """
    if not events:
        return "ignored"
    if len(events) > MOST:
        events = (Event(""), *(event for event in events if event.erased))
    marks = {_mark(name, event, body): event for event in events}
    workspace, taken, now = desk.workspace.id, parts.store.taken, parts.now()
    known = taken.known(workspace, list(marks), now)
    fresh = [event for mark, event in marks.items() if mark not in known]
    if not fresh:
        return "duplicate"
    _forget(desk, name, fresh)
    _erase(parts, desk, name, [event for event in fresh if event.erased])
    taken.take(workspace, list(marks), now, LIFE)
    for event in fresh:
        if event.ticket is not None:
            parts.warmer.warm(desk, name, event.ticket)
    return "accepted"


def _mark(name: str, event: Event, body: bytes) -> str:
    """Return what an event is known by: its id, or all that came where it has none."""
    if event.id:
        return digest_of("event", name, event.id)
    return digest_of("delivery", name, hashlib.sha256(body).hexdigest(), *event.about)


def _forget(desk: Desk, name: str, events: Sequence[Event]) -> None:
    if all(event.about and not event.erased for event in events):
        desk.sources.invalidate(name, *(word for event in events for word in event.about))
    else:
        desk.sources.invalidate(name)


def _erase(parts: House, desk: Desk, name: str, events: Sequence[Event]) -> None:
    """Erase what is remembered of deleted people, and every byte that the connection said."""
    if not events:
        return
    parts.runtime.purge(desk.workspace.id, name)
    emails = {word for event in events for word in event.about if "@" in word}
    if desk.memory is None or not emails:
        return
    told = Audited(parts.now(), f"webhook:{name}", "erased")
    with desk.memory.database.write() as connection:
        for email in sorted(emails):
            erase(connection, desk.workspace.id, "contact", email, told)
