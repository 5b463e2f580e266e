"""Which reader types the cells of which kind of column."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from plugin.sources.tabular import cells
from plugin.sources.tabular.shape import WEEKS_MAX, Column
from plugin.sources.values import UNDECIDED, Convention

IDS = frozenset({"id", "account_id", "organization_id", "parent_id"})
_Reader = Callable[[object, Column, Convention], Any]


def _each(reader: _Reader, keep: int = cells.LIST_MAX) -> _Reader:
    """Return a reader of lists, each item of which `reader` reads."""

    def read(raw: object, column: Column, how: Convention) -> Any:
        return cells.read_list(raw, lambda item: reader(item, column, how), keep)

    return read


def _whole(raw: object, column: Column, how: Convention) -> int:
    return cells.read_whole(raw, column.limits, how)


def _number(raw: object, column: Column, how: Convention) -> float:
    return cells.read_number(raw, column.limits, how)


def _word(raw: object, column: Column, _: Convention) -> str:
    return cells.read_word(raw, column.words)


def _string(raw: object, column: Column, _: Convention) -> str:
    is_id = column.name in IDS or column.name.startswith("id.")
    return cells.read_id(raw) if is_id else cells.read_text(raw)


def _plain(reader: Callable[[object], Any], raw: object, _: Column, __: Convention) -> Any:
    return reader(raw)


def _domains(raw: object, _: Column, __: Convention) -> Any:
    """Return a list of domains, which hold neither a comma nor a space."""
    split = re.split(r"[;,\s]+", raw) if isinstance(raw, str) else raw
    return cells.read_list(split, cells.read_domain)


_READERS: dict[str, _Reader] = {
    "string": _string,
    "whole": _whole,
    "number": _number,
    "bool": partial(_plain, cells.read_bool),
    "money": lambda raw, _, how: cells.read_amount(raw, how),
    "currency": partial(_plain, cells.read_currency),
    "date": lambda raw, _, how: cells.read_date(raw, how),
    "date-time": lambda raw, _, how: cells.read_instant(raw, how),
    "email": partial(_plain, cells.read_email),
    "domain": partial(_plain, cells.read_domain),
    "link": partial(_plain, cells.read_link),
    "word": _word,
    "words": _each(_word),
    "list of string": _each(partial(_plain, cells.read_text)),
    "list of domain": _domains,
    "list of whole": _each(_whole, WEEKS_MAX),
    "list of number": _each(_number, WEEKS_MAX),
}


def read_cell(raw: object, column: Column, how: Convention = UNDECIDED) -> Any:
    """Return the typed value of one cell; BadCell says what is wrong with it."""
    return _READERS[column.kind](raw, column, how)
