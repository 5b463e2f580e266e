"""Turn one fact into the value that rules compute with, or say why it cannot be one."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from plugin.account.money import Money
from plugin.rules.schema import FieldSpec

EXACT = 2**53  # whole numbers up to here are the same as integer and as double
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Moment:
    """The time and the workspace for which an account is judged.

    `now` is aware. `rates` maps a foreign currency to what one unit of it is worth in the
    workspace's `currency`. `answered` names the upstreams that answered; None leaves that to
    the context, or to a test's fixture, where all did.
    """

    now: datetime
    zone: str = "UTC"
    currency: str = "usd"
    rates: Mapping[str, Decimal | float] = field(default_factory=dict)
    answered: frozenset[str] | None = None

    def today(self) -> datetime:
        """Return the current day in the workspace's zone, bound like a date."""
        return midnight(self.now.astimezone(ZoneInfo(self.zone)).date())


class UnusableValue(ValueError):
    """A fact that cannot be a value; `reason` is a gap reason."""

    def __init__(self, reason: str = "bad_data") -> None:
        self.reason = reason
        super().__init__(reason)


def midnight(day: date) -> datetime:
    """Return 00:00 UTC of a calendar day: differences of days are then whole."""
    return datetime.combine(day, time(), UTC)


def _number(raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        raise UnusableValue
    if isinstance(raw, int) and -EXACT <= raw <= EXACT:
        return raw
    try:
        value = float(raw)
    except (OverflowError, InvalidOperation, ValueError) as error:
        raise UnusableValue from error
    if not math.isfinite(value):
        raise UnusableValue
    return value


def _currency_of(raw: Any) -> tuple[Any, str | None]:
    if isinstance(raw, Money):
        return raw.amount, raw.currency
    if isinstance(raw, Mapping) and isinstance(raw.get("currency"), str):
        amount = raw.get("amount")
        return _decimal(amount) if isinstance(amount, str) else amount, raw["currency"]
    return raw, None


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise UnusableValue from error


def _money(raw: Any, moment: Moment) -> float:
    amount, currency = _currency_of(raw)
    value = float(_number(amount))
    if currency is None or currency.lower() == moment.currency.lower():
        return value
    rate = moment.rates.get(currency.lower(), moment.rates.get(currency.upper()))
    if rate is None:
        raise UnusableValue("no_exchange_rate")
    return float(_number(value * float(_number(rate))))


def _day(raw: Any) -> datetime:
    if isinstance(raw, str) and _DATE.fullmatch(raw):
        raw = date.fromisoformat(raw)
    if isinstance(raw, datetime) or not isinstance(raw, date):
        raise UnusableValue
    return midnight(raw)


def _instant(raw: Any) -> datetime:
    if isinstance(raw, str) and _INSTANT.fullmatch(raw):
        raw = datetime.fromisoformat(raw)
    if not isinstance(raw, datetime) or raw.tzinfo is None:
        raise UnusableValue
    return raw.astimezone(UTC)


def _string(raw: Any) -> str:
    if not isinstance(raw, str):
        raise UnusableValue
    return raw


def _bool(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise UnusableValue
    return raw


def _every(read: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    def read_list(raw: Any) -> tuple[Any, ...]:
        if isinstance(raw, str | bytes | Mapping) or not isinstance(raw, Iterable):
            raise UnusableValue
        return tuple(read(item) for item in raw if item is not None)

    return read_list


_READERS: dict[str, Callable[[Any], Any]] = {
    "bool": _bool,
    "number": _number,
    "string": _string,
    "timestamp": _instant,
    "list<string>": _every(_string),
    "list<number>": _every(_number),
}


def convert(spec: FieldSpec, raw: Any, moment: Moment) -> Any:
    """Return the value of a fact, typed as its field says; Unusable when it is not of that type.

    Dates and instants may be ISO 8601 text, as rule tests write them; instants need a zone.
    Nulls inside a list are left out.
    """
    if spec.unit == "money":
        return _money(raw, moment)
    read = _day if spec.unit == "date" else _READERS[spec.type]
    try:
        return read(raw)
    except UnusableValue:
        raise
    except (ValueError, OverflowError) as error:
        raise UnusableValue from error
