"""The actions by name: what a page or a native helpdesk may ask for."""

from __future__ import annotations

from collections.abc import Callable

from plugin.actions.context import Done, Place, Wish, done_before
from plugin.actions.pins import pin, unpin
from plugin.actions.search import search
from plugin.actions.signals import give_feedback, snooze
from plugin.actions.undo import undo
from plugin.errors import BadRequest, NotHere
from plugin.store import acts
from plugin.store.noting import viewer_name
from plugin.workspace.answering import know

_LONGEST_SECTION = 63


def refresh(wish: Wish, place: Place) -> Done:
    """Forget what the sources said of this account and this requester: they are asked anew."""
    del wish
    record = know(place.request, place.desk, place.now, place.deadline)
    requester = place.request.requester
    email = requester.email if requester else None
    for name in place.desk.connections:
        for tag in filter(None, (record.match.account_id, email)):
            place.desk.sources.invalidate(name, tag)
    return Done("Asked every source anew.")


def fold(wish: Wish, place: Place) -> Done:
    """Remember a section as this viewer left it; who is not known keeps nothing."""
    if not 0 < len(wish.value) <= _LONGEST_SECTION:
        raise BadRequest("a fold needs the name of a section")
    name = viewer_name(place.request.viewer)
    if name is not None:
        place.memory.keep_fold(name, wish.value, opened=wish.opened, now=place.now)
    return Done()


KEPT = frozenset({"pin", "unpin", "feedback", "snooze"})  # what can be taken back
ACTIONS: dict[str, Callable[[Wish, Place], Done]] = {
    "feedback": give_feedback,
    "snooze": snooze,
    "search": search,
    "pin": pin,
    "unpin": unpin,
    "undo": undo,
    "refresh": refresh,
    "fold": fold,
}


def perform(wish: Wish, place: Place) -> Done:
    """Do what is asked; raises NotHere, BadRequest, NotAllowed or StoreUnavailable."""
    action = ACTIONS.get(wish.action)
    if action is None:
        raise NotHere("there is no such action")
    return _done_before(wish, place) or action(wish, place)


def _done_before(wish: Wish, place: Place) -> Done | None:
    """Return what this very press did already: a repeated request does nothing twice."""
    if wish.action not in KEPT or not wish.key:
        return None
    memory = place.memory
    with memory.database.read() as connection:
        known = acts.find(connection, memory.workspace, place.actor, wish.key)
    return None if known is None else done_before(wish, known)
