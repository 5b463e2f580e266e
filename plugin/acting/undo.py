"""Take back what one did: what stood there before stands there again."""

from __future__ import annotations

from sqlalchemy import Connection

from plugin.acting import pins as pinning
from plugin.acting import signals
from plugin.acting.place import Done, Place, Wish
from plugin.store import acts, feedback, outcomes, pins, snoozes
from plugin.store.acts import Act
from plugin.store.pins import PinKey


def _undo_pin(connection: Connection, place: Place, act: Act) -> None:
    key, workspace = PinKey(act.target["kind"], act.target["value"]), place.memory.workspace
    if act.before is None:
        pins.remove(connection, workspace, key)
    else:
        pins.put(connection, workspace, pinning.from_json(key, act.before))


def _undo_feedback(connection: Connection, place: Place, act: Act) -> None:
    workspace, said = place.memory.workspace, act.target["id"]
    feedback.end(connection, workspace, said, place.now)
    outcomes.remove(connection, workspace, signals.entry_id(said))


def _undo_snooze(connection: Connection, place: Place, act: Act) -> None:
    account_id, rule = act.account_id or "", act.target["rule"]
    if act.before is None:
        snoozes.remove(connection, place.memory.workspace, account_id, rule)
    else:
        before = signals.from_json(account_id, rule, act.before)
        snoozes.put(connection, place.memory.workspace, before)


_UNDO = {
    "pin": _undo_pin,
    "unpin": _undo_pin,
    "feedback": _undo_feedback,
    "snooze": _undo_snooze,
}


def undo(wish: Wish, place: Place) -> Done:
    """Take back one's own act of this key; twice does nothing more."""
    memory = place.memory
    with memory.database.write() as connection:
        act = acts.find(connection, memory.workspace, place.actor, wish.value)
        if act is not None and act.undone_at is None:
            _UNDO[act.action](connection, place, act)
            acts.mark_undone(connection, memory.workspace, place.actor, act.key, place.now)
            memory.append(connection, act.account_id, place.event("undone", act.action))
    if act is None:
        place.refuse(wish, "this person did nothing under this key here")
    return Done("Undone.")
