"""Read single values of a billing payload strictly: exact, bounded, or missing with a sentence."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

LIMIT = 10**18  # no amount, quantity or count of a real account is larger
_NUMERAL = re.compile(r"[0-9]{1,19}(\.[0-9]{1,18})?")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_FINEST, _COARSEST = -30, 18  # powers of ten, so that no Fraction explodes
_LAST_INSTANT = 253_402_300_799  # the end of the year 9999


class Missing(ValueError):
    """A part that is absent or cannot be used; the text says which, for people."""


def mapping(value: Any, where: str) -> Mapping[str, Any]:
    """Return `value` if it is an object; raise Missing for an id that was not expanded."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, str):
        raise Missing(f"{where} is only an id: it was not expanded")
    raise Missing(f"{where} is missing" if value is None else f"{where} is not an object")


def sequence(value: Any, where: str) -> Sequence[Any]:
    """Return `value` if it is a list."""
    if isinstance(value, list | tuple):
        return value
    raise Missing(f"{where} is missing" if value is None else f"{where} is not a list")


def _shown(value: Any) -> str:
    return repr(value[:30]) if isinstance(value, str) else f"({type(value).__name__})"


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    if isinstance(value, str) and not _NUMERAL.fullmatch(value):
        return None
    if isinstance(value, int) and abs(value) > LIMIT:  # str() refuses thousands of digits
        return None
    found = Decimal(str(value))  # a float as it was written: 33.3 is 333/10
    exponent = found.as_tuple().exponent
    plain = isinstance(exponent, int) and _FINEST <= exponent <= _COARSEST
    return found if plain else None


def number(value: Any, where: str) -> Fraction:
    """Return `value` exactly; raise Missing unless it is a number from 0 to 10^18."""
    if value is None:
        raise Missing(f"{where} is missing")
    found = _decimal(value)
    if found is None or not 0 <= found <= LIMIT:
        raise Missing(f"{where} is not a usable number")
    return Fraction(found)


def whole(value: Any, where: str) -> int:
    """Return `value` if it is a whole number, 0 or more."""
    found = number(value, where)
    if found.denominator != 1:
        raise Missing(f"{where} is not a whole number")
    return found.numerator


def instant(value: Any, where: str) -> datetime:
    """Return the UTC instant of a time in epoch seconds."""
    seconds = number(value, where)
    if not 0 < seconds <= _LAST_INSTANT:
        raise Missing(f"{where} is not a time in epoch seconds")
    return datetime.fromtimestamp(int(seconds), UTC)


def maybe_instant(value: Any, where: str) -> datetime | None:
    """Return the instant, or None where the payload says that there is none."""
    return None if value is None else instant(value, where)


def word(value: Any, known: Collection[str], where: str) -> str:
    """Return `value` if it is one of the known words."""
    if isinstance(value, str) and value in known:
        return value
    raise Missing(f"{where} is missing" if value is None else f"{where} {_shown(value)} is unknown")


def truth(value: Any, where: str) -> bool:
    """Return a true or false; absent and null are false, as the vendors leave it out."""
    if value is None or isinstance(value, bool):
        return bool(value)
    raise Missing(f"{where} is neither true nor false")


def currency(value: Any, where: str) -> str:
    """Return the lower-case ISO 4217 code."""
    if isinstance(value, str) and _CURRENCY.fullmatch(value):
        return value.lower()
    raise Missing(f"{where} is missing" if value is None else f"{where} is not a currency code")


def name(value: Any) -> str | None:
    """Return an id or a name, None for anything that is not text."""
    return value if isinstance(value, str) and value else None
