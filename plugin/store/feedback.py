"""Feedback: what a person said of a signal; all but "useful" dismisses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from plugin.store.tables import FEEDBACK
from plugin.store.upserts import upsert

DISMISSES = frozenset({"wrong", "known", "handled"})


@dataclass(frozen=True, slots=True)
class Feedback:
    """One word of a person on one signal, and what held when it was said.

    `ended_at` is when a dismissal ended: taken back, or the signal went out.
    """

    id: str
    account_id: str
    rule: str
    word: str
    given_by: str
    role: str
    at: datetime
    note: str = ""
    severity: str | None = None
    version: str | None = None
    input_hash: str | None = None
    ended_at: datetime | None = None


def _feedback(row: Mapping[str, Any]) -> Feedback:
    return Feedback(**{name: value for name, value in row.items() if name != "workspace"})


def add(connection: Connection, workspace: str, given: Feedback) -> None:
    """Keep what was said."""
    upsert(connection, FEEDBACK, {"workspace": workspace, **asdict(given)})


# Built once: this is asked for each account that is opened.
_DISMISSALS = (
    select(FEEDBACK)
    .where(
        FEEDBACK.c.workspace == bindparam("of_workspace"),
        FEEDBACK.c.account_id == bindparam("of_account"),
        FEEDBACK.c.ended_at.is_(None),
        FEEDBACK.c.word.in_(DISMISSES),
    )
    .order_by(FEEDBACK.c.at)
)


def dismissals(connection: Connection, workspace: str, account_id: str) -> dict[str, Feedback]:
    """Return rule → the latest dismissal that still holds."""
    found = connection.execute(_DISMISSALS, {"of_workspace": workspace, "of_account": account_id})
    return {row["rule"]: _feedback(dict(row)) for row in found.mappings()}


def holds(connection: Connection, workspace: str, feedback_id: str) -> bool:
    """Tell whether what was said under this id was neither taken back nor is over."""
    found = connection.execute(
        select(FEEDBACK.c.id).where(
            FEEDBACK.c.workspace == workspace,
            FEEDBACK.c.id == feedback_id,
            FEEDBACK.c.ended_at.is_(None),
        )
    )
    return found.first() is not None


def end(connection: Connection, workspace: str, feedback_id: str, now: datetime) -> None:
    """Let one dismissal end."""
    connection.execute(
        update(FEEDBACK)
        .where(FEEDBACK.c.workspace == workspace, FEEDBACK.c.id == feedback_id)
        .values(ended_at=now)
    )


def end_of_rules(
    connection: Connection, workspace: str, account_id: str, rules: Sequence[str], now: datetime
) -> None:
    """Let the dismissals of signals that went out end; later ones stay."""
    connection.execute(
        update(FEEDBACK)
        .where(
            FEEDBACK.c.workspace == workspace,
            FEEDBACK.c.account_id == account_id,
            FEEDBACK.c.rule.in_(rules),
            FEEDBACK.c.ended_at.is_(None),
            FEEDBACK.c.at <= now,
        )
        .values(ended_at=now)
    )
