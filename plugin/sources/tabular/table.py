"""Type a whole file: each row as the vocabulary wants it, each mistake with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from plugin.account.money import Money
from plugin.sources.tabular import cells
from plugin.sources.tabular.problems import BadCell, BadFile, TableProblem
from plugin.sources.tabular.raw import RawRow, RawTable
from plugin.sources.tabular.shape import WEEKS_MAX, Column, Sheet

CUSTOM = re.compile(r"custom\.([a-z][a-z0-9_]{0,63})(?::(string|number|bool|date|date-time))?")
LINKED = re.compile(r"id\.([a-z0-9_-]{1,64})")
Key = tuple[str, str]

_READERS: dict[str, Callable[[object, Column], Any]] = {
    "string": lambda raw, _: cells.read_text(raw),
    "whole": lambda raw, column: cells.read_whole(raw, column.limits),
    "number": lambda raw, column: cells.read_number(raw, column.limits),
    "bool": lambda raw, _: cells.read_bool(raw),
    "money": lambda raw, _: cells.read_amount(raw),
    "currency": lambda raw, _: cells.read_currency(raw),
    "date": lambda raw, _: cells.read_date(raw),
    "date-time": lambda raw, _: cells.read_instant(raw),
    "email": lambda raw, _: cells.read_email(raw),
    "domain": lambda raw, _: cells.read_domain(raw),
    "link": lambda raw, _: cells.read_link(raw),
    "word": lambda raw, column: cells.read_word(raw, column.words),
    "words": lambda raw, column: cells.read_list(
        raw, lambda item: cells.read_word(item, column.words)
    ),
    "list of string": lambda raw, _: cells.read_list(raw, cells.read_text),
    "list of domain": lambda raw, _: cells.read_list(raw, cells.read_domain),
    "list of whole": lambda raw, column: cells.read_list(
        raw, lambda item: cells.read_whole(item, column.limits), WEEKS_MAX
    ),
    "list of number": lambda raw, column: cells.read_list(
        raw, lambda item: cells.read_number(item, column.limits), WEEKS_MAX
    ),
}


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
    """One file, read: its rows, its columns, and everything that is wrong with it."""

    sheet: Sheet
    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[TableProblem, ...]
    torn: bool = False


def read_cell(raw: object, column: Column) -> Any:
    """Return the typed value of one cell; BadCell says what is wrong with it."""
    return _READERS[column.kind](raw, column)


def column_of(sheet: Sheet, name: str) -> Column | None:
    """Return how a column of a file is read; None where the shape does not know it."""
    custom = CUSTOM.fullmatch(name)
    if custom and not sheet.root:
        return Column(name, custom[2] or "string", "", (f"custom.{custom[1]}",))
    if sheet.name == "accounts" and LINKED.fullmatch(name):
        return Column(name, "string", "")
    return sheet.column(name)


def _missing(
    row: Mapping[str, Any], columns: Mapping[str, Column], sheet: Sheet
) -> Iterator[tuple[str, str, str]]:
    """Yield column, message and hint of what a row lacks."""
    for column in sheet.columns:
        if column.required and column.name not in row:
            yield column.name, "is empty, and the row needs it", column.doc
    amounts = [name for name, column in columns.items() if column.kind == "money" and name in row]
    if amounts and "currency" not in row:
        yield "currency", f"is empty beside {amounts[0]}", "an ISO 4217 code, such as USD"


def _with_money(values: dict[str, Any], columns: Mapping[str, Column]) -> dict[str, Any]:
    """Return the row with each amount in its currency."""
    currency, about = values.get("currency"), bool(values.get("approximate"))
    for name, column in columns.items():
        if column.kind == "money" and name in values:
            values[name] = Money(values[name], currency, about) if currency else None
    return {name: value for name, value in values.items() if value is not None}


def _key(values: Mapping[str, Any], sheet: Sheet) -> Key:
    names = ("account_id", "domain", "email", "requester_email")
    for name in names[:1] if sheet.name == "accounts" else names:
        if name in values:
            return (name.removeprefix("requester_"), values[name])
    return ("", "")


def _typed(
    raw: RawRow, columns: Mapping[str, Column], place: Callable[[str, str, str], TableProblem]
) -> tuple[dict[str, Any], dict[str, TableProblem]]:
    values: dict[str, Any] = {}
    bad: dict[str, TableProblem] = {}
    for name, column in columns.items():
        cell = raw.cells.get(name)
        if cells.is_empty(cell):
            continue
        try:
            values[name] = read_cell(cell, column)
        except BadCell as error:
            bad[name] = place(name, str(error), error.hint)
    return values, bad


def _row(raw: RawRow, sheet: Sheet, columns: Mapping[str, Column], file: str) -> Row:
    def place(column: str, message: str, hint: str) -> TableProblem:
        return TableProblem(file, raw.line, column, message, hint)

    values, bad = _typed(raw, columns, place)
    for name, message, hint in _missing(values, columns, sheet):
        bad.setdefault(name, place(name, message, hint))
    key = _key(values, sheet)
    if not key[0]:
        hint = "account_id, domain or an e-mail address"
        bad.setdefault("account_id", place("account_id", "is empty: whose row is it?", hint))
    if raw.problem:  # cells may have moved, so nothing but whose row it is can be trusted
        values, bad = {}, {"": place("", raw.problem, "the row is left out")}
    required = {column.name for column in sheet.columns if column.required}
    lost = bool(raw.problem or not key[0] or (required & bad.keys()) or (sheet.root and bad))
    return Row(raw.line, key, _with_money(values, columns), bad, lost)


def _check_header(raw: RawTable, sheet: Sheet) -> None:
    needed = [column.name for column in sheet.columns if column.required]
    missing = [name for name in needed if name not in raw.columns]
    if missing and (raw.rows or raw.columns):
        one = "; it reads as one column: is the delimiter right?" if len(raw.columns) == 1 else ""
        raise BadFile(f"has no column {', '.join(missing)}{one}", 1, "see docs/vendors/files.md")


def _unknown(raw: RawTable, sheet: Sheet, file: str) -> Iterator[TableProblem]:
    """Yield a problem for each column that the shape does not know, with what may be meant."""
    known = [column.name for column in sheet.columns]
    for name in raw.columns:
        if column_of(sheet, name) is None:
            meant = get_close_matches(name, known, 1, 0.75)
            own = "leave it out" if sheet.root else "leave it out, or call it custom.<name>"
            hint = f"did you mean {meant[0]}?" if meant else own
            yield TableProblem(file, 1, name[:80], "is not a column of this table", hint)


def build_table(raw: RawTable, sheet: Sheet, file: str) -> Table:
    """Return the typed table; BadFile where its columns are not those of the shape."""
    _check_header(raw, sheet)
    found = {name: column_of(sheet, name) for name in raw.columns}
    columns = {name: column for name, column in found.items() if column is not None}
    rows = tuple(_row(row, sheet, columns, file) for row in raw.rows)
    problems = [*_unknown(raw, sheet, file), *(bad for row in rows for bad in row.bad.values())]
    return Table(sheet, file, raw.columns, rows, tuple(problems), raw.torn)
