"""Snoozes: a signal that somebody does not want to see until a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from plugin.store.tables import SNOOZES
from plugin.store.upserts import upsert

DAYS = (1, 7, 30)


@dataclass(frozen=True, slots=True)
class Snooze:
    """One snooze, and what held when it was set: a worse severity or a new version ends it."""

    account_id: str
    rule: str
    until: datetime
    snoozed_by: str
    at: datetime
    reason: str = ""
    severity: str | None = None
    version: str | None = None


def _snooze(row: Mapping[str, Any]) -> Snooze:
    return Snooze(**{name: value for name, value in row.items() if name != "workspace"})


def put(connection: Connection, workspace: str, snooze: Snooze) -> None:
    """Snooze a signal, in the place of an earlier snooze."""
    upsert(connection, SNOOZES, {"workspace": workspace, **asdict(snooze)})


# Built once: this is asked for each account that is opened.
_OF_ACCOUNT = select(SNOOZES).where(
    SNOOZES.c.workspace == bindparam("of_workspace"),
    SNOOZES.c.account_id == bindparam("of_account"),
)


def of_account(connection: Connection, workspace: str, account_id: str) -> dict[str, Snooze]:
    """Return rule → its snooze, over or not."""
    found = connection.execute(_OF_ACCOUNT, {"of_workspace": workspace, "of_account": account_id})
    return {row["rule"]: _snooze(dict(row)) for row in found.mappings()}


def remove(connection: Connection, workspace: str, account_id: str, rule: str) -> None:
    """Take a snooze away."""
    connection.execute(
        delete(SNOOZES).where(
            SNOOZES.c.workspace == workspace,
            SNOOZES.c.account_id == account_id,
            SNOOZES.c.rule == rule,
        )
    )
