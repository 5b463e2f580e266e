"""Numbers, money, dates and ages as the viewer's language writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent

from plugin.account.money import Money, decimals

_COMPACT_FROM = 10_000
_SPELLED_OUT = re.compile(r"\d{5}")
_MILLION = 1_000_000
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_HALF_A_YEAR, _A_QUARTER = 183, 90


def read_locale(*wishes: str | None) -> Locale:
    """Return the first locale that is known, English otherwise."""
    for wish in wishes:
        try:
            return Locale.parse((wish or "").replace("-", "_"))
        except (ValueError, UnknownLocaleError, TypeError):
            continue
    return Locale("en")


@dataclass(frozen=True)
class Wording:
    """How one viewer reads numbers and days; `now` is an instant, `zone` the workspace's."""

    locale: Locale
    zone: ZoneInfo
    now: datetime

    @property
    def tag(self) -> str:
        """Return the language tag, such as "pt-BR"."""
        return str(self.locale).replace("_", "-")

    @cached_property
    def today(self) -> date:
        """Return the current day in the workspace's time zone."""
        return self.now.astimezone(self.zone).date()

    def day_of(self, moment: date | datetime) -> date:
        """Return the calendar day of a date or an instant, in the workspace's time zone."""
        return moment.astimezone(self.zone).date() if isinstance(moment, datetime) else moment

    def days_until(self, moment: date | datetime) -> int:
        """Return whole calendar days from today; negative when it has passed."""
        return (self.day_of(moment) - self.today).days

    def day(self, moment: date | datetime) -> str:
        """Return a day such as "20 Jan 2027"."""
        pattern = "d MMM y" if str(self.locale) == "en" else "medium"
        return format_date(self.day_of(moment), pattern, locale=self.locale)

    def near_day(self, moment: date | datetime) -> str:
        """Return a day without its year when it is within half a year: "21 Dec"."""
        if abs(self.days_until(moment)) > _HALF_A_YEAR or str(self.locale) != "en":
            return self.day(moment)
        return format_date(self.day_of(moment), "d MMM", locale=self.locale)

    def clock(self, moment: datetime) -> str:
        """Return the time of day in the workspace's time zone, with the day unless today."""
        time = format_time(moment, "HH:mm", tzinfo=self.zone, locale=self.locale)
        same_day = self.day_of(moment) == self.today
        return time if same_day else f"{self.near_day(moment)}, {time}"

    def number(self, value: Decimal | float) -> str:
        """Return a number with the language's separators."""
        return format_decimal(value, locale=self.locale)

    def percent(self, share: float) -> str:
        """Return a share of 0..1 as a whole percentage."""
        return format_percent(share, "#,##0%", locale=self.locale)

    def money(self, money: Money) -> str:
        """Return an amount for reading at a glance: "≈ $30K"; exact when it is small."""
        code = money.currency.upper()
        sign = "≈ " if money.approximate else ""
        if abs(money.amount) >= _COMPACT_FROM:
            digits = 0 if self._is_round(money.amount) else 1
            text = format_compact_currency(
                money.amount, code, locale=self.locale, fraction_digits=digits
            )
            if not _SPELLED_OUT.search(text):  # a language that does not shorten thousands
                return sign + text
        return sign + self.exact_money(money)

    @staticmethod
    def _is_round(amount: Decimal) -> bool:
        unit = Decimal(1000) if abs(amount) < _MILLION else Decimal(_MILLION)
        return amount % unit == 0

    def exact_money(self, money: Money) -> str:
        """Return an amount with all that is known of it: "$2,500" or "$99.50"."""
        code = money.currency.upper()
        if decimals(money.currency) and money.amount == money.amount.to_integral_value():
            pattern = self.locale.currency_formats["standard"].pattern.replace(".00", "")
            return format_currency(
                money.amount, code, pattern, locale=self.locale, currency_digits=False
            )
        return format_currency(money.rounded(), code, locale=self.locale)

    def days(self, count: int) -> str:
        """Return a short count of days: "60 d"."""
        return f"{self.number(count)} d"

    def in_days(self, moment: date | datetime) -> str:
        """Return how far a day is: "today", "in 60 days", "12 days ago"."""
        count = self.days_until(moment)
        if count == 0:
            return "today"
        many = "day" if abs(count) == 1 else "days"
        return f"in {count} {many}" if count > 0 else f"{-count} {many} ago"

    def since(self, moment: date | datetime) -> str:
        """Return when something last happened, short: "today", "yesterday", "12 d ago"."""
        count = -self.days_until(moment)
        if count <= 0:
            return "today"
        if count == 1:
            return "yesterday"
        return f"{self.days(count)} ago" if count <= _A_QUARTER else self.near_day(moment)

    def age(self, moment: datetime) -> str:
        """Return the age of a value, short: "now", "4 min", "6 h", "3 d"."""
        passed: timedelta = self.now - moment
        seconds = max(0, int(passed.total_seconds()))
        if seconds < _MINUTE:
            return "now"
        if seconds < _HOUR:
            return f"{seconds // _MINUTE} min"
        return f"{seconds // _HOUR} h" if seconds < 2 * _DAY else f"{seconds // _DAY} d"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return number and word: "1 ticket", "3 tickets"."""
    return f"{count} {one if count == 1 else many or one + 's'}"
