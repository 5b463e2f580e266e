"""Acts: what a person did in the widget, once for each key, and how to take it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from plugin.store.tables import ACTS
from plugin.store.upserts import insert_once

TWICE = timedelta(seconds=10)  # within this time two equal presses are one


@dataclass(frozen=True, slots=True)
class Act:
    """One act: `target` names what was changed, `before` is what stood there, None: nothing."""

    actor: str
    key: str
    action: str
    at: datetime
    said: str = ""
    account_id: str | None = None
    target: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] | None = None
    undone_at: datetime | None = None


def _act(row: Mapping[str, Any]) -> Act:
    return Act(**{name: value for name, value in row.items() if name != "workspace"})


def find(connection: Connection, workspace: str, actor: str, key: str) -> Act | None:
    """Return what this person did under this key."""
    found = connection.execute(
        select(ACTS).where(ACTS.c.workspace == workspace, ACTS.c.actor == actor, ACTS.c.key == key)
    )
    row = found.mappings().first()
    return None if row is None else _act(dict(row))


def find_twin(connection: Connection, workspace: str, act: Act) -> Act | None:
    """Return the same act of this person a moment ago: a double click has two keys, one meaning."""
    found = connection.execute(
        select(ACTS)
        .where(
            ACTS.c.workspace == workspace,
            ACTS.c.actor == act.actor,
            ACTS.c.at > act.at - TWICE,
            ACTS.c.undone_at.is_(None),
        )
        .order_by(ACTS.c.at.desc())
    )
    meant = (act.action, act.account_id, dict(act.target))
    lately = (_act(dict(row)) for row in found.mappings())
    return next((one for one in lately if (one.action, one.account_id, one.target) == meant), None)


def add(
    connection: Connection, workspace: str, act: Act, before: Mapping[str, Any] | None = None
) -> bool:
    """Keep an act; return False when this person did something under this key before."""
    row = {"workspace": workspace, **asdict(act), "before": before}
    return insert_once(connection, ACTS, row)


def mark_undone(
    connection: Connection, workspace: str, actor: str, key: str, now: datetime
) -> None:
    """Remember that an act was taken back."""
    connection.execute(
        update(ACTS)
        .where(ACTS.c.workspace == workspace, ACTS.c.actor == actor, ACTS.c.key == key)
        .values(undone_at=now)
    )
