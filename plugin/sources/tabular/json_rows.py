"""Read the rows of a JSON file: an array of objects, or one object a line.

Strict where Python is lenient: no NaN, no duplicate keys, exact numbers, a bounded depth.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from plugin.sources.tabular.problems import BadFile
from plugin.sources.tabular.raw import (
    ROWS_MAX,
    RawRow,
    RawTable,
    check_columns,
    column_name,
    decode,
)

NUMBER_MAX = 40  # characters; Python itself refuses to read integers of 4,300 digits
_SPACE = " \t\r\n"
_HINT = "an array of objects, or one object a line"


Item = tuple[int, Any, str]


class _Pairs(list[tuple[str, Any]]):
    """The pairs of an object in the order of the file, so that repeated keys can be seen."""


def _decimal(text: str) -> Decimal | float:
    try:
        return Decimal(text) if len(text) <= NUMBER_MAX else float("nan")
    except InvalidOperation:
        return float("nan")


def _whole(text: str) -> int | float:
    return int(text) if len(text) <= NUMBER_MAX else float("nan")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_float=_decimal, parse_int=_whole, parse_constant=float
)


def _skip(text: str, at: int, signs: str = _SPACE) -> int:
    while at < len(text) and text[at] in signs:
        at += 1
    return at


def _value(text: str, at: int, line: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        raise BadFile(f"is not JSON: {error.msg}", line + text.count("\n", at, error.pos)) from None
    except RecursionError:
        raise BadFile("is nested too deeply", line) from None


def _next_item(text: str, at: int) -> int:
    """Return where the next item begins, or the closing bracket stands."""
    sign = text[at : at + 1]
    following = _skip(text, at + 1) if sign == "," else at
    if sign == "]" or (sign == "," and text[following : following + 1] != "]"):
        return following
    raise BadFile("is not JSON: its array is not continued", text.count("\n", 0, at) + 1)


def _array(text: str, at: int) -> Iterator[Item]:
    """Yield line, value and no problem of each item of the array that begins at `at`."""
    line = text.count("\n", 0, at) + 1
    position = _skip(text, at + 1)
    line += text.count("\n", at, position)
    while text[position : position + 1] != "]":
        value, end = _value(text, position, line)
        yield line, value, ""
        following = _next_item(text, _skip(text, end))
        line += text.count("\n", position, following)
        position = following
    if _skip(text, position + 1) != len(text):
        raise BadFile("goes on after its array", text.count("\n", 0, position) + 1, _HINT)


def _line(line: str, number: int) -> Item:
    try:
        value, end = _value(line, _skip(line, 0), number)
    except BadFile as error:
        return number, None, str(error)
    rest = _skip(line, end) != len(line)
    return number, value, "has something behind its object" if rest else ""


def _lines(text: str) -> Iterator[Item]:
    """Yield line, value and problem of each line; one that is no JSON costs only itself."""
    items = (
        _line(line, number) for number, line in enumerate(text.split("\n"), 1) if line.strip(_SPACE)
    )
    first = next(items)
    if first[2]:
        raise BadFile(first[2], first[0], _HINT)
    yield first
    yield from items


def _row(line: int, value: Any, problem: str) -> RawRow:
    if problem or not isinstance(value, _Pairs):
        return RawRow(line, {}, problem or "is not an object")
    names = [column_name(name) for name, _ in value]
    repeated = next((name for name, count in Counter(names).items() if count > 1), None)
    cells = dict(zip(names, (cell for _, cell in value), strict=True))
    return RawRow(line, cells, f"names {repeated[:80]} twice" if repeated is not None else "")


def _is_torn(text: str, rows: list[RawRow]) -> bool:
    return not text.endswith("\n") and bool(rows) and bool(rows[-1].problem)


def read_json(data: bytes) -> RawTable:
    """Return the rows of a JSON file; BadFile where it is no table at all."""
    text = decode(data)
    start = _skip(text, 0)
    is_array = text[start : start + 1] == "["
    if start == len(text):
        raise BadFile("is empty", 0, _HINT)
    rows: list[RawRow] = []
    for item in _array(text, start) if is_array else _lines(text):
        if len(rows) == ROWS_MAX:
            raise BadFile(f"has more than {ROWS_MAX} rows", item[0])
        rows.append(_row(*item))
    columns = tuple(dict.fromkeys(name for row in rows for name in row.cells))
    check_columns(columns)
    return RawTable(columns, tuple(rows), not is_array and _is_torn(text, rows))
