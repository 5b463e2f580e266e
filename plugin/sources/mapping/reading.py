"""Read an upstream's properties through a mapping: each value typed, or a gap that says why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from plugin.account.money import Money
from plugin.sources.mapping.mapped import Mapped
from plugin.sources.mapping.targets import LISTS
from plugin.sources.tabular.cells import in_every_zone, is_empty, read_currency, read_instant, shown
from plugin.sources.tabular.found import RowFindings
from plugin.sources.tabular.problems import BadCell
from plugin.sources.tabular.table import read_cell
from plugin.upstream import BadValue, Link

Properties = Callable[[str], Any]
ITEMS_MAX = {"tickets": 200}
USUAL_MAX = 100
MILLISECONDS_FROM = 100_000_000_000  # larger epoch times are milliseconds: in seconds, year 5138
_EPOCH = re.compile(r"-?[0-9]{1,15}", re.ASCII)
_SCIENTIFIC = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?[eE][+-]?[0-9]{1,2}", re.ASCII)
_OFFSET = re.compile(r"([+-][0-9]{2})([0-9]{2})$", re.ASCII)  # Salesforce writes +0000
_TIMES = frozenset({"date", "date-time"})
_NUMBERS = frozenset({"whole", "number", "money"})


@dataclass(frozen=True, slots=True)
class PropertyPlace:
    """Where values come from and how bare ones are meant: money's currency, a day's time zone."""

    title: str
    currency: str
    zone: str

    def bad(self, path: str, source: str, error: BadCell) -> BadValue:
        """Return the gap of a value that cannot be used."""
        message = f"{error} ({error.hint})" if error.hint else str(error)
        return BadValue(path, f"{self.title}, {source}", message)


def place_of(link: Link, title: str) -> PropertyPlace:
    """Return the place of a connection; its own `currency` counts before the workspace's."""
    return PropertyPlace(title, link.options.get("currency") or link.currency, link.time_zone)


def _plain(raw: Any) -> Any:
    """Return a value as a cell of a table would hold it."""
    if isinstance(raw, float):
        raw = Decimal(repr(raw))
    if isinstance(raw, str) and _SCIENTIFIC.fullmatch(raw.strip()):
        return Decimal(raw.strip())
    return raw


def _instant(raw: Any) -> datetime:
    """Return an instant that comes as one, as ISO 8601, or in seconds or ms since 1970."""
    if isinstance(raw, datetime):
        known = raw if raw.tzinfo else raw.replace(tzinfo=UTC)
        try:
            return in_every_zone(known.astimezone(UTC))
        except (ValueError, OverflowError):
            raise BadCell(f"{shown(str(raw))} is not a time") from None
    if isinstance(raw, date):
        return datetime.combine(raw, time(), UTC)
    if isinstance(raw, bool):
        raise BadCell(f"{shown(raw)} is not a time")
    text = str(raw).strip()
    if not _EPOCH.fullmatch(text):
        return read_instant(_OFFSET.sub(r"\1:\2", text))
    seconds = int(text) / 1000 if abs(int(text)) >= MILLISECONDS_FROM else int(text)
    try:
        return in_every_zone(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        raise BadCell(f"{shown(raw)} is not a time") from None


def instant(raw: Any) -> datetime | None:
    """Return the instant that an upstream says, None where it says none that can be read."""
    try:
        return None if is_empty(raw) else _instant(raw)
    except BadCell:
        return None


def _day(raw: Any, zone: str) -> date:
    """Return a calendar day; an instant that is no midnight in UTC is a day in `zone`."""
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    moment = _instant(raw)
    if moment.time() == time():
        return moment.date()
    return moment.astimezone(ZoneInfo(zone)).date()


def _word(raw: Any, one: Mapped) -> Any:
    """Return our word for the upstream's, where the mapping has one."""
    if not one.translated or isinstance(raw, list | dict):
        return raw
    text = ("true" if raw else "false") if isinstance(raw, bool) else str(raw).strip()
    exact = dict(one.translated)
    loose = {theirs.casefold(): ours for theirs, ours in one.translated}
    return exact.get(text, loose.get(text.casefold(), raw))


def _items(raw: Any, one: Mapped) -> Any:
    if isinstance(raw, str) and one.split:
        raw = raw.split(one.split)
    elif isinstance(raw, str):
        raw = raw.split(";")
    listed = list(raw) if isinstance(raw, list | tuple) else [raw]
    return [_word(_plain(each), one) for each in listed]


def _cell(raw: Any, one: Mapped, zone: str) -> Any:
    kind = one.column.kind
    if kind.startswith(("list", "words")):
        return read_cell(_items(raw, one), one.column)
    raw = _word(_plain(raw), one)
    if kind in _TIMES:
        return _day(raw, zone) if kind == "date" else _instant(raw)
    if isinstance(raw, date):
        raw = raw.isoformat()
    if one.scale is None or kind not in _NUMBERS:
        return read_cell(raw, one.column)
    try:
        return read_cell(Decimal(str(raw).strip()) * one.scale, one.column)
    except ArithmeticError:
        raise BadCell(f"{shown(raw)} is not a number") from None


def _money(amount: Decimal, one: Mapped, said: Properties, place: PropertyPlace) -> Money:
    code = one.currency or place.currency
    if one.currency_from:
        named = said(one.currency_from)
        if is_empty(named):
            raise BadCell(f"has no currency: {one.currency_from} is empty")
        code = read_currency(named)
    return Money(amount, code.lower(), one.approximate)


def value_of(one: Mapped, said: Properties, place: PropertyPlace) -> Any:
    """Return the typed value of one entry, None where the property is empty; else BadCell."""
    raw = said(one.source)
    if is_empty(raw) or raw in ([], ()):
        return None
    value = _cell(raw, one, place.zone)
    return _money(value, one, said, place) if one.column.kind == "money" else value


def read(mapped: Iterable[Mapped], said: Properties, place: PropertyPlace) -> RowFindings:
    """Return the facts of one record; `said` gives a property's value, None where it has none."""
    values: dict[str, Any] = {}
    named: dict[str, str] = {}
    bad: list[BadValue] = []
    for one in mapped:
        try:
            value = value_of(one, said, place)
        except BadCell as error:
            bad.append(place.bad(one.path, one.source, error))
            continue
        if value is not None:
            values[one.path], named[one.path] = value, one.source
    return RowFindings(values, named, tuple(bad))


def read_items(
    root: str, mapped: Sequence[Mapped], rows: Sequence[Properties], place: PropertyPlace
) -> RowFindings:
    """Return a list of records, one a row; a field that cannot be read makes it partial."""
    most = ITEMS_MAX.get(root, USUAL_MAX)
    items, bad = [], []
    for said in rows[:most]:
        found = read(mapped, said, place)
        bad += [BadValue(f"{root}[].{one.field}", one.where, one.message) for one in found.bad]
        if found.values:
            items.append(LISTS[root](**found.values))
    partial = frozenset([root] if bad or len(rows) > most else [])
    return RowFindings({root: tuple(items)}, {root: place.title}, tuple(bad), partial)
