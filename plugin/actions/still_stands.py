"""Whether what an act has left still stands, or somebody has changed it since."""

from __future__ import annotations

from sqlalchemy import Connection

from plugin.store import feedback, pins, snoozes
from plugin.store.acts import Act
from plugin.store.pins import PinKey


def key_of(act: Act) -> PinKey:
    """Return whom a pin, or what took it away, was for."""
    return PinKey(act.target["kind"], act.target["value"])


def _pin(connection: Connection, workspace: str, act: Act) -> bool:
    now = pins.find(connection, workspace, [key_of(act)])
    return now is not None and (now.pinned_by, now.at) == (act.actor, act.at)


def _unpin(connection: Connection, workspace: str, act: Act) -> bool:
    return pins.find(connection, workspace, [key_of(act)]) is None


def _snooze(connection: Connection, workspace: str, act: Act) -> bool:
    kept = snoozes.of_account(connection, workspace, act.account_id or "")
    now = kept.get(act.target["rule"])
    return now is not None and (now.snoozed_by, now.at) == (act.actor, act.at)


def _feedback(connection: Connection, workspace: str, act: Act) -> bool:
    return feedback.holds(connection, workspace, act.key)


_STANDS = {"pin": _pin, "unpin": _unpin, "snooze": _snooze, "feedback": _feedback}


def stands(connection: Connection, workspace: str, act: Act) -> bool:
    """Tell whether memory is as the act has left it."""
    return _STANDS[act.action](connection, workspace, act)
