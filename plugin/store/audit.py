"""The audit: who did or saw what, in a chain of hashes that shows any change afterwards.

No entry holds a customer's address or a secret: people of a customer are named by pseudonym.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, text, update

from plugin.store.tables import AUDIT, AUDIT_HEADS
from plugin.store.upserts import upsert

START = "0" * 64
SWEPT = "swept"
_PAGE = 1_000  # entries in memory at once


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """What is to be remembered: `target` is what it was done to, in words of ours."""

    at: datetime
    actor: str
    action: str
    target: str = ""
    role: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One link of the chain."""

    seq: int
    event: AuditEvent
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold, and how."""

    seq: int
    message: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends: the number of its newest entry, and that one's hash."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


def link_hash(workspace: str, seq: int, prev: str, event: AuditEvent) -> str:
    """Return the hash of one entry: of all it says, and of the entry before."""
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    detail = dict(event.detail)
    parts = [workspace, seq, prev, at, event.actor, event.role, event.action, event.target, detail]
    content = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def head_of(connection: Connection, workspace: str) -> Head | None:
    """Return where the chain ended when it was last written to."""
    query = select(AUDIT_HEADS.c.seq, AUDIT_HEADS.c.hash)
    found = connection.execute(query.where(AUDIT_HEADS.c.workspace == workspace)).first()
    return Head(found[0], found[1]) if found else None


def _last(connection: Connection, workspace: str) -> Head | None:
    """Return where the chain ends now: a note of its end that is lost stops nobody's work."""
    mine = select(AUDIT.c.seq, AUDIT.c.hash).where(AUDIT.c.workspace == workspace)
    found = connection.execute(mine.order_by(AUDIT.c.seq.desc()).limit(1)).first()
    return Head(found[0], found[1]) if found else None


def take_turn(connection: Connection, workspace: str) -> None:
    """Let no other transaction add to this chain until this one ends; SQLite has one writer."""
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtext(:name))")
        connection.execute(lock, {"name": f"audit:{workspace}"})


def append(connection: Connection, workspace: str, event: AuditEvent) -> None:
    """Add an entry to the chain; others that add to it wait for this transaction."""
    take_turn(connection, workspace)
    before = head_of(connection, workspace) or _last(connection, workspace) or Head(0, START)
    seq = before.seq + 1
    own = link_hash(workspace, seq, before.hash, event)
    row = {"workspace": workspace, "seq": seq, "prev": before.hash, "hash": own, "at": event.at}
    row |= {"actor": event.actor, "role": event.role, "action": event.action}
    row |= {"target": event.target, "detail": dict(event.detail)}
    connection.execute(AUDIT.insert().values(**row))
    upsert(connection, AUDIT_HEADS, {"workspace": workspace, "seq": seq, "hash": own})


def count_turn(connection: Connection, workspace: str) -> None:
    """Count that somebody changed what is shown: see `turns`."""
    counted = update(AUDIT_HEADS).where(AUDIT_HEADS.c.workspace == workspace)
    connection.execute(counted.values(turns=AUDIT_HEADS.c.turns + 1))


# Built once: this is asked for each account that is opened.
_TURNS = select(AUDIT_HEADS.c.turns).where(AUDIT_HEADS.c.workspace == bindparam("of_workspace"))


def turns(connection: Connection, workspace: str) -> int:
    """Return how often somebody changed what is shown, in whichever process."""
    return connection.execute(_TURNS, {"of_workspace": workspace}).scalar() or 0


def entries(connection: Connection, workspace: str) -> Iterator[AuditEntry]:
    """Yield the chain of a workspace, oldest first, a page at a time."""
    query = select(AUDIT).where(AUDIT.c.workspace == workspace).order_by(AUDIT.c.seq)
    for row in connection.execute(query.execution_options(yield_per=_PAGE)).mappings():
        event = AuditEvent(
            row["at"], row["actor"], row["action"], row["target"], row["role"], row["detail"]
        )
        yield AuditEntry(row["seq"], event, row["prev"], row["hash"])


def workspaces(connection: Connection) -> list[str]:
    """Return the workspaces that have a chain, also those that the settings no longer name."""
    return sorted(connection.execute(select(AUDIT_HEADS.c.workspace)).scalars())


def _start(connection: Connection, workspace: str) -> Head:
    """Return the entry that the last sweep removed last: the chain begins after it."""
    sweeps = connection.execute(
        select(AUDIT.c.detail)
        .where(AUDIT.c.workspace == workspace, AUDIT.c.action == SWEPT)
        .order_by(AUDIT.c.seq.desc())
    ).scalars()
    last: Mapping[str, Any] = next((one for one in sweeps if one.get("audit_seq")), {})
    return Head(last.get("audit_seq", 0), last.get("audit_hash", START))


def _breaks(workspace: str, entry: AuditEntry, before: Head) -> Iterator[Break]:
    """Yield what is wrong with an entry that should follow `before`."""
    if entry.seq != before.seq + 1:
        yield Break(entry.seq, f"expected entry {before.seq + 1}: entries are missing")
    elif entry.prev != before.hash:
        yield Break(entry.seq, "does not follow the entry before it")
    if entry.hash != link_hash(workspace, entry.seq, entry.prev, entry.event):
        yield Break(entry.seq, "was changed after it was written")


def _end(last: Head, written: Head) -> Iterator[Break]:
    """Yield what is wrong with the end of a chain."""
    if written.seq > last.seq:
        yield Break(written.seq, f"is missing: the chain ends at entry {last.seq}")
    elif written != last:
        yield Break(last.seq, "is not the last one that was written")


def verify(
    connection: Connection, workspace: str, known: Head | None = None
) -> tuple[int, list[Break]]:
    """Return how many entries there are, and every place where the chain does not hold.

    `known` is the head of an earlier check, kept elsewhere: the chain must still hold it, so
    that not even a chain that was written anew from its beginning goes unnoticed.
    """
    before = _start(connection, workspace)
    written = head_of(connection, workspace) or before
    was_there = known is None or known.seq <= before.seq
    breaks: list[Break] = []
    count = 0
    for entry in entries(connection, workspace):
        breaks += _breaks(workspace, entry, before)
        before, count = Head(entry.seq, entry.hash), count + 1
        was_there = was_there or before == known
    breaks += _end(before, written)
    if known is not None and not was_there:
        breaks.append(Break(known.seq, "is not the one of the earlier check"))
    return count, breaks


def sweep(
    connection: Connection, workspace: str, before: datetime
) -> tuple[int, Mapping[str, Any]]:
    """Remove the oldest entries; return how many, and what the chain must remember of them.

    The newest entry always stays: the next one follows it.
    """
    mine = AUDIT.c.workspace == workspace
    young = select(func.min(AUDIT.c.seq)).where(mine, AUDIT.c.at >= before)
    newest = connection.execute(select(func.max(AUDIT.c.seq)).where(mine)).scalar() or 0
    first_kept = min(connection.execute(young).scalar() or newest, newest)
    last = connection.execute(select(AUDIT.c.hash).where(mine, AUDIT.c.seq == first_kept - 1))
    last_hash = last.scalar()
    if last_hash is None:
        return 0, {}
    gone = connection.execute(delete(AUDIT).where(mine, AUDIT.c.seq < first_kept)).rowcount
    return gone, {"audit_seq": first_kept - 1, "audit_hash": last_hash}
