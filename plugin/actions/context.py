"""Where an act happens: who asks what, at which desk; and how an act is kept, once and audited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import Connection

from plugin.account.context import Candidate
from plugin.actions.still_stands import stands
from plugin.errors import BadRequest, NotHere, StoreUnavailable
from plugin.frame import FrameRequest
from plugin.store import acts
from plugin.store.acts import Act
from plugin.store.audit import Event
from plugin.store.memory import Memory
from plugin.store.noting import viewer_name
from plugin.store.tables import LONGEST_KEY
from plugin.workspace.runtime import Desk


def printable(text: str) -> str:
    """Return what a person typed without control signs and without blanks at its ends."""
    return "".join(letter for letter in text if letter.isprintable()).strip()


@dataclass(frozen=True, slots=True)
class Wish:
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
class Place:
    """The proven request, the desk it is asked at, and the time."""

    request: FrameRequest
    desk: Desk
    now: datetime
    deadline: float

    @property
    def actor(self) -> str:
        """Return who acts, as far as the helpdesk proves it."""
        return viewer_name(self.request.viewer) or f"somebody at {self.request.install_id}"

    @property
    def memory(self) -> Memory:
        """Return the workspace's memory; raise StoreUnavailable where there is none."""
        if self.desk.memory is None:
            raise StoreUnavailable("nothing is remembered here")
        return self.desk.memory

    def event(self, action: str, target: str = "", **detail: Any) -> Event:
        """Return an entry for the audit."""
        return Event(self.now, self.actor, action, target, self.request.viewer.role, detail)

    def refuse(self, wish: Wish, why: str) -> NoReturn:
        """Audit an attempt on something that is not this workspace's, and refuse it."""
        with suppress(StoreUnavailable), self.memory.database.write() as connection:
            self.memory.append(connection, None, self.event("refused", wish.action, why=why))
        raise NotHere(f"{wish.action}: {why}")


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: a sentence, the key that takes it back, and what a search found."""

    said: str = ""
    undo: str = ""
    found: tuple[Candidate, ...] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of memory: `make` does it and returns what stood there before."""

    said: str
    account_id: str
    target: Mapping[str, Any]
    event: Event
    make: Callable[[Connection], Mapping[str, Any] | None] = field(repr=False)


def done_before(wish: Wish, known: Act) -> Done:
    """Return what a press did when it came first; raise where its key was another press's."""
    if (known.action, known.target.get("asked")) != (wish.action, wish.value):
        raise BadRequest("this key belongs to another action")
    return Done(known.said, "" if known.undone_at else known.key)


def carry_out(place: Place, wish: Wish, change: Change) -> Done:
    """Make a change that is on disk before it is said; under one key, only once."""
    if not wish.key:
        raise BadRequest("an action needs a key of its own")
    if len(change.account_id) > LONGEST_KEY:
        raise BadRequest("the id of this account is too long to be remembered")
    memory = place.memory
    target = {**change.target, "asked": wish.value}
    act = Act(place.actor, wish.key, wish.action, place.now, change.said, change.account_id, target)
    with memory.act() as connection:
        known = acts.find(connection, memory.workspace, place.actor, wish.key)
        if known is not None:
            return done_before(wish, known)
        twin = acts.find_twin(connection, memory.workspace, act)
        if twin is not None and stands(connection, memory.workspace, twin):
            return Done(twin.said, twin.key)
        before = change.make(connection)
        acts.add(connection, memory.workspace, act, before)
        memory.append(connection, change.account_id, change.event)
    return Done(change.said, wish.key)
