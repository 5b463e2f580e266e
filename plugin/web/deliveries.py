"""Do what a proven delivery asks for: forget what changed, once, in every worker.

First it is forgotten, then the event counts as taken: whoever is cut off in between does it
again, and doing it twice does no harm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from plugin.hook import HookEvent
from plugin.store.audit import AuditEvent as Audited
from plugin.store.erasing import erase
from plugin.store.taken import digest_of
from plugin.web.services import Services
from plugin.workspace.runtime import WorkspaceRuntime

LIFE = timedelta(days=1)  # vendors repeat a delivery for hours
MOST = 100  # events of one delivery that are told apart; HubSpot sends no more


def heard(
    services: Services,
    runtime: WorkspaceRuntime,
    name: str,
    events: Sequence[HookEvent],
    signed: bytes,
) -> str:
    """Return accepted, duplicate or ignored; `name` is the connection that tells.

    `signed` is the time and the body that were proven.

    Raises StoreUnavailable where somebody must be erased and cannot be: the vendor tries again.
    """
    if not events:
        return "ignored"
    if len(events) > MOST:
        events = (HookEvent(""), *(event for event in events if event.erased))
    marks = {_mark(name, event, signed): event for event in events}
    workspace, taken, now = runtime.workspace.id, services.store.taken, services.now()
    known = taken.known(workspace, list(marks), now)
    fresh = [event for mark, event in marks.items() if mark not in known]
    if not fresh:
        return "duplicate"
    _forget(runtime, name, fresh)
    _erase(services, runtime, name, [event for event in fresh if event.erased])
    taken.take(workspace, list(marks), now, LIFE)
    for event in fresh:
        if event.ticket is not None:
            services.prefetcher.warm(runtime, name, event.ticket)
    return "accepted"


def _mark(name: str, event: HookEvent, signed: bytes) -> str:
    """Return what an event is known by: its id, or all that was signed where it has none."""
    if event.id:
        return digest_of("event", name, event.id)
    return digest_of("delivery", name, hashlib.sha256(signed).hexdigest(), *event.about)


def _forget(runtime: WorkspaceRuntime, name: str, events: Sequence[HookEvent]) -> None:
    if all(event.about and not event.erased for event in events):
        runtime.sources.invalidate(name, *(word for event in events for word in event.about))
    else:
        runtime.sources.invalidate(name)


def _erase(
    services: Services, runtime: WorkspaceRuntime, name: str, events: Sequence[HookEvent]
) -> None:
    """Erase what is remembered of deleted people, and every byte that the connection said."""
    if not events:
        return
    services.resources.purge(runtime.workspace.id, name)
    emails = {word for event in events for word in event.about if "@" in word}
    if runtime.memory is None or not emails:
        return
    told = Audited(services.now(), f"webhook:{name}", "erased")
    with runtime.memory.database.write() as connection:
        for email in sorted(emails):
            erase(connection, runtime.workspace.id, "contact", email, told)
