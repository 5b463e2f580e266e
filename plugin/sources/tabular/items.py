"""Read tables of many rows an account: lists of records, left incomplete where a row is bad."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from plugin.account.vocabulary import (
    Change,
    Contact,
    Deal,
    Invoice,
    Limit,
    Milestone,
    Module,
    OffboardingEvent,
    Ticket,
    UpgradeInterest,
)
from plugin.sources.tabular.found import RowFindings
from plugin.sources.tabular.mining import Mine, read_texts
from plugin.sources.tabular.problems import TableProblem
from plugin.sources.tabular.sheets import SETTLED
from plugin.sources.tabular.table import Row, Table
from plugin.sources.untold import untold
from plugin.upstream import BadValue

RECORDS: dict[str, type] = {
    "contacts": Contact,
    "invoices": Invoice,
    "tickets": Ticket,
    "deals": Deal,
    "modules": Module,
    "limits": Limit,
    "milestones": Milestone,
    "interest": UpgradeInterest,
    "offboarding": OffboardingEvent,
    "changes": Change,
}
_NEWEST_FIRST = {"tickets": "created_at", "interest": "at", "offboarding": "at", "changes": "at"}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def _item(table: Table, row: Row) -> Any:
    record = RECORDS[table.sheet.name]
    names = {field.name for field in dataclasses.fields(record)}
    return record(**{name: value for name, value in row.values.items() if name in names})


def _ordered(table: Table, rows: Iterable[Row]) -> list[Row]:
    newest = _NEWEST_FIRST.get(table.sheet.name)
    if newest:
        return sorted(rows, key=lambda row: row.values.get(newest, _LONG_AGO), reverse=True)
    if table.sheet.name == "invoices":
        return sorted(rows, key=lambda row: row.values.get("due_at", date.max))
    return list(rows)


def _bad(table: Table, problem: TableProblem) -> BadValue:
    root, column = table.sheet.root, problem.column
    known = column in {field.name for field in dataclasses.fields(RECORDS[table.sheet.name])}
    path = f"{root}[].{column}" if known else root
    return BadValue(path, problem.where, problem.message)


def _split(table: Table, rows: Sequence[Row]) -> tuple[list[Row], list[BadValue]]:
    """Return the rows that can be used, and why the others cannot."""
    ids = Counter(row.values.get("id") for row in rows if not row.lost)
    good, bad = [], []
    for row in rows:
        identity = row.values.get("id")
        if row.lost:
            bad += [_bad(table, problem) for problem in row.bad.values()]
        elif identity is not None and ids[identity] > 1:
            problem = TableProblem(table.file, row.line, "id", f"{identity!r} stands here twice")
            bad.append(_bad(table, problem))
        else:
            good.append(row)
    return good, bad


def _invoice(item: Invoice, today: date) -> Invoice:
    if item.due_at is None or item.days_overdue is not None:
        return item
    return dataclasses.replace(item, days_overdue=max(0, (today - item.due_at).days))


def _limit(item: Limit) -> Limit:
    if item.ratio is not None or item.used is None or not item.limit:
        return item
    return dataclasses.replace(item, ratio=item.used / item.limit)


def _finished(item: Any, today: date) -> Any:
    """Return the item with what follows from its own fields and the day."""
    if isinstance(item, Invoice):
        return _invoice(item, today)
    return _limit(item) if isinstance(item, Limit) else item


def read_items(table: Table, rows: tuple[Row, ...], today: date) -> tuple[RowFindings, list[Row]]:
    """Return the account's list, and the rows that it was made of, in its order."""
    sheet = table.sheet
    good, bad = _split(table, rows)
    still = [row for row in good if row.values.get("status") not in SETTLED]
    kept = _ordered(table, still)[: sheet.cap]
    partial = frozenset([sheet.root] if bad or len(kept) < len(still) else [])
    if not rows and not sheet.known_empty:
        return RowFindings(), []
    if bad and not good:  # nothing could be read, which is not an empty list
        return RowFindings(bad=(BadValue(sheet.root, bad[0].where, bad[0].message), *bad)), []
    items = tuple(_finished(_item(table, row), today) for row in kept)
    fields = {sheet.root: table.file}
    never = untold(sheet.root, table.columns)
    return RowFindings({sheet.root: items}, fields, tuple(bad), partial, never), kept


def read_tickets(table: Table, rows: tuple[Row, ...], today: date, mine: Mine) -> RowFindings:
    """Return tickets, newest first, and what is mentioned in them; each text is read once."""
    found, kept = read_items(table, rows, today)
    if "tickets" not in found.values:
        whole = [replace(one, field="mentions") for one in found.bad if one.field == "tickets"]
        return replace(found, bad=(*found.bad, *whole))
    texts = [[row.values["text"]] if "text" in row.values else [] for row in kept]
    told = zip(found.values["tickets"], texts, strict=True)
    read = read_texts(told, mine)
    values: dict[str, Any] = {"tickets": read.tickets}
    fields = {"tickets": table.file}
    if "text" not in table.columns:
        why = "has no column text, so nobody knows what customers wrote"
        silent = BadValue("mentions", table.file, why, "not_configured")
        return replace(found, values=values, fields=fields, bad=(*found.bad, silent))
    partial = found.partial | ({"mentions"} if found.partial or not read.judged else set())
    values, fields = {**values, "mentions": read.mentions}, {**fields, "mentions": table.file}
    return replace(found, values=values, fields=fields, partial=partial)
