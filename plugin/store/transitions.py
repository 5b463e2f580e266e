"""Transitions: what each signal did and when, one row a change, added and never changed.

They are written in the transaction that stores the state they lead to, whoever judged: a ticket
that opened or a round over all accounts. So the last transition always ends in the stored state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from plugin.account.money import Money
from plugin.rules.states import StoredState
from plugin.store.tables import TRANSITIONS

_BLIND = frozenset({"no_data", "abstained"})


@dataclass(frozen=True, slots=True)
class Judging:
    """With what an account was judged: the rules by their hash, its ARR then, and who sees it.

    `is_shadow`: the rules are only counted, nobody is shown them.
    """

    ruleset: str = ""
    arr: Money | None = None
    is_shadow: bool = False


UNTOLD = Judging()


@dataclass(frozen=True, slots=True)
class Transition:
    """One change of one signal of an account; `seq` counts them from 1.

    `cause` is source (what is needed went missing, or is back), rule version (another version of
    the rule judged than before) or facts. `arr` is as text, such as "120000 usd".
    """

    account_id: str
    rule: str
    seq: int
    at: datetime
    before: str
    after: str
    severity: str
    cause: str
    version: str
    ruleset: str
    arr: str | None
    is_shadow: bool


def _is_change(before: StoredState, after: StoredState) -> bool:
    """Tell whether the state is another, or a signal that is lit weighs otherwise."""
    worse = after.state == "lit" and before.severity != after.severity
    return before.state != after.state or worse


def _cause(before: StoredState, after: StoredState) -> str:
    if (before.state in _BLIND) != (after.state in _BLIND):
        return "source"
    return "rule version" if before.version and before.version != after.version else "facts"


def _counts(connection: Connection, workspace: str, account_id: str) -> dict[str, int]:
    """Return rule → the number of its last transition."""
    table = TRANSITIONS.c
    query = (
        select(table.rule, func.max(table.seq))
        .where(table.workspace == workspace, table.account_id == account_id)
        .group_by(table.rule)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def add(
    connection: Connection,
    place: tuple[str, str],
    before: Mapping[str, StoredState],
    after: Iterable[StoredState],
    judging: Judging,
    at: datetime,
) -> int:
    """Add what leads from the stored states to these; return how many transitions that are.

    `place` is the workspace and the account.
    """
    workspace, account_id = place
    pairs = [(before.get(row.rule, StoredState(row.rule)), row) for row in after]
    changes = [(old, new) for old, new in pairs if _is_change(old, new)]
    if not changes:
        return 0
    counts = _counts(connection, workspace, account_id)
    arr = judging.arr and f"{judging.arr.amount} {judging.arr.currency}"
    rows: list[dict[str, Any]] = [
        {
            "workspace": workspace,
            "account_id": account_id,
            "rule": new.rule,
            "seq": counts.get(new.rule, 0) + 1,
            "at": at,
            "before": old.state,
            "after": new.state,
            "severity": new.severity,
            "cause": _cause(old, new),
            "version": new.version,
            "ruleset": judging.ruleset,
            "arr": arr,
            "is_shadow": judging.is_shadow,
        }
        for old, new in changes
    ]
    connection.execute(TRANSITIONS.insert(), rows)
    return len(rows)


def of_workspace(connection: Connection, workspace: str) -> Iterable[Transition]:
    """Yield every transition of a workspace, oldest first."""
    table = TRANSITIONS.c
    query = (
        select(TRANSITIONS)
        .where(table.workspace == workspace)
        .order_by(table.at, table.account_id, table.rule, table.seq)
    )
    for row in connection.execute(query).mappings():
        yield Transition(**{name: value for name, value in row.items() if name != "workspace"})
