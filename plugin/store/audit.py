"""The audit: who did or saw what, in a chain of hashes that shows any change afterwards.

No entry holds a customer's address or a secret: people of a customer are named by pseudonym.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, delete, select, text

from plugin.store.tables import AUDIT

START = "0" * 64
SWEPT = "swept"


@dataclass(frozen=True, slots=True)
class Event:
    """What is to be remembered: `target` is what it was done to, in words of ours."""

    at: datetime
    actor: str
    action: str
    target: str = ""
    role: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the chain."""

    seq: int
    event: Event
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold, and how."""

    seq: int
    message: str


def link_hash(workspace: str, seq: int, prev: str, event: Event) -> str:
    """Return the hash of one entry: of all it says, and of the entry before."""
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    detail = dict(event.detail)
    parts = [workspace, seq, prev, at, event.actor, event.role, event.action, event.target, detail]
    content = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def _last(connection: Connection, workspace: str) -> tuple[int, str]:
    found = connection.execute(
        select(AUDIT.c.seq, AUDIT.c.hash)
        .where(AUDIT.c.workspace == workspace)
        .order_by(AUDIT.c.seq.desc())
        .limit(1)
    ).first()
    return (found[0], found[1]) if found else (0, START)


def take_turn(connection: Connection, workspace: str) -> None:
    """Let no other transaction add to this chain until this one ends; SQLite has one writer."""
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtext(:name))")
        connection.execute(lock, {"name": f"audit:{workspace}"})


def append(connection: Connection, workspace: str, event: Event) -> None:
    """Add an entry to the chain; others that add to it wait for this transaction."""
    take_turn(connection, workspace)
    last, prev = _last(connection, workspace)
    seq = last + 1
    row = {"workspace": workspace, "seq": seq, "prev": prev, "at": event.at}
    row |= {"actor": event.actor, "role": event.role, "action": event.action}
    row |= {"target": event.target, "detail": dict(event.detail)}
    connection.execute(AUDIT.insert().values(**row, hash=link_hash(workspace, seq, prev, event)))


def entries(connection: Connection, workspace: str) -> Iterator[Entry]:
    """Yield the chain of a workspace, oldest first."""
    found = connection.execute(
        select(AUDIT).where(AUDIT.c.workspace == workspace).order_by(AUDIT.c.seq)
    )
    for row in found.mappings():
        event = Event(
            row["at"], row["actor"], row["action"], row["target"], row["role"], row["detail"]
        )
        yield Entry(row["seq"], event, row["prev"], row["hash"])


def workspaces(connection: Connection) -> list[str]:
    """Return the workspaces that have a chain."""
    return sorted(connection.execute(select(AUDIT.c.workspace).distinct()).scalars())


def _swept(chain: list[Entry]) -> Mapping[str, Any]:
    """Return what the last sweep says of the entry that it removed last."""
    sweeps = [entry.event.detail for entry in chain if entry.event.action == SWEPT]
    last = [detail for detail in sweeps if detail.get("audit_seq")]
    return last[-1] if last else {}


def verify(connection: Connection, workspace: str) -> tuple[int, list[Break]]:
    """Return how many entries there are, and every place where the chain does not hold."""
    chain = list(entries(connection, workspace))
    swept = _swept(chain)
    expected, prev = swept.get("audit_seq", 0) + 1, swept.get("audit_hash", START)
    breaks: list[Break] = []
    for entry in chain:
        if entry.seq != expected:
            breaks.append(Break(entry.seq, f"expected entry {expected}: entries are missing"))
        elif entry.prev != prev:
            breaks.append(Break(entry.seq, "does not follow the entry before it"))
        if entry.hash != link_hash(workspace, entry.seq, entry.prev, entry.event):
            breaks.append(Break(entry.seq, "was changed after it was written"))
        expected, prev = entry.seq + 1, entry.hash
    return len(chain), breaks


def sweep(
    connection: Connection, workspace: str, before: datetime
) -> tuple[int, Mapping[str, Any]]:
    """Remove the oldest entries; return how many, and what the chain must remember of them.

    The newest entry always stays: the next one follows it.
    """
    chain = list(entries(connection, workspace))[:-1]
    gone = list(takewhile(lambda entry: entry.event.at < before, chain))
    if not gone:
        return 0, {}
    last = gone[-1]
    connection.execute(delete(AUDIT).where(AUDIT.c.workspace == workspace, AUDIT.c.seq <= last.seq))
    return last.seq - gone[0].seq + 1, {"audit_seq": last.seq, "audit_hash": last.hash}
