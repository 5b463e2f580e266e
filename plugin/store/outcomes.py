"""The outcome ledger: shown, acknowledged, done, and what became of the account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from plugin.store.tables import OUTCOMES
from plugin.store.upserts import insert_once

STAGES = ("shown", "acknowledged", "done", "outcome")
RESULTS = ("renewed", "churned", "expanded", "saved")
SOURCES = ("widget", "api", "csv", "contract")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One entry; `id` names it for ever, `outcome` is set at the last stage only."""

    id: str
    account_id: str
    stage: str
    at: datetime
    told_by: str
    source: str
    rule: str | None = None
    outcome: str | None = None
    note: str | None = None


def _outcome(row: Mapping[str, Any]) -> Outcome:
    return Outcome(**{name: value for name, value in row.items() if name != "workspace"})


def add(connection: Connection, workspace: str, entry: Outcome) -> bool:
    """Add an entry; return False when its id is there already."""
    return insert_once(connection, OUTCOMES, {"workspace": workspace, **asdict(entry)})


def remove(connection: Connection, workspace: str, entry_id: str) -> None:
    """Take back an entry that a person undid."""
    connection.execute(
        delete(OUTCOMES).where(OUTCOMES.c.workspace == workspace, OUTCOMES.c.id == entry_id)
    )


def entries(connection: Connection, workspace: str) -> Iterator[Outcome]:
    """Yield the ledger of a workspace, oldest first."""
    found = connection.execute(
        select(OUTCOMES)
        .where(OUTCOMES.c.workspace == workspace)
        .order_by(OUTCOMES.c.at, OUTCOMES.c.id)
    )
    for row in found.mappings():
        yield _outcome(dict(row))
