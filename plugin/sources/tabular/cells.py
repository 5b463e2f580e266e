"""Type one cell of a table within the limits of its column: an empty cell is unknown.

A cell is text (CSV) or a decoded JSON value, whose numbers are Decimal or int. What it means is
read in plugin/sources/values.py, in the convention of its column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from plugin.account.domains import host_of, normal_domain
from plugin.sources import values, words
from plugin.sources.refused import BadCell, shown
from plugin.sources.values import (
    UNDECIDED,
    Convention,
    is_empty,
    read_bool,
    read_currency,
    read_id,
    read_text,
)

__all__ = [
    "LIST_MAX",
    "Limits",
    "is_empty",
    "read_amount",
    "read_bool",
    "read_currency",
    "read_date",
    "read_decimal",
    "read_domain",
    "read_email",
    "read_id",
    "read_instant",
    "read_link",
    "read_list",
    "read_number",
    "read_text",
    "read_whole",
    "read_word",
    "shown",
]

Limits = tuple[float | None, float | None]
LIST_MAX = 100
_WHOLES = (Decimal(1), Decimal(100))  # what 100 % is in a share, in points of 100


def _within(value: Decimal, limits: Limits) -> Decimal:
    low, high = limits
    if low is not None and value < Decimal(str(low)):
        raise BadCell(f"{value} is less than {low:g}")
    if high is not None and value > Decimal(str(high)):
        scale = "; in another unit? set its scale in the mapping" if high in _WHOLES else ""
        raise BadCell(f"{value} is more than {high:g}{scale}")
    return value


def read_whole(raw: object, limits: Limits = (0, None), how: Convention = UNDECIDED) -> int:
    """Return a whole number within `limits`."""
    value = _within(read_decimal(raw, limits, how), limits)
    if value != value.to_integral_value():
        raise BadCell(f"{value} is not a whole number")
    return int(value)


def read_decimal(raw: object, limits: Limits, how: Convention = UNDECIDED) -> Decimal:
    """Return an exact number; a per cent where `limits` are those of a share or of points."""
    whole = next((one for one in _WHOLES if limits[0] == 0 and limits[1] == float(one)), None)
    return values.read_number(raw, how, whole)


def read_number(raw: object, limits: Limits = (0, None), how: Convention = UNDECIDED) -> float:
    """Return a number within `limits`."""
    return float(_within(read_decimal(raw, limits, how), limits))


def read_amount(raw: object, how: Convention = UNDECIDED) -> Decimal:
    """Return an exact amount of money, never below zero."""
    return _within(values.read_money(raw, how)[0], (0, None))


def read_date(raw: object, how: Convention = UNDECIDED) -> date:
    """Return a calendar day."""
    return values.read_date(raw, how)


def read_instant(raw: object, how: Convention = UNDECIDED) -> datetime:
    """Return an instant in UTC."""
    return values.read_instant(raw, how)


def read_word(raw: object, known: Sequence[str]) -> str:
    """Return one of `known`, for our word or a vendor's, in any case."""
    return words.read_word(read_text(raw), known)


def read_email(raw: object) -> str:
    """Return an address: something on both sides of one @, and no space."""
    text = read_text(raw)
    local, _, domain = text.rpartition("@")
    if not local or not domain or re.search(r"[\s<>,;]", text):
        raise BadCell(
            f"{shown(raw)} is not an e-mail address", "one address, such as ada@acme.example"
        )
    return text


def read_domain(raw: object) -> str:
    """Return the host of a domain or a web address, for people to read: see `host_of`."""
    host = host_of(read_text(raw))
    if normal_domain(host) is None:
        raise BadCell(
            f"{shown(raw)} is not a domain", "the part behind the @, such as acme.example"
        )
    return host


def read_link(raw: object) -> str:
    """Return a web address; anything but http and https is refused."""
    text = read_text(raw)
    try:
        parts = urlsplit(text)
    except ValueError:
        raise BadCell(f"{shown(raw)} is not a web address") from None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise BadCell(f"{shown(raw)} is not a web address", "it starts with https://")
    return text


def read_list(raw: object, one: Callable[[object], Any], keep: int = LIST_MAX) -> tuple[Any, ...]:
    """Return the items of a JSON list, or of a text with `;` between them; the last `keep`."""
    items = raw if isinstance(raw, list) else read_text(raw).split(";")
    return tuple(one(item) for item in items if not is_empty(item))[-keep:]
