"""Numbers, money, days and words as the viewer's language writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

from plugin.account.money import Money, decimals

UNKNOWN = "unknown"
WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Hidden:
    """A value that this viewer may not see; `band` stands for an amount of money."""

    band: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A number of matches: `more` when a list is incomplete and there may be others."""

    least: int
    more: bool = False


@lru_cache(maxsize=64)
def locale_named(name: str) -> Locale:
    """Return the locale of a name such as de, en-GB or pt_BR; English where it is unknown."""
    try:
        return Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError, TypeError):
        return Locale.parse("en")


def money_text(value: Money, locale: Locale) -> str:
    """Return an amount, without decimals when it is whole, with ≈ when the source rounds."""
    amount = value.rounded()
    pattern = locale.currency_formats["standard"].pattern
    digits = 0 if amount == amount.to_integral_value() else decimals(value.currency)
    pattern = pattern.replace(".00", f".{'0' * digits}" if digits else "")
    text = format_currency(
        amount, value.currency.upper(), pattern, locale=locale, currency_digits=False
    )
    return f"≈ {text}" if value.approximate else text


def day_text(day: date, locale: Locale) -> str:
    """Return a day with its month in letters, so that nobody takes it for another."""
    return format_date(day, "d MMM y" if locale.language == "en" else "medium", locale=locale)


def calendar_day(value: date | datetime, zone: tzinfo) -> date:
    """Return the day on which an instant falls in `zone`; a day stays as it is."""
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


def number_text(value: Decimal | float, locale: Locale) -> str:
    """Return a number with at most one decimal."""
    return str(format_decimal(round(Decimal(str(value)), 1).normalize(), locale=locale))


def percent_text(value: float, locale: Locale) -> str:
    """Return a share of 1 as a percentage."""
    return str(format_percent(value, locale=locale))


def count_text(value: Count, locale: Locale) -> str:
    """Return "3", or "3+" while more may come."""
    return number_text(value.least, locale) + ("+" if value.more else "")
