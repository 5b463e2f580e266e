"""Which column of a file fills which of ours, and how its cells are meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from plugin.account.money import Money
from plugin.errors import did_you_mean, nearest
from plugin.sources import numbers, times, values
from plugin.sources.tabular.problems import BadCell, BadFile, TableProblem
from plugin.sources.tabular.raw import RawRow, RawTable, column_name
from plugin.sources.tabular.readers import read_cell
from plugin.sources.tabular.shape import Column, Sheet
from plugin.sources.tabular.table_map import ColumnMap, TableMap
from plugin.sources.values import UNDECIDED, Convention, settled

CUSTOM = re.compile(r"custom\.([a-z][a-z0-9_]{0,63})(?::(string|number|bool|date|date-time))?")
LINKED = re.compile(r"id\.([a-z0-9_-]{1,64})")
NUMBERS = frozenset({"whole", "number", "money", "list of whole", "list of number"})
TIMES = frozenset({"date", "date-time"})
_SHOWN = 30  # columns that are named in one line


def column_of(sheet: Sheet, name: str) -> Column | None:
    """Return how a column of a file is read; None where the shape does not know it."""
    custom = CUSTOM.fullmatch(name)
    if custom and not sheet.root:
        return Column(name, custom[2] or "string", "", (f"custom.{custom[1]}",))
    if sheet.name == "accounts" and LINKED.fullmatch(name):
        return Column(name, "string", "")
    return sheet.column(name)


@dataclass(frozen=True, slots=True)
class BoundColumns:
    """One of our columns, tied to a column of the file: `source` is "" where there is none."""

    column: Column
    source: str
    said: ColumnMap
    how: Convention = UNDECIDED

    def raw(self, row: RawRow) -> object:
        """Return what stands in a row for this column, in our words."""
        cell = self.said.translated(self.said.joined(row.cells)) if self.source else None
        return self.said.value if values.is_empty(cell) else cell

    def read(self, raw: object) -> Any:
        """Return the typed value; an amount with the currencies that its sign allows."""
        scale = self.said.scale
        if self.column.kind == "money":
            amount, codes = values.read_money(raw, self.how)
            return read_cell(amount * scale if scale else amount, self.column), codes
        if self.said.split and isinstance(raw, str):
            raw = raw.split(self.said.split)
        if scale and self.column.kind in NUMBERS and not isinstance(raw, list):
            raw = values.read_number(raw, self.how) * scale
        return read_cell(raw, self.column, self.how)


def headers_of(sheet: Sheet, said: TableMap) -> dict[str, str]:
    """Return our column → the header that a file of this mapping has for it."""
    own = {column.name: column.name for column in sheet.columns}
    return own | {one.name: one.header for one in said.columns}


def _native(raw: RawTable, sheet: Sheet, said: TableMap) -> Iterator[BoundColumns]:
    """Yield the columns that are called like ours and that the mapping does not use."""
    used = {one.header for one in said.columns} | {one.name for one in said.columns}
    # A vendor's amounts without a currency are not asked for: they are "not read".
    is_bare = bool(said.title) and not said.currency and "currency" not in {*used, *raw.columns}
    for name in raw.columns:
        column = column_of(sheet, name)
        if column is not None and name not in used and not (is_bare and column.kind == "money"):
            yield BoundColumns(column, name, ColumnMap(name, name))


def _mapped(raw: RawTable, sheet: Sheet, said: TableMap) -> Iterator[BoundColumns]:
    for one in said.columns:
        column = column_of(sheet, one.name)
        is_there = one.header in raw.columns
        if column is not None and (is_there or one.value is not None):
            yield BoundColumns(column, one.header if is_there else "", one)


def _convention(bound: BoundColumns, raw: RawTable, said: TableMap) -> Convention:
    """Return how a column is meant: as the mapping says, else as its own cells prove."""
    own, kind = bound.said, bound.column.kind
    cells = [row.cells.get(bound.source) for row in raw.rows]
    decimal, order = own.decimal or said.decimal, own.date_order or said.date_order
    if kind in NUMBERS:
        decimal = settled(decimal, [numbers.evidence(cell) for cell in cells])
    if kind in TIMES:
        order = settled(order, [times.evidence(cell) for cell in cells])
    return Convention(decimal, order, own.time, said.time_zone)


def _with_semicolon(bound: Iterable[BoundColumns], raw: RawTable) -> list[BoundColumns]:
    """Return the columns where a file with semicolons has commas for decimals.

    Spreadsheets write semicolons where the comma is their decimal mark; a file in which any
    number proves a point is written by something else.
    """
    found = list(bound)
    proofs = (
        numbers.evidence(row.cells.get(one.source))
        for one in found
        if one.column.kind in NUMBERS
        for row in raw.rows
    )
    if raw.delimiter != ";" or any(marks == {"."} for marks in proofs):
        return found
    return [
        replace(one, how=replace(one.how, decimal=one.how.decimal or ","))
        if one.column.kind in NUMBERS
        else one
        for one in found
    ]


def _in_one_order(bound: Iterable[BoundColumns], raw: RawTable) -> list[BoundColumns]:
    """Return the columns where dates of no proven order follow those of the file that prove one."""
    found = list(bound)
    dated = [one for one in found if one.column.kind in TIMES]
    cells = {one.source: [row.cells.get(one.source) for row in raw.rows] for one in dated}
    proven = {
        next(iter(said))
        for column in cells.values()
        for said in map(times.evidence, column)
        if len(said) == 1
    }
    if len(proven) != 1:
        return found
    order = proven.pop()
    return [
        replace(one, how=replace(one.how, date_order=order))
        if one in dated and one.how.date_order is None and _admit(cells[one.source], order)
        else one
        for one in found
    ]


def _admit(cells: Iterable[object], order: str) -> bool:
    """Say whether every cell that tells of an order may be written in this one."""
    return all(order in said for said in map(times.evidence, cells) if said)


def bind(raw: RawTable, sheet: Sheet, said: TableMap) -> dict[str, BoundColumns]:
    """Return our columns by name, tied to those of the file; BadFile where one is there twice."""
    tied = [*_mapped(raw, sheet, said), *_native(raw, sheet, said)]
    for one in tied:
        if one.source in raw.repeated:
            raise BadFile(
                f"names the column {one.source[:80]} twice", raw.header, "keep one of them"
            )
    known = [replace(one, how=_convention(one, raw, said)) for one in tied]
    return {one.column.name: one for one in _in_one_order(_with_semicolon(known, raw), raw)}


def unread(
    raw: RawTable, sheet: Sheet, bound: Mapping[str, BoundColumns], said: TableMap, file: str
) -> Iterator[TableProblem]:
    """Yield what the mapping names and the file lacks, and in one line what nobody reads."""
    for one in said.columns:
        if not said.title and one.source and one.header not in raw.columns:
            hint = did_you_mean(one.header, raw.columns, "see the file's header")
            message = f"the mapping names a column {one.source!r} that is not there"
            yield TableProblem(file, raw.header, one.name, message, hint)
    read = {one.source for one in bound.values()}
    read |= {column_name(name) for one in bound.values() for name in one.said.also}
    left = list(dict.fromkeys(name for name in raw.columns if name and name not in read))
    if left:
        named = [_left(name, sheet, bound) for name in left[:_SHOWN]]
        more = f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
        message = f"not read: {', '.join(named)}{more}"
        hint = "name one in the mapping, or call it custom.<name>, to have it shown"
        yield TableProblem(file, 0, "", message, "" if sheet.root else hint, is_note=True)


def _left(name: str, sheet: Sheet, bound: Mapping[str, BoundColumns]) -> str:
    own = sheet.column(name)
    if own and own.kind == "money" and name not in bound:
        return f"{name} (no column says in which currency)"
    free = [column.name for column in sheet.columns if column.name not in bound]
    near = nearest(name, free, 0.75)  # a guess that nobody asked for
    return f"{name[:80]} (is it {near}?)" if near else name[:80]


def in_currency(
    found: tuple[Any, frozenset[str]], currency: str | None, *, about: bool
) -> Money | None:
    """Return an amount in the row's currency, else in that of its own sign; BadCell for two."""
    amount, codes = found
    own = next(iter(codes)) if len(codes) == 1 else None
    code = currency or own
    if code and codes and code not in codes:
        listed = " or ".join(sorted(code.upper() for code in codes))
        raise BadCell(f"its sign is that of {listed}, and the row is in {code.upper()}")
    return Money(amount, code, about) if code else None
