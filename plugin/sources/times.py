"""Read a day or an instant as people and programs write it: by country, by name, as a number.

A text has one reading for each order of day, month and year that fits it; where they differ,
only the column or the mapping can say which is meant. A number is a time only where it can be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import get_month_names

from plugin.sources.refused import BadCell, shown

ORDERS = ("dmy", "mdy", "ymd")
UNITS = ("yyyymmdd", "serial", "seconds", "milliseconds")
LONGEST = 60  # characters of a time in words
_DAY_ZERO = date(1899, 12, 30)  # of the serial days of spreadsheets
_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,12})?", re.ASCII)
_NUMERIC = re.compile(r"([0-9]{1,4})([-/.])\s?([0-9]{1,2})\2\s?([0-9]{1,4})", re.ASCII)
_DAY_FIRST = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th|\.)?[ -](?:de )?([^\W\d_]{3,12})\.?,?[ -](?:de )?"
    r"([0-9]{4}|[0-9]{2})"
)
_NAME_FIRST = re.compile(r"([^\W\d_]{3,12})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
_CLOCK = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
    r"\s*([ap]\.?m\.?)?\s*(z|utc|gmt|(?:utc|gmt)?[+-][0-9]{2}:?(?:[0-9]{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_SPLIT = re.compile(r"(.*?[0-9])(?:T|,?\s+(?:at |um |à )?)([0-9]{1,2}:.*)", re.DOTALL)
_WEEKDAY = re.compile(r"[^\W\d_]{2,10}\.?,\s*")
_LOCALES = ("en", "de", "fr", "es", "it", "pt", "nl", "da", "sv", "nb", "fi", "pl", "cs", "tr")
_CENTURY = 70  # two digits from here on are 19..


@dataclass(frozen=True, slots=True)
class ReadMoment:
    """A time as it stands: on which clock is not known where it has no zone."""

    at: datetime
    has_clock: bool

    def instant(self, zone: str) -> datetime:
        """Return it in UTC; without a zone of its own it is in `zone`."""
        known = self.at if self.at.tzinfo else self.at.replace(tzinfo=_zone(zone))
        return known.astimezone(UTC)

    def day(self, zone: str) -> date:
        """Return its calendar day: as written, else in `zone` where it is no midnight."""
        if self.at.tzinfo is None or self.at.time() == time():
            return self.at.date()
        moment = self.at.astimezone(UTC)
        return moment.date() if moment.time() == time() else moment.astimezone(_zone(zone)).date()


def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)


@cache
def _months() -> dict[str, int]:
    """Return the names of months in many languages; a name that means two is left out."""
    found: dict[str, set[int]] = {}
    for locale in _LOCALES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    found.setdefault(name.casefold().rstrip("."), set()).add(number)
    return {name: months.pop() for name, months in found.items() if len(months) == 1}


def _year(digits: str) -> int:
    short = int(digits)
    if len(digits) == len("2027"):
        return short
    return short + (1900 if short >= _CENTURY else 2000)


def _date(year: str, month: str | int, day: str) -> date | None:
    if len(year) not in (2, 4):
        return None
    try:
        return date(_year(year), int(month), int(day))
    except ValueError:
        return None


def _named(text: str) -> date | None:
    for pattern, (day, month, year) in ((_DAY_FIRST, (1, 2, 3)), (_NAME_FIRST, (2, 1, 3))):
        match = pattern.fullmatch(text)
        number = _months().get(match[month].casefold()) if match else None
        if match and number:
            return _date(match[year], number, match[day])
    return None


def _orders(text: str) -> Iterator[tuple[str, date | None]]:
    """Yield each order with the day that the text is in it."""
    match = _NUMERIC.fullmatch(text)
    if match is None:
        yield from ((order, _named(text)) for order in ORDERS)
        return
    first, mark, second, third = match.groups()
    if len(first) == len("2027"):  # the year stands first, so the month follows it
        yield from ((order, _date(first, second, third)) for order in ORDERS)
        return
    yield "dmy", _date(third, second, first)
    if mark != ".":
        yield "mdy", _date(third, first, second)
        if len(third) <= len("27"):
            yield "ymd", _date(first, second, third)


def _clock(text: str) -> tuple[time, tzinfo | None] | None:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute, second, part, half, zone = match.groups()
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:  # noqa: PLR2004 -- the hours of half a day
            return None
        hours = hours % 12 + (12 if half[0].lower() == "p" else 0)
    micro = int((part or "0")[:6].ljust(6, "0"))
    try:
        return time(hours, int(minute), int(second or 0), micro), _offset(zone)
    except ValueError:
        return None


def _offset(zone: str | None) -> tzinfo | None:
    if zone is None:
        return None
    digits = zone.lower().removeprefix("utc").removeprefix("gmt").replace(":", "")
    if digits in ("", "z"):
        return UTC
    hours, minutes = int(digits[1:3]), int(digits[3:5] or 0)
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if digits[0] == "-" else ahead)


def readings(text: str) -> dict[str, ReadMoment]:
    """Return order → moment, for each order of day, month and year that the text fits."""
    if len(text) > LONGEST:
        return {}
    text = _WEEKDAY.sub("", text, count=1) if _WEEKDAY.match(text) else text
    split = _SPLIT.fullmatch(text)
    clock = _clock(split[2].strip()) if split else (time(), None)
    if clock is None:
        return {}
    days = dict(_orders((split[1] if split else text).strip()))
    return {
        order: ReadMoment(datetime.combine(day, clock[0], clock[1]), split is not None)
        for order, day in days.items()
        if day is not None
    }


def evidence(raw: object) -> frozenset[str]:
    """Return the orders that a cell admits; none where it says nothing of the order."""
    if not isinstance(raw, str) or _NUMBER.fullmatch(raw.strip()):
        return frozenset()
    found = readings(raw.strip())
    several = len({moment.at for moment in found.values()}) > 1
    return frozenset(found) if several or len(found) < len(ORDERS) else frozenset()


def _serial(number: Decimal) -> ReadMoment:
    seconds = round((number % 1) * 86_400)
    start = datetime.combine(_DAY_ZERO, time()) + timedelta(days=int(number))
    return ReadMoment(start + timedelta(seconds=seconds), has_clock=bool(seconds))


def _compact(number: Decimal) -> ReadMoment:
    day = datetime.strptime(f"{int(number):08d}", "%Y%m%d").date()  # noqa: DTZ007 -- a day has no zone
    return ReadMoment(datetime.combine(day, time()), has_clock=False)


def _epoch(number: Decimal, a_second: int) -> ReadMoment:
    return ReadMoment(datetime.fromtimestamp(float(number / a_second), UTC), has_clock=True)


def _as_unit(number: Decimal, unit: str) -> ReadMoment:
    if unit == "serial":
        return _serial(number)
    if unit == "yyyymmdd":
        return _compact(number)
    return _epoch(number, 1000 if unit == "milliseconds" else 1)


_SPANS = {  # what a bare number can be, from 1970 to 2100; the spans do not meet
    "serial": (25_570, 73_050),
    "yyyymmdd": (19_700_101, 21_001_231),
    "seconds": (315_532_800, 4_102_444_800),  # from 1980 on: smaller ones are days
    "milliseconds": (315_532_800_000, 4_102_444_800_000),
}


def _unit(number: Decimal) -> str | None:
    return next((unit for unit, (low, high) in _SPANS.items() if low <= number <= high), None)


def read_number(raw: object, unit: str | None = None) -> ReadMoment:
    """Return the time that a number is: of the mapping's unit, else of the only plausible one."""
    try:
        number = Decimal(str(raw).strip())
        chosen = unit or _unit(number)
        if chosen is not None:
            return _as_unit(number, chosen)
    except (InvalidOperation, ValueError, OverflowError, OSError):
        pass
    hint = 'a date such as 2027-01-20, or say what the numbers are: time = "seconds"'
    raise BadCell(f"{shown(raw)} is no date", hint)


def read_moment(raw: object, order: str | None = None, unit: str | None = None) -> ReadMoment:
    """Return the time that stands there; BadCell where it is none, or could be two."""
    if isinstance(raw, datetime):
        return ReadMoment(raw, has_clock=True)
    if isinstance(raw, date):
        return ReadMoment(datetime.combine(raw, time()), has_clock=False)
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise BadCell(f"{shown(raw)} is not a date", "ISO 8601, such as 2027-01-20")
    text = str(raw).strip()
    if _NUMBER.fullmatch(text):
        return read_number(text, unit)
    found = readings(text)
    if not found:
        raise BadCell(f"{shown(text)} is not a date", "ISO 8601, such as 2027-01-20T09:30:00Z")
    if order in found:
        return found[order]
    several = {moment.at for moment in found.values()}
    if len(several) > 1:
        days = " or ".join(dict.fromkeys(str(moment.at.date()) for moment in found.values()))
        hint = 'say the order of day, month and year: date_order = "dmy" or "mdy"'
        raise BadCell(f"{shown(text)} is {days}: countries read it differently", hint)
    if order is not None:
        hint = "correct it, or set another date_order"
        raise BadCell(f"{shown(text)} is not a date with date_order = {order!r}", hint)
    return next(iter(found.values()))
