"""Read the rows of a JSON file: an array of objects, one a line, or a list in an object.

Strict where Python is lenient: no NaN, no duplicate keys, exact numbers, a bounded depth.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
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

NESTED_MAX = 3  # levels of an object in a row that become columns: properties.name
NUMBER_MAX = 40  # characters; Python itself refuses to read integers of 4,300 digits
_SPACE = " \t\r\n"
_HINT = "an array of objects, or one object a line"
_MORE = ("next_page", "next", "next_cursor", "has_more", "nextrecordsurl", "next_link")


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


def _array(text: str, at: int, *, within: bool) -> Iterator[Item]:
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
    if not within and _skip(text, position + 1) != len(text):
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


def _flat(pairs: _Pairs, prefix: str = "", depth: int = 1) -> Iterator[tuple[str, Any]]:
    """Yield name and value; those of an object within are named after it: properties.name."""
    for name, value in pairs:
        whole = f"{prefix}{column_name(name)}"
        if isinstance(value, _Pairs) and value and depth < NESTED_MAX:
            yield whole, value
            yield from _flat(value, f"{whole}.", depth + 1)
        else:
            yield whole, value


def _row(line: int, value: Any, problem: str) -> RawRow:
    if problem or not isinstance(value, _Pairs):
        return RawRow(line, {}, problem or "is not an object")
    names = [column_name(name) for name, _ in value]
    repeated = next((name for name, count in Counter(names).items() if count > 1), None)
    said = f"names {repeated[:80]} twice" if repeated is not None else ""
    return RawRow(line, dict(_flat(value)), said)


def _members(text: str, at: int) -> Iterator[tuple[str, int, Any]]:
    """Yield name, place and value of each member of the object that begins at `at`."""
    position = _skip(text, at + 1)
    while text[position : position + 1] == '"':
        name, end = _value(text, position, 1)
        start = _skip(text, _skip(text, end) + 1)
        value, end = _value(text, start, 1)
        yield str(name), start, value
        position = _skip(text, _skip(text, end), _SPACE + ",")


def _is_list(value: Any) -> bool:
    return (
        isinstance(value, list)
        and not isinstance(value, _Pairs)
        and bool(value)
        and all(isinstance(item, _Pairs) for item in value)
    )


def _lists(
    text: str, members: Sequence[tuple[str, int, Any]], depth: int = 1
) -> Iterator[tuple[str, int]]:
    """Yield name and place of each list of objects, also of those in objects: data.tickets."""
    for name, at, value in members:
        if _is_list(value):
            yield name, at
        elif isinstance(value, _Pairs) and value and depth < NESTED_MAX:
            inner = _lists(text, list(_members(text, at)), depth + 1)
            yield from ((f"{name}.{deeper}", place) for deeper, place in inner)


def _wrapped(text: str, start: int, wanted: str | None) -> tuple[int, tuple[tuple[int, str], ...]]:
    """Return where the list of rows stands in one object, and what to say of it.

    Returns `start` itself where the file is no such object: then it is one object a line.
    """
    try:
        whole, end = _value(text, start, 1)
        members = list(_members(text, start)) if _skip(text, end) == len(text) else []
    except BadFile:
        return start, ()
    lists = dict(_lists(text, members))
    if not lists or not isinstance(whole, _Pairs):
        return start, ()
    if wanted is not None and wanted not in lists:
        raise BadFile(f"has no list named {wanted}", 1, f"its lists are {', '.join(lists)}")
    if wanted is None and len(lists) > 1:
        named = " and ".join(lists)
        raise BadFile(f"holds several lists: {named}", 1, f'say which: list = "{min(lists)}"')
    name = wanted or next(iter(lists))
    line = text.count("\n", 0, lists[name]) + 1
    notes = [(line, f"the list is read from its member {name}")]
    cut = [key for key, _, value in members if key.lower() in _MORE and value not in (None, False)]
    if cut:
        notes.append((1, f"says by {cut[0]} that more pages follow: this file is a part"))
    return lists[name], tuple(notes)


def _is_torn(text: str, rows: Sequence[RawRow]) -> bool:
    return not text.endswith("\n") and bool(rows) and bool(rows[-1].problem)


def _limited(items: Iterator[Item]) -> Iterator[RawRow]:
    for count, item in enumerate(items):
        if count == ROWS_MAX:
            raise BadFile(f"has more than {ROWS_MAX} rows", item[0])
        yield _row(*item)


def _columns(rows: Sequence[RawRow]) -> tuple[str, ...]:
    """Return the names of all rows; an object is named only by what is within it."""
    plain = {name: True for row in rows for name in row.cells}
    for row in rows:
        plain |= {name: False for name, cell in row.cells.items() if not isinstance(cell, _Pairs)}
    return tuple(name for name, is_object in plain.items() if not is_object)


def read_json(data: bytes, at: str | None = None, encoding: str | None = None) -> RawTable:
    """Return the rows of a JSON file; BadFile where it is no table at all.

    `at` names the member that holds the list, where the file is an object around it.
    """
    text = decode(data, encoding)
    start = _skip(text, 0)
    if start == len(text):
        raise BadFile("is empty", 0, _HINT)
    notes: tuple[tuple[int, str], ...] = ()
    if text[start] == "{":
        start, notes = _wrapped(text, start, at)
    is_array = text[start] == "["
    within = bool(notes)
    rows = tuple(_limited(_array(text, start, within=within) if is_array else _lines(text)))
    columns = _columns(rows)
    check_columns(columns)
    return RawTable(columns, rows, not is_array and _is_torn(text, rows), notes=notes)
