"""Type one cell of a table: an empty cell is unknown, and nothing is guessed.

A cell is text (CSV) or a decoded JSON value, whose numbers are Decimal or int.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from babel.core import get_global

from plugin.account.domains import host_of, normal_domain
from plugin.sources.tabular.problems import BadCell

Limits = tuple[float | None, float | None]
DIGITS_MAX = 16  # beyond it an amount is a slip of the keyboard, and a float loses digits
LIST_MAX = 100
SHOWN_MAX = 40  # characters of a bad cell that its problem repeats
_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?",
    re.ASCII,
)
_YES = frozenset(["true", "yes", "1"])
_NO = frozenset(["false", "no", "0"])
_CURRENCIES = frozenset(code.lower() for code in get_global("all_currencies"))

_FIRST, _LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


def shown(raw: object) -> str:
    """Return what stands in the cell, short enough for a sentence."""
    text = str(raw)
    return repr(text if len(text) <= SHOWN_MAX else text[: SHOWN_MAX - 1] + "…")


def is_empty(raw: object) -> bool:
    """Say whether a cell holds nothing: unknown, which is not 0 and not false."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def read_text(raw: object) -> str:
    """Return a cell as text without surrounding space; a JSON number is read as written."""
    if isinstance(raw, bool | float) or not isinstance(raw, str | int | Decimal):
        raise BadCell(f"{shown(raw)} is not a text")
    text = str(raw).strip()
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadCell("holds half a character (a lone surrogate)") from None
    return text


def _decimal(raw: object) -> Decimal:
    if isinstance(raw, str):
        if not _NUMBER.fullmatch(raw.strip()):
            hint = "digits with a point for decimals, such as 1250.50; no thousands separators"
            raise BadCell(f"{shown(raw)} is not a number", hint)
        raw = Decimal(raw.strip())
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        raise BadCell(f"{shown(raw)} is not a number")
    value = Decimal(raw)
    if not value.is_finite() or abs(value.adjusted()) >= DIGITS_MAX:
        raise BadCell(f"{shown(raw)} is out of range", f"at most {DIGITS_MAX} digits")
    return value


def _within(value: Decimal, limits: Limits) -> Decimal:
    low, high = limits
    if low is not None and value < Decimal(str(low)):
        raise BadCell(f"{value} is less than {low:g}")
    if high is not None and value > Decimal(str(high)):
        raise BadCell(f"{value} is more than {high:g}")
    return value


def read_whole(raw: object, limits: Limits = (0, None)) -> int:
    """Return a whole number within `limits`."""
    value = _within(_decimal(raw), limits)
    if value != value.to_integral_value():
        raise BadCell(f"{value} is not a whole number")
    return int(value)


def read_number(raw: object, limits: Limits = (0, None)) -> float:
    """Return a number within `limits`."""
    return float(_within(_decimal(raw), limits))


def read_amount(raw: object) -> Decimal:
    """Return an exact amount of money, never below zero."""
    return _within(_decimal(raw), (0, None))


def read_currency(raw: object) -> str:
    """Return an ISO 4217 code in lower case."""
    code = read_text(raw).lower()
    if code not in _CURRENCIES:
        raise BadCell(f"{shown(raw)} is not a currency", "an ISO 4217 code, such as USD")
    return code


def read_bool(raw: object) -> bool:
    """Return yes or no, in the ways that spreadsheets write them."""
    word = ("true" if raw else "false") if isinstance(raw, bool) else read_text(raw).lower()
    if word not in _YES | _NO:
        raise BadCell(f"{shown(raw)} is neither true nor false", "true or false")
    return word in _YES


def read_date(raw: object) -> date:
    """Return a calendar day, written as ISO 8601 writes it."""
    text = read_text(raw)
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadCell(f"{shown(raw)} is not a date", "ISO 8601, such as 2027-01-20")


def in_every_zone(instant: datetime) -> datetime:
    """Return an instant (UTC) that has a day in every time zone; ValueError for any other."""
    if not _FIRST <= instant <= _LAST:
        raise ValueError("no calendar reaches so far in every time zone")
    return instant


def read_instant(raw: object) -> datetime:
    """Return an instant in UTC; without an offset it is UTC, without a time midnight."""
    text = read_text(raw)
    try:
        if _INSTANT.fullmatch(text):
            instant = datetime.fromisoformat(text)
            known = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
            return in_every_zone(known.astimezone(UTC))
    except (ValueError, OverflowError):
        pass
    raise BadCell(f"{shown(raw)} is not a date and time", "ISO 8601, such as 2027-01-20T09:30:00Z")


def read_word(raw: object, words: Sequence[str]) -> str:
    """Return one of `words`; case, spaces and hyphens do not matter."""
    word = re.sub(r"[ -]+", "_", read_text(raw).lower())
    if word not in words:
        raise BadCell(f"{shown(raw)} is none of the words here", "one of " + ", ".join(words))
    return word


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
