"""Take back what one did: what stood there before stands there again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions import pins as pinning
from plugin.actions import signals
from plugin.actions.context import ActionContext, ActionRequest, ActionResult
from plugin.actions.still_stands import key_of, stands
from plugin.store import acts, feedback, outcomes, pins, snoozes
from plugin.store.acts import Act

_UNDONE = "Undone."
_SHARED = frozenset({"pin", "unpin", "snooze"})  # one for all: somebody else may have changed it


def _undo_pin(connection: Connection, workspace: str, act: Act, now: datetime) -> None:
    del now
    if act.before is None:
        pins.remove(connection, workspace, key_of(act))
    else:
        pins.put(connection, workspace, pinning.from_json(key_of(act), act.before))


def _undo_feedback(connection: Connection, workspace: str, act: Act, now: datetime) -> None:
    feedback.end(connection, workspace, act.key, now)
    outcomes.remove(connection, workspace, signals.entry_id(act.key))


def _undo_snooze(connection: Connection, workspace: str, act: Act, now: datetime) -> None:
    del now
    account_id, rule = act.account_id or "", act.target["rule"]
    if act.before is None:
        snoozes.remove(connection, workspace, account_id, rule)
    else:
        before = signals.from_json(account_id, rule, act.before)
        snoozes.put(connection, workspace, before)


_UNDO = {
    "pin": _undo_pin,
    "unpin": _undo_pin,
    "feedback": _undo_feedback,
    "snooze": _undo_snooze,
}


def _take_back(connection: Connection, context: ActionContext, act: Act) -> ActionResult:
    """Put back what stood there before, unless somebody has changed it since."""
    memory = context.memory
    if act.undone_at is not None:
        return ActionResult(_UNDONE)
    if act.action in _SHARED and not stands(connection, memory.workspace, act):
        return ActionResult("This was changed since; nothing was undone.")
    _UNDO[act.action](connection, memory.workspace, act, context.now)
    acts.mark_undone(connection, memory.workspace, context.actor, act.key, context.now)
    memory.append(connection, act.account_id, context.event("undone", act.action))
    return ActionResult(_UNDONE, changed="workspace")


def undo(action_request: ActionRequest, context: ActionContext) -> ActionResult:
    """Take back one's own act of this key; twice does nothing more."""
    memory = context.memory
    with memory.act() as connection:
        act = acts.find(connection, memory.workspace, context.actor, action_request.value)
        result = None if act is None else _take_back(connection, context, act)
    return result or context.refuse(action_request, "this person did nothing under this key here")
