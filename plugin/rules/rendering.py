"""Fill the texts of a signal with what this viewer may see, in the viewer's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal
from typing import Any

from babel import Locale

from plugin.account.money import Money
from plugin.rules.formats import (
    UNKNOWN,
    WITHHELD,
    Count,
    Hidden,
    calendar_day,
    count_text,
    day_text,
    locale_named,
    money_text,
    number_text,
    percent_text,
)
from plugin.rules.templates import Slot, Template

Shown = object  # a value, None for a gap, or Hidden


@dataclass(frozen=True, slots=True)
class Values:
    """What a viewer may see of one account.

    `field` gives the value of a path; `item` that of a field of one item, from the list's path,
    the item and the field's name. Both answer None for a gap and Hidden for what is withheld.
    Amounts are Money, or numbers in `currency`; `today` is the day in `zone`.
    """

    field: Callable[[str], Shown]
    item: Callable[[str, Mapping[str, object], str], Shown]
    today: date
    zone: tzinfo
    currency: str = "usd"


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """What else a text may name: params, the deciding items, and how many matched.

    `items` maps a variable to the path of its list and the item.
    """

    params: Mapping[str, bool | float | str]
    items: Mapping[str, tuple[str, Mapping[str, object]]]
    matches: Count | None = None


def _value(slot: Slot, values: Values, facts: TemplateFacts) -> Shown:
    first, _, rest = slot.path.partition(".")
    if slot.path == "matches":
        return facts.matches
    if first == "params":
        return facts.params.get(rest)
    if first in facts.items:
        path, item = facts.items[first]
        return values.item(path, item, rest)
    return values.field(slot.path)


_BY_TYPE: tuple[tuple[tuple[type, ...], Callable[[Any, Values, Locale], str]], ...] = (
    ((bool,), lambda value, _values, _locale: "yes" if value else "no"),
    ((int, float, Decimal), lambda value, _values, locale: number_text(value, locale)),
    ((Money,), lambda value, _values, locale: money_text(value, locale)),
    ((Count,), lambda value, _values, locale: count_text(value, locale)),
    ((list, tuple), lambda value, _values, _locale: ", ".join(str(part) for part in value)),
    ((date,), lambda value, values, locale: day_text(calendar_day(value, values.zone), locale)),
)


def _plain(value: Shown, values: Values, locale: Locale) -> str:
    for kinds, write in _BY_TYPE:
        if isinstance(value, kinds):
            return write(value, values, locale)
    return str(value)


def _money(value: Shown, values: Values, locale: Locale) -> str:
    if isinstance(value, int | float | Decimal):
        value = Money(Decimal(str(value)), values.currency)
    return _plain(value, values, locale)


def _days(value: Shown, values: Values, locale: Locale, sign: int) -> str:
    if not isinstance(value, date):
        return _plain(value, values, locale)
    return number_text(sign * (calendar_day(value, values.zone) - values.today).days, locale)


def _percent(value: Shown, values: Values, locale: Locale) -> str:
    if isinstance(value, int | float):
        return percent_text(value, locale)
    return _plain(value, values, locale)


_WRITE: Mapping[str, Callable[[Shown, Values, Locale], str]] = {
    "money": _money,
    "days_until": lambda value, values, locale: _days(value, values, locale, 1),
    "days_since": lambda value, values, locale: _days(value, values, locale, -1),
    "percent": _percent,
}


def _fill(slot: Slot, values: Values, facts: TemplateFacts, locale: Locale) -> str:
    value = _value(slot, values, facts)
    if value is None:
        return UNKNOWN
    if isinstance(value, Hidden):
        return value.band or WITHHELD
    text = _WRITE.get(slot.formatter or "", _plain)(value, values, locale)
    if slot.formatter != "plural":
        return text
    return f"{text} {slot.words[0 if value in (1, Count(1)) else 1]}"


def fill(template: Template, values: Values, facts: TemplateFacts, locale: str) -> str:
    """Return the text with every slot filled; a gap reads "unknown"."""
    chosen = locale_named(locale)
    return "".join(
        part if isinstance(part, str) else _fill(part, values, facts, chosen)
        for part in template.parts
    )
