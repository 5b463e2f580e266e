"""Fetch an account ahead: a ticket was just written, and an agent will open it soon."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from plugin.fetching.bulkheads import Bulkhead, BulkheadSize
from plugin.fetching.resources import Resources
from plugin.fetching.worker_bus import BusListener, Notice
from plugin.frame import Requester
from plugin.hook import NewTicket
from plugin.upstream import TicketKey
from plugin.workspace.matching import locate
from plugin.workspace.runtime import WorkspaceRuntime

log = logging.getLogger("sidelight.hooks")
# Few, and one at a time for a workspace: whoever waits for an account comes first.
SIZE = BulkheadSize(threads=2, per_connection=1, queue=32)
PATIENCE = 5.0  # seconds for one account; what comes later still fills the cache


def _asked_about(ticket: NewTicket) -> TicketKey | None:
    """Return what the helpdesk is asked about: the same as when the ticket is opened."""
    if ticket.id:
        return TicketKey(ticket_id=ticket.id)
    return TicketKey(customer_id=ticket.customer_id) if ticket.customer_id else None


def _writer(
    runtime: WorkspaceRuntime, name: str, ticket: NewTicket, deadline: float
) -> Requester | None:
    """Return who wrote a ticket: as its helpdesk says, else as the event does."""
    key, upstream = _asked_about(ticket), runtime.connections[name][0]
    if upstream.whose is None or key is None:
        return ticket.requester
    return runtime.sources.whose(name, key, deadline).requester or ticket.requester


def _as_frames_ask(writer: Requester, ticket: NewTicket) -> Iterator[Requester]:
    """Yield the requester as the helpdesk's API names them, and as its page does: by its own id."""
    yield writer
    if ticket.customer_id and ticket.customer_id != writer.external_id:
        yield replace(writer, external_id=ticket.customer_id)


def fetch_ahead(runtime: WorkspaceRuntime, name: str, ticket: NewTicket, deadline: float) -> None:
    """Find out who wrote a ticket, find their account, and ask every source about it."""
    writer = _writer(runtime, name, ticket, deadline)
    if writer is None:
        return
    for requester in _as_frames_ask(writer, ticket):
        account = locate(requester, runtime, deadline).account
        if account is not None:
            runtime.sources.gather(account, deadline)


def _notice(runtime: WorkspaceRuntime, name: str, ticket: NewTicket) -> Notice:
    email = ticket.requester.email if ticket.requester else None
    return runtime.workspace.id, name, ticket.id or "", ticket.customer_id or "", email or ""


def _ticket(key: str, customer_id: str, email: str) -> NewTicket:
    requester = Requester(email=email) if email else None
    return NewTicket(key or None, customer_id or None, requester)


class Prefetcher:
    """Fetches behind the answers, bounded: what does not fit is fetched when it is opened.

    Each worker of a host fetches into its own cache; where they share one, the first does it for
    all.
    """

    def __init__(self, resources: Resources) -> None:
        self._runtime = resources
        self._bulkhead = Bulkhead("warming", SIZE)
        self._others = BusListener(resources.board, "written")

    def warm(self, runtime: WorkspaceRuntime, name: str, ticket: NewTicket) -> None:
        """Fetch the account of a ticket soon; `name` is the connection that told of it."""
        self._others.tell([_notice(runtime, name, ticket)])
        self._start(runtime, name, ticket)

    def hear(self, runtimes: Mapping[str, WorkspaceRuntime]) -> None:
        """Fetch the accounts of tickets that other workers were told of."""
        if not self._others.has_news:
            return
        for workspace, name, *ticket in self._others.news() or ():
            runtime = runtimes.get(workspace)
            if runtime is not None and name in runtime.connections:
                self._start(runtime, name, _ticket(*ticket))

    def _start(self, runtime: WorkspaceRuntime, name: str, ticket: NewTicket) -> None:
        job = partial(self._fetch, runtime, name, ticket)
        is_taken = self._bulkhead.submit(runtime.workspace.id, job)
        self._runtime.tally.add("warmed" if is_taken else "warming_shed", name)

    def _fetch(self, runtime: WorkspaceRuntime, name: str, ticket: NewTicket) -> None:
        deadline = self._runtime.clock.monotonic() + PATIENCE
        try:
            fetch_ahead(runtime, name, ticket, deadline)
        except Exception as error:  # noqa: BLE001 — nobody waits: the opening will say what is wrong
            log.error("not fetched ahead", extra={"kind": type(error).__name__, "connection": name})  # noqa: TRY400 — a trace quotes values
