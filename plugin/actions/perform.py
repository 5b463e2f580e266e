"""The actions by name: what a page or a native helpdesk may ask for."""

from __future__ import annotations

from collections.abc import Callable

from plugin.actions.context import ActionContext, ActionRequest, ActionResult, result_before
from plugin.actions.pins import pin, unpin
from plugin.actions.search import search
from plugin.actions.signals import give_feedback, snooze
from plugin.actions.undo import undo
from plugin.errors import BadRequest, NotHere
from plugin.store import acts
from plugin.store.noting import viewer_name
from plugin.workspace.answering import know

_LONGEST_SECTION = 63


def refresh(action_request: ActionRequest, context: ActionContext) -> ActionResult:
    """Forget what the sources said of this account and this requester: they are asked anew."""
    del action_request
    record = know(context.request, context.runtime, context.now, context.deadline)
    requester = context.request.requester
    email = requester.email if requester else None
    for name in context.runtime.connections:
        for tag in filter(None, (record.match.account_id, email)):
            context.runtime.sources.invalidate(name, tag)
    return ActionResult("Asked every source anew.")


def fold(action_request: ActionRequest, context: ActionContext) -> ActionResult:
    """Remember a section as this viewer left it; who is not known keeps nothing."""
    if not 0 < len(action_request.value) <= _LONGEST_SECTION:
        raise BadRequest("a fold needs the name of a section")
    name = viewer_name(context.request.viewer, context.request.install_id)
    if name is not None:
        context.memory.keep_fold(
            name, action_request.value, opened=action_request.opened, now=context.now
        )
    return ActionResult(changed="viewer")


KEPT = frozenset({"pin", "unpin", "feedback", "snooze"})  # what can be taken back
ACTIONS: dict[str, Callable[[ActionRequest, ActionContext], ActionResult]] = {
    "feedback": give_feedback,
    "snooze": snooze,
    "search": search,
    "pin": pin,
    "unpin": unpin,
    "undo": undo,
    "refresh": refresh,
    "fold": fold,
}


def perform(action_request: ActionRequest, context: ActionContext) -> ActionResult:
    """Do what is asked; raises NotHere, BadRequest, NotAllowed or StoreUnavailable."""
    action = ACTIONS.get(action_request.action)
    if action is None:
        raise NotHere("there is no such action")
    return _done_before(action_request, context) or action(action_request, context)


def _done_before(action_request: ActionRequest, context: ActionContext) -> ActionResult | None:
    """Return what this very press did already: a repeated request does nothing twice."""
    if action_request.action not in KEPT or not action_request.key:
        return None
    memory = context.memory
    with memory.database.read() as connection:
        known = acts.find(connection, memory.workspace, context.actor, action_request.key)
    return None if known is None else result_before(action_request, known)
