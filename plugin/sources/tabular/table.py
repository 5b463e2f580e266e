"""Type a whole file: each row as the vocabulary wants it, each mistake with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from plugin.sources.tabular.binding import (
    CUSTOM,
    LINKED,
    BoundColumns,
    bind,
    column_of,
    headers_of,
    in_currency,
    unread,
)
from plugin.sources.tabular.export import ASK
from plugin.sources.tabular.problems import BadCell, BadFile, TableProblem
from plugin.sources.tabular.raw import RawRow, RawTable
from plugin.sources.tabular.readers import read_cell
from plugin.sources.tabular.shape import Sheet
from plugin.sources.tabular.table_map import PLAIN, TableMap
from plugin.sources.tabular.units import in_another_unit
from plugin.sources.values import is_empty

__all__ = [
    "CUSTOM",
    "LINKED",
    "Key",
    "Row",
    "Table",
    "build_table",
    "column_of",
    "lacking",
    "read_cell",
]

Key = tuple[str, str]
_WHOSE = ("account_id", "domain", "email", "requester_email")  # the first that is filled counts


@dataclass(frozen=True, slots=True)
class Row:
    """One typed row. `bad` names the columns that could not be read, and why.

    `key` says whose row it is: ("account_id" | "domain" | "email", value); `lost` that a part
    without which the row says nothing could not be read.
    """

    line: int
    key: Key
    values: Mapping[str, Any]
    bad: Mapping[str, TableProblem]
    lost: bool = False

    @property
    def as_of(self) -> datetime | None:
        """Return the time that the row itself says it holds for."""
        found = self.values.get("as_of")
        return found if isinstance(found, datetime) else None


@dataclass(frozen=True, slots=True)
class Table:
    """One file, read: its rows, our columns that it fills, and everything that is wrong with it."""

    sheet: Sheet
    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[TableProblem, ...]
    torn: bool = False
    said: TableMap = PLAIN


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the rows of one file have in common."""

    sheet: Sheet
    bound: Mapping[str, BoundColumns]
    said: TableMap
    file: str

    def problem(self, line: int, column: str, message: str, hint: str = "") -> TableProblem:
        """Return a problem at its place, under the file's own name of the column."""
        one = self.bound.get(column)
        theirs = one.source if one and one.source else column
        return TableProblem(self.file, line, theirs, message, hint)


def _missing(row: Mapping[str, Any], sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    """Yield column, message and hint of what a row lacks."""
    for column in sheet.columns:
        if column.required and column.name not in row:
            yield column.name, "is empty, and the row needs it", column.doc


def _money(
    values: dict[str, Any], shape: _Shape, bad: dict[str, TableProblem], line: int
) -> dict[str, Any]:
    """Return the row with each amount in its currency; what has none is said once."""
    about = bool(values.get("approximate"))
    for name, one in shape.bound.items():
        if one.column.kind != "money" or name not in values:
            continue
        currency = values.get("currency") or one.said.currency
        try:
            made = (
                None
                if "currency" in bad
                else in_currency(values[name], currency or shape.said.currency, about=about)
            )
        except BadCell as error:
            bad[name], made = shape.problem(line, name, str(error), error.hint), None
        if made is None and name not in bad:
            hint = 'an ISO 4217 code such as USD; or set currency = "usd" in the mapping'
            bad.setdefault(
                "currency", shape.problem(line, "currency", f"is empty beside {one.source}", hint)
            )
        values[name] = made
    return {name: value for name, value in values.items() if value is not None}


def _key(values: Mapping[str, Any], sheet: Sheet) -> Key:
    for name in _WHOSE[:1] if sheet.name == "accounts" else _WHOSE:
        if name in values:
            return (name.removeprefix("requester_"), values[name])
    return ("", "")


def _typed(raw: RawRow, shape: _Shape) -> tuple[dict[str, Any], dict[str, TableProblem]]:
    values: dict[str, Any] = {}
    bad: dict[str, TableProblem] = {}
    for name, one in shape.bound.items():
        cell = one.raw(raw)
        if is_empty(cell):
            continue
        try:
            values[name] = one.read(cell)
        except BadCell as error:
            bad[name] = shape.problem(raw.line, name, str(error), error.hint)
    return values, bad


def _row(raw: RawRow, shape: _Shape) -> Row:
    """Return one typed row; a cell that cannot be read costs itself, never the row."""
    values, bad = _typed(raw, shape)
    values = _money(values, shape, bad, raw.line)
    for name, message, hint in _missing(values, shape.sheet):
        bad.setdefault(name, shape.problem(raw.line, name, message, hint))
    key = _key(values, shape.sheet)
    if not key[0]:
        hint = "account_id, domain or an e-mail address"
        missing = shape.problem(raw.line, "account_id", "is empty: whose row is it?", hint)
        bad.setdefault("account_id", missing)
    if raw.problem:  # cells may have moved, so nothing but whose row it is can be trusted
        values, bad = {}, {"": shape.problem(raw.line, "", raw.problem, "the row is left out")}
    required = {column.name for column in shape.sheet.columns if column.required}
    lost = bool(raw.problem or not key[0] or (required & bad.keys()))
    return Row(raw.line, key, values, bad, lost)


def lacking(names: tuple[str, ...], sheet: Sheet, said: TableMap) -> list[str]:
    """Return the columns that a file must have and does not, by the names it would have them."""
    headers = headers_of(sheet, said)
    given = {one.name for one in said.columns if one.value is not None}
    needed = [column.name for column in sheet.columns if column.required]
    return [headers[name] for name in needed if name not in given and headers[name] not in names]


def _is_owned(names: tuple[str, ...], sheet: Sheet, said: TableMap) -> bool:
    """Say whether any column tells whose a row is."""
    headers = headers_of(sheet, said)
    given = {one.name for one in said.columns if one.value is not None}
    return any(key in given or headers.get(key) in names for key in _WHOSE)


def _check_header(raw: RawTable, sheet: Sheet, said: TableMap) -> None:
    missing = lacking(raw.columns, sheet, said)
    hint = "sidelight map FOLDER proposes a mapping of the columns that are there"
    if missing and (raw.rows or raw.columns):
        one = (
            "; it reads as one column: is the delimiter right?"
            if raw.delimiter and len(raw.columns) == 1
            else ""
        )
        raise BadFile(f"has no column {', '.join(missing)}{one}", raw.header, hint)
    if raw.rows and not _is_owned(raw.columns, sheet, said):
        owners = " or ".join(key for key in _WHOSE if sheet.column(key))
        raise BadFile(f"has no column that says whose a row is: {owners}", raw.header, hint)


def _asked(shape: _Shape, rows: tuple[Row, ...]) -> Iterator[TableProblem]:
    """Ask once what the amounts of an export mean that does not say it."""
    said = shape.said
    several = [row for row in rows if "amount" in row.values and row.values.get("quantity", 1) > 1]
    if said.amount == ASK and several:
        amount, quantity = several[0].values["amount"], several[0].values["quantity"]
        message = f"{amount.amount} beside a quantity of {quantity} may be for one or for all"
        hint = 'say amount = "each" or amount = "all" in the mapping of subscriptions'
        yield shape.problem(several[0].line, "amount", message, hint)


def build_table(raw: RawTable, sheet: Sheet, file: str, said: TableMap = PLAIN) -> Table:
    """Return the typed table; BadFile where its columns are not those of the shape."""
    _check_header(raw, sheet, said)
    bound = bind(raw, sheet, said)
    shape = _Shape(sheet, bound, said, file)
    rows = tuple(_row(row, shape) for row in raw.rows)
    notes = [TableProblem(file, line, "", text, is_note=True) for line, text in raw.notes]
    if said.title:
        notes.append(TableProblem(file, 0, "", f"is read as {said.title}", is_note=True))
    problems = [
        *notes,
        *unread(raw, sheet, bound, said, file),
        *in_another_unit(bound, [row.values for row in rows], file),
        *_asked(shape, rows),
        *(bad for row in rows for bad in row.bad.values()),
    ]
    names = tuple(bound)
    return Table(sheet, file, names, rows, tuple(problems), raw.torn, said)
