"""Episodes: the state of each signal over time, one row per account and rule."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select

from plugin.signals.states import StoredState
from plugin.store.tables import EPISODES
from plugin.store.upserts import upsert

FIELDS = (
    "rule",
    "state",
    "since",
    "true_since",
    "last_true_at",
    "last_eval_at",
    "version",
    "input_hash",
    "severity",
)
_DARK = frozenset({"normal", "no_data", "abstained"})
_CLOSE = timedelta(minutes=5)  # a check this soon after the last one is not worth a write


@dataclass(frozen=True, slots=True)
class Episodes:
    """What judging one account brought: the rows to keep, and which dismissals are over."""

    workspace: str
    account_id: str
    rows: tuple[StoredState, ...]
    over: tuple[str, ...]
    at: datetime


def _state(row: Mapping[str, Any]) -> StoredState:
    return StoredState(**{name: row[name] for name in FIELDS})


# Built once: this is asked for each account that is opened.
_OF_ACCOUNT = select(EPISODES).where(
    EPISODES.c.workspace == bindparam("of_workspace"),
    EPISODES.c.account_id == bindparam("of_account"),
)


def of_account(connection: Connection, workspace: str, account_id: str) -> dict[str, StoredState]:
    """Return rule → its stored state, without what lies over it."""
    found = connection.execute(_OF_ACCOUNT, {"of_workspace": workspace, "of_account": account_id})
    return {row["rule"]: _state(dict(row)) for row in found.mappings()}


def put(connection: Connection, episodes: Episodes) -> None:
    """Keep the rows; one that was judged earlier never takes the place of a later one."""
    for row in sorted(episodes.rows, key=lambda row: row.rule):  # one order: no deadlock
        kept = {name: getattr(row, name) for name in FIELDS}
        place = {"workspace": episodes.workspace, "account_id": episodes.account_id}
        upsert(connection, EPISODES, {**place, **kept, "at": episodes.at}, newer="at")


def _is_new(before: StoredState | None, after: StoredState) -> bool:
    """Tell whether a row says more than the stored one does."""
    if before is None:
        return after.state not in _DARK
    for name in ("last_true_at", "last_eval_at"):
        old, new = getattr(before, name), getattr(after, name)
        if (old is None) != (new is None) or (old and new and abs(new - old) >= _CLOSE):
            return True
    seen = {name: getattr(before, name) for name in ("last_true_at", "last_eval_at")}
    plain = dataclasses.replace(after, **seen)
    return any(getattr(before, name) != getattr(plain, name) for name in FIELDS)


def changed(
    before: Mapping[str, StoredState], after: Iterable[StoredState]
) -> tuple[StoredState, ...]:
    """Return the rows worth keeping: lamps that changed, or were checked some time ago."""
    return tuple(row for row in after if _is_new(before.get(row.rule), row))


def over(before: Mapping[str, StoredState], after: Iterable[StoredState]) -> tuple[str, ...]:
    """Return the rules whose dismissal ended because their lamp went out."""
    ended = (row.rule for row in after if row.dismissed is None)
    return tuple(rule for rule in ended if rule in before and before[rule].dismissed is not None)
