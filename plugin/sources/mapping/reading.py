"""Read an upstream's properties through a mapping: each value typed, or a gap that says why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from plugin.account.money import Money
from plugin.sources.mapping.mapped import Mapped, paths_of
from plugin.sources.mapping.targets import LISTS
from plugin.sources.numbers import exact, read_decimal
from plugin.sources.tabular.found import RowFindings
from plugin.sources.tabular.problems import BadCell
from plugin.sources.tabular.table import read_cell
from plugin.sources.untold import untold
from plugin.sources.values import Convention, is_empty, read_currency, read_instant
from plugin.upstream import BadValue, Link

Properties = Callable[[str], Any]
ITEMS_MAX = {"tickets": 200}
USUAL_MAX = 100
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


def instant(raw: Any) -> datetime | None:
    """Return the instant that an upstream says, None where it says none that can be read."""
    try:
        return None if is_empty(raw) else read_instant(exact(raw))
    except BadCell:
        return None


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
    return [_word(exact(each), one) for each in listed]


def _cell(raw: Any, one: Mapped, zone: str) -> Any:
    kind, how = one.column.kind, Convention(one.decimal, one.date_order, one.time)
    if kind.startswith(("list", "words")):
        return read_cell(_items(raw, one), one.column, how)
    raw = _word(exact(raw), one)
    if kind in _TIMES:
        return read_cell(raw, one.column, replace(how, zone=zone if kind == "date" else "UTC"))
    if isinstance(raw, date):
        raw = raw.isoformat()
    if one.scale is not None and kind in _NUMBERS:
        raw = read_decimal(raw, one.decimal) * one.scale
    return read_cell(raw, one.column, how)


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
    """Return a list of records, one a row; a field that cannot be read makes it partial.

    A list of which no row could be read is unknown.
    """
    most = ITEMS_MAX.get(root, USUAL_MAX)
    items, bad = [], []
    for said in rows[:most]:
        found = read(mapped, said, place)
        bad += [BadValue(f"{root}[].{one.field}", one.where, one.message) for one in found.bad]
        if found.values:
            items.append(LISTS[root](**found.values))
    if bad and not items:  # nothing could be read, which is not an empty list
        return RowFindings(bad=(BadValue(root, bad[0].where, bad[0].message), *bad))
    partial = frozenset([root] if bad or len(rows) > most else [])
    never = untold(root, paths_of(mapped))
    return RowFindings({root: tuple(items)}, {root: place.title}, tuple(bad), partial, never)
