"""Erase a person or an account from memory, and leave a receipt that does not say who it was."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, select, update

from plugin.facts.addresses import read_address
from plugin.store import audit
from plugin.store.pseudonyms import pseudonym
from plugin.store.tables import (
    ACTS,
    EPISODES,
    ERASURES,
    FEEDBACK,
    FOLDS,
    OUTCOMES,
    PINS,
    SNOOZES,
    TAKEN,
    TRANSITIONS,
)

KINDS = ("contact", "account", "workspace")
_BY_ACCOUNT = (PINS, FEEDBACK, SNOOZES, EPISODES, TRANSITIONS, OUTCOMES, ACTS)
_OF_WORKSPACE = (*_BY_ACCOUNT, FOLDS, TAKEN)


@dataclass(frozen=True, slots=True)
class Receipt:
    """That something was erased: when, of which kind, how much; `subject` is a pseudonym."""

    id: str
    at: datetime
    kind: str
    subject: str
    removed: Mapping[str, int]
    erased_by: str


def _receipt(row: Mapping[str, Any]) -> Receipt:
    return Receipt(**{name: value for name, value in row.items() if name != "workspace"})


def _account(connection: Connection, workspace: str, account_id: str) -> dict[str, int]:
    return {
        table.name: connection.execute(
            delete(table).where(table.c.workspace == workspace, table.c.account_id == account_id)
        ).rowcount
        for table in _BY_ACCOUNT
    }


def _notes(connection: Connection, workspace: str, table: Table, email: str) -> int:
    """Empty the notes that hold the address; what was decided stays."""
    column = "reason" if table is SNOOZES else "note"
    holds = func.lower(table.c[column]).contains(email.lower(), autoescape=True)
    changed = update(table).where(table.c.workspace == workspace, holds)
    return connection.execute(changed.values({column: ""})).rowcount


def _kept_notes(connection: Connection, workspace: str, email: str) -> int:
    """Empty the reasons that acts keep for their undoing where they hold the address."""
    mine = select(ACTS.c.actor, ACTS.c.key, ACTS.c.before).where(ACTS.c.workspace == workspace)
    held = [
        row
        for row in connection.execute(mine)
        if email in str((row.before or {}).get("reason", "")).casefold()
    ]
    for row in held:
        place = (ACTS.c.workspace == workspace, ACTS.c.actor == row.actor, ACTS.c.key == row.key)
        emptied = {**row.before, "reason": ""}
        connection.execute(update(ACTS).where(*place).values(before=emptied))
    return len(held)


def _contact(connection: Connection, workspace: str, email: str) -> dict[str, int]:
    address = read_address(email)
    keys = (address.keys() if address else ()) + (email,)
    wanted = {key.casefold() for key in keys}
    removed = {}
    pins = delete(PINS).where(PINS.c.workspace == workspace, func.lower(PINS.c.value).in_(wanted))
    removed["pins"] = connection.execute(pins).rowcount
    kept = connection.execute(
        select(ACTS.c.actor, ACTS.c.key, ACTS.c.target).where(ACTS.c.workspace == workspace)
    )
    meant = [
        (row.actor, row.key)
        for row in kept
        if str(row.target.get("value", "")).casefold() in wanted
    ]
    for actor, key in meant:
        connection.execute(
            delete(ACTS).where(
                ACTS.c.workspace == workspace, ACTS.c.actor == actor, ACTS.c.key == key
            )
        )
    removed["acts"] = len(meant)
    written = sorted(key for key in wanted if "@" in key)
    for table in (FEEDBACK, SNOOZES, OUTCOMES):
        notes = sum(_notes(connection, workspace, table, key) for key in written)
        removed[f"{table.name} notes"] = notes
    removed["acts notes"] = sum(_kept_notes(connection, workspace, key) for key in written)
    return removed


def _workspace(connection: Connection, workspace: str) -> dict[str, int]:
    return {
        table.name: connection.execute(delete(table).where(table.c.workspace == workspace)).rowcount
        for table in _OF_WORKSPACE
    }


def _earlier(connection: Connection, workspace: str, subject: str) -> Receipt | None:
    found = connection.execute(
        select(ERASURES)
        .where(ERASURES.c.workspace == workspace, ERASURES.c.subject == subject)
        .order_by(ERASURES.c.at.desc())
    )
    row = found.mappings().first()
    return None if row is None else _receipt(dict(row))


def erase(
    connection: Connection, workspace: str, kind: str, value: str, event: audit.AuditEvent
) -> Receipt:
    """Erase a contact by address, an account by id, or a workspace; return the receipt.

    Erasing what is gone already returns the earlier receipt: it may be repeated.
    """
    audit.take_turn(connection, workspace)  # nothing is written for it meanwhile, see Memory.behind
    subject = pseudonym(connection, workspace, kind, value)
    if kind == "contact":
        removed = _contact(connection, workspace, value)
    elif kind == "account":
        removed = _account(connection, workspace, value)
    else:
        removed = _workspace(connection, workspace)
    earlier = _earlier(connection, workspace, subject)
    if earlier is not None and not any(removed.values()):
        return earlier
    counts = {name: count for name, count in removed.items() if count}
    receipt = Receipt(uuid.uuid4().hex, event.at, kind, subject, counts, event.actor)
    connection.execute(ERASURES.insert().values(workspace=workspace, **asdict(receipt)))
    detail = {"receipt": receipt.id, "removed": counts}
    told = audit.AuditEvent(event.at, event.actor, "erased", f"{kind}:{subject}", "", detail)
    audit.append(connection, workspace, told)
    audit.count_turn(connection, workspace)
    return receipt


# Built once: this is asked for each account that is judged.
_SUBJECTS = select(ERASURES.c.subject).where(ERASURES.c.workspace == bindparam("of_workspace"))
_LATER_SUBJECTS = _SUBJECTS.where(ERASURES.c.at > bindparam("known"))


def subjects_since(
    connection: Connection, workspace: str, known: datetime | None
) -> frozenset[str]:
    """Return the pseudonyms of all that was erased after `known`, None: of all."""
    query = _SUBJECTS if known is None else _LATER_SUBJECTS
    values = {"of_workspace": workspace} | ({} if known is None else {"known": known})
    return frozenset(connection.execute(query, values).scalars())


def are_gone(
    connection: Connection, workspace: str, account_id: str, subjects: Collection[str]
) -> bool:
    """Tell whether an account, or its whole workspace, is among what was erased."""
    meant = (("account", account_id), ("workspace", workspace))
    return bool(subjects) and any(
        pseudonym(connection, workspace, kind, value) in subjects for kind, value in meant if value
    )


# Built once: this is asked for each account that is opened.
_LATEST = (
    select(ERASURES.c.at)
    .where(ERASURES.c.workspace == bindparam("of_workspace"))
    .order_by(ERASURES.c.at.desc())
    .limit(1)
)


def latest(connection: Connection, workspace: str) -> datetime | None:
    """Return when something was erased last."""
    return connection.execute(_LATEST, {"of_workspace": workspace}).scalar()
