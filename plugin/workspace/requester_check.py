"""Have the helpdesk's own API say who wrote a ticket, where the page can only claim it.

What is inside the proof needs no confirmation. For the rest the API wins over the page: another
requester than the claimed one is shown as such. Where nobody can say, the claim stays what it
is, or shows nothing at all where the install wants every requester confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from plugin.errors import Problem
from plugin.fetching.answers import TicketWriter
from plugin.frame import Confirmation, FrameRequest, Requester
from plugin.settings.records import Install, Workspace
from plugin.upstream import TicketKey, Upstream
from plugin.workspace.runtime import WorkspaceRuntime

# A requester can be changed in the helpdesk: before two answers are said to differ, one that is
# older is asked for anew.
OLD = timedelta(seconds=30)
NO_TICKET = "not_found"


def _is_certain(asked: FrameRequest) -> bool:
    who = asked.requester
    return "requester" in asked.proven and who is not None and who.email is not None


def _key(asked: FrameRequest) -> TicketKey | None:
    """Return what to ask about: the ticket, and the customer's id only where it is proven."""
    ticket = asked.ticket.id if asked.ticket else None
    who = asked.requester if "requester" in asked.proven else None
    customer = who.external_id if who else None
    return TicketKey(ticket, customer) if ticket or customer else None


def _claimed(asked: FrameRequest) -> str | None:
    return asked.requester.email if asked.requester else None


def _differs(asked: FrameRequest, found: Requester) -> bool:
    claimed = _claimed(asked)
    return claimed is not None and claimed.casefold() != (found.email or "").casefold()


def _is_old(told: TicketWriter, now: datetime) -> bool:
    return told.fetched_at is not None and now - told.fetched_at > OLD


def _left(asked: FrameRequest, install: Install, reason: str | None) -> FrameRequest:
    """Return the request with its claim as it is: not proven; gone where the install says so."""
    withheld = install.confirm_required
    word = Confirmation("unconfirmed", install.confirm_by or "", reason, withheld=withheld)
    proven = asked.proven - {"requester"} if withheld else asked.proven
    who = None if withheld else asked.requester
    return replace(asked, requester=who, proven=proven, confirmation=word)


def _settled(asked: FrameRequest, install: Install, found: Requester) -> FrameRequest:
    """Return the request with the requester that the API names, who is proven by that."""
    by = install.confirm_by or ""
    word = Confirmation("confirmed", by)
    if _differs(asked, found):
        word = Confirmation("differs", by, claimed=_claimed(asked))
    elif found.name is None and asked.requester is not None:
        found = replace(found, name=asked.requester.name)
    extra = {name: value for name, value in asked.extra.items() if name != "unfinished"}
    proven = asked.proven | {"requester"}
    return replace(asked, requester=found, proven=proven, extra=extra, confirmation=word)


def confirmer(asked: FrameRequest, install: Install) -> str | None:
    """Return the connection to ask who wrote this; None where nobody is, or the proof says it."""
    return None if _is_certain(asked) else install.confirm_by


def confirmed(
    asked: FrameRequest, install: Install, runtime: WorkspaceRuntime, now: datetime, deadline: float
) -> FrameRequest:
    """Return the request with its requester as the install's helpdesk itself names them.

    The same request where the install confirms nobody, or the proof has named the requester's
    address already. Waits until `deadline` (monotonic seconds), then the claim stays.
    """
    by = confirmer(asked, install)
    if by is None:
        return asked
    key = _key(asked)
    if key is None:
        return _left(asked, install, NO_TICKET)
    told = runtime.sources.whose(by, key, deadline)
    if told.requester is not None and _differs(asked, told.requester) and _is_old(told, now):
        told = runtime.sources.whose(by, key, deadline, anew=True)
    if told.requester is None:
        return _left(asked, install, told.reason)
    return _settled(asked, install, told.requester)


def cannot_confirm(workspace: Workspace, upstreams: Mapping[str, Upstream]) -> Iterator[Problem]:
    """Yield a problem for each install that wants a confirmation which nobody can give."""
    able = [name for name, one in workspace.upstreams.items() if upstreams[one.kind].whose]
    known = f"these connections can: {', '.join(able)}" if able else "no connection here can"
    for install in workspace.installs.values():
        key, by = f"workspaces.{workspace.id}.installs.{install.id}", install.confirm_by
        if by is None and install.confirm_required:
            hint = "name the connection in confirm_by"
            yield Problem(f"{key}.confirm_required", "nobody is named who confirms", hint)
        elif by is not None and by not in workspace.upstreams:
            yield Problem(f"{key}.confirm_by", f"there is no connection {by!r}", known)
        elif by is not None and by not in able:
            said = f"the connection {by!r} cannot say who wrote a ticket"
            yield Problem(f"{key}.confirm_by", said, known)
