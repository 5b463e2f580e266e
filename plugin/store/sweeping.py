"""Retention: remove what is older than each kind may be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, delete

from plugin.store import audit, taken
from plugin.store.tables import (
    ACTS,
    EPISODES,
    ERASURES,
    FEEDBACK,
    FOLDS,
    OUTCOMES,
    PINS,
    SNOOZES,
    TRANSITIONS,
)

# What says how old a row of each kind is; the audit has a way of its own.
_AGES: dict[str, Column[datetime]] = {
    "pins": PINS.c.at,
    "feedback": FEEDBACK.c.at,
    "snoozes": SNOOZES.c.until,
    "episodes": EPISODES.c.at,
    "transitions": TRANSITIONS.c.at,
    "folds": FOLDS.c.at,
    "outcomes": OUTCOMES.c.at,
    "acts": ACTS.c.at,
    "erasures": ERASURES.c.at,
}


def sweep(
    connection: Connection, workspace: str, retention: Mapping[str, float], now: datetime
) -> dict[str, int]:
    """Remove what is too old; return how much of each kind. `retention` is in seconds, 0: ever."""
    removed: dict[str, int] = {}
    for kind, column in _AGES.items():
        if retention.get(kind):
            before = now - timedelta(seconds=retention[kind])
            old = delete(column.table).where(column.table.c.workspace == workspace, column < before)
            removed[kind] = connection.execute(old).rowcount
    removed["taken"] = taken.forget(connection, workspace, now)
    mark: Mapping[str, object] = {}
    if retention.get("audit"):
        before = now - timedelta(seconds=retention["audit"])
        removed["audit"], mark = audit.sweep(connection, workspace, before)
    counts = {kind: count for kind, count in removed.items() if count}
    if counts:
        detail = {"removed": counts, **mark}
        audit.append(
            connection, workspace, audit.AuditEvent(now, "sidelight", audit.SWEPT, detail=detail)
        )
    return counts
