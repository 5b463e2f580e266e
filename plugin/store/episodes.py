"""Episodes: the state of each signal over time, one row per account and rule."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select

from plugin.rules.states import StoredState
from plugin.store import transitions
from plugin.store.tables import EPISODES
from plugin.store.transitions import UNTOLD, Judging
from plugin.store.upserts import upsert_all

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

    rows: tuple[StoredState, ...]
    over: tuple[str, ...]
    at: datetime
    judging: Judging = UNTOLD


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


def put(connection: Connection, workspace: str, account_id: str, episodes: Episodes) -> None:
    """Keep the rows, and what led to them; nothing judged earlier follows on what came later."""
    found = connection.execute(_OF_ACCOUNT, {"of_workspace": workspace, "of_account": account_id})
    stored = {row["rule"]: dict(row) for row in found.mappings()}
    rows = [
        row
        for row in sorted(episodes.rows, key=lambda row: row.rule)  # one order: no deadlock
        if row.rule not in stored or stored[row.rule]["at"] <= episodes.at
    ]
    before = {rule: _state(row) for rule, row in stored.items()}
    judging, at = episodes.judging, episodes.at
    transitions.add(connection, (workspace, account_id), before, rows, judging, at)
    place = {"workspace": workspace, "account_id": account_id, "at": at}
    values = [{**place, **{name: getattr(row, name) for name in FIELDS}} for row in rows]
    upsert_all(connection, EPISODES, values, newer="at")


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


def _over(before: StoredState, after: StoredState) -> bool:
    """Tell whether a dismissal ended because its lamp went out."""
    return before.dismissed is not None and after.dismissed is None


def since(
    before: Mapping[str, StoredState],
    after: Mapping[str, StoredState],
    at: datetime,
    judging: Judging = UNTOLD,
) -> Episodes:
    """Return what judging at an instant brought: lamps that changed, or were checked long ago."""
    rows = tuple(row for rule, row in after.items() if _is_new(before.get(rule), row))
    over = (rule for rule, row in after.items() if rule in before and _over(before[rule], row))
    return Episodes(rows, tuple(over), at, judging)
