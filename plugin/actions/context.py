"""Where an act happens: who asks what, and where; and how it is kept, once and audited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NoReturn

from sqlalchemy import Connection

from plugin.account.context import Candidate
from plugin.actions.still_stands import stands
from plugin.errors import BadRequest, NotHere, StoreUnavailable
from plugin.frame import FrameRequest
from plugin.store import acts
from plugin.store.acts import Act
from plugin.store.audit import AuditEvent
from plugin.store.memory import Memory
from plugin.store.noting import viewer_name
from plugin.store.tables import LONGEST_KEY
from plugin.workspace.runtime import WorkspaceRuntime


def printable(text: str) -> str:
    """Return what a person typed without control signs and without blanks at its ends."""
    return "".join(letter for letter in text if letter.isprintable()).strip()


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """What a person asked for.

    `key` is made by their page for each press, so that a repeated request does nothing twice.
    `about` is contact or domain: for whom a pin is remembered.
    """

    action: str
    value: str = ""
    key: str = ""
    note: str = ""
    about: str = "contact"
    query: str = ""
    opened: bool = False


@dataclass(frozen=True, slots=True)
class ActionContext:
    """The proven request, the workspace it is asked in, and the time."""

    request: FrameRequest
    runtime: WorkspaceRuntime
    now: datetime
    deadline: float

    @property
    def actor(self) -> str:
        """Return who acts, as far as the helpdesk proves it."""
        install_id = self.request.install_id
        return viewer_name(self.request.viewer, install_id) or f"somebody at {install_id}"

    @property
    def memory(self) -> Memory:
        """Return the workspace's memory; raise StoreUnavailable where there is none."""
        if self.runtime.memory is None:
            raise StoreUnavailable("nothing is remembered here")
        return self.runtime.memory

    def event(self, action: str, target: str = "", **detail: Any) -> AuditEvent:
        """Return an entry for the audit."""
        return AuditEvent(self.now, self.actor, action, target, self.request.viewer.role, detail)

    def refuse(self, action_request: ActionRequest, why: str) -> NoReturn:
        """Audit an attempt on something that is not this workspace's, and refuse it."""
        with suppress(StoreUnavailable), self.memory.database.write() as connection:
            self.memory.append(
                connection, None, self.event("refused", action_request.action, why=why)
            )
        raise NotHere(f"{action_request.action}: {why}")


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What came of it: a sentence, the key that takes it back, and what a search found.

    `changed` says for whom something is shown differently now: nobody where nothing was changed.
    """

    said: str = ""
    undo: str = ""
    found: tuple[Candidate, ...] | None = None
    changed: Literal["", "viewer", "workspace"] = ""


@dataclass(frozen=True, slots=True)
class MemoryChange:
    """One change of memory: `make` does it and returns what stood there before."""

    said: str
    account_id: str
    target: Mapping[str, Any]
    event: AuditEvent
    make: Callable[[Connection], Mapping[str, Any] | None] = field(repr=False)


def result_before(action_request: ActionRequest, known: Act) -> ActionResult:
    """Return what a press did when it came first; raise where its key was another press's."""
    if (known.action, known.target.get("asked")) != (action_request.action, action_request.value):
        raise BadRequest("this key belongs to another action")
    return ActionResult(known.said, "" if known.undone_at else known.key)


def carry_out(
    context: ActionContext, action_request: ActionRequest, change: MemoryChange
) -> ActionResult:
    """Make a change that is on disk before it is said; under one key, only once."""
    if not action_request.key:
        raise BadRequest("an action needs a key of its own")
    if len(change.account_id) > LONGEST_KEY:
        raise BadRequest("the id of this account is too long to be remembered")
    memory = context.memory
    target = {**change.target, "asked": action_request.value}
    act = Act(
        context.actor,
        action_request.key,
        action_request.action,
        context.now,
        change.said,
        change.account_id,
        target,
    )
    with memory.act() as connection:
        known = acts.find(connection, memory.workspace, context.actor, action_request.key)
        if known is not None:
            return result_before(action_request, known)
        twin = acts.find_twin(connection, memory.workspace, act)
        if twin is not None and stands(connection, memory.workspace, twin):
            return ActionResult(twin.said, twin.key)
        before = change.make(connection)
        acts.add(connection, memory.workspace, act, before)
        memory.append(connection, change.account_id, change.event)
    return ActionResult(change.said, action_request.key, changed="workspace")
