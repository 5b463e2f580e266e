"""The one reader of foreign values: text, ids, yes and no, words, numbers, money, times.

It is strict: what could be two values is none, until the column, the file or the mapping says
which. A refusal is a BadCell; whoever reads a cell adds its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeVar

from plugin.sources import numbers, times
from plugin.sources.refused import BadCell, shown


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EMPTY = _words(
    "#n/a n/a #ref! #value! #div/0! #name? #null! #num! #spill! #calc! #nv #bezug! #wert! #zahl!"
    " #valeur! #nom? #nombre? #valor! #rif! #nome? null (null) \\n nil nan nat none undefined"
    " - -- – — (blank) (empty) (leer) (vide)"
)
_YES = _words(
    "true yes 1 y t on ja oui si sí sì sim tak wahr vrai verdadero vero waar sand sant verdadeiro"
    " prawda x ✓ ✔"
)
_NO = _words(
    "false no 0 n f off nein non nee nej nei não nie falsch faux falso onwaar falsk usant falskt"
    " fałsz"
)
_FIRST, _LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
_FORMULA = re.compile(r'="([^"]*)"')
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]*)?[eE]\+[0-9]{1,3}", re.ASCII)
_QUOTED = re.compile(r"'(?=[0-9=+@-])")  # how a spreadsheet marks digits as text


@dataclass(frozen=True, slots=True)
class Convention:
    """How the bare values of a column are meant; None where nobody said.

    decimal     the mark before decimals: "." or ",".
    date_order  of day, month and year: dmy, mdy or ymd.
    time        what bare numbers count: yyyymmdd, serial, seconds or milliseconds.
    zone        the time zone of times without one.
    """

    decimal: str | None = None
    date_order: str | None = None
    time: str | None = None
    zone: str = "UTC"


UNDECIDED = Convention()
T = TypeVar("T")


def settled(given: str | None, admitted: Iterable[frozenset[str]]) -> str | None:
    """Return the one way in which a column is written; None where that cannot be said.

    `given` is what the mapping says; `admitted` what each cell admits. Cells that all deny what
    the mapping says, while none proves it, leave the column undecided: then only a cell that can
    be read in one way is read.
    """
    said = [some for some in admitted if some]
    if given is None:
        common = frozenset.intersection(*said) if said else frozenset[str]()
        return next(iter(common)) if len(common) == 1 else None
    against = [some for some in said if given not in some]
    proven = any(given in some and not all(some & other for other in against) for some in said)
    return given if proven or not against else None


def is_empty(raw: object) -> bool:
    """Say whether nothing stands there, or a spreadsheet's word for it; 0 and no are values."""
    if isinstance(raw, str):
        text = raw.strip()
        return not text or text.casefold() in _EMPTY
    return raw is None


def read_text(raw: object) -> str:
    """Return a text without the space around it; a number is read as written."""
    if isinstance(raw, bool | float) or not isinstance(raw, str | int | Decimal):
        raise BadCell(f"{shown(raw)} is not a text")
    text = str(raw).strip()
    if formula := _FORMULA.fullmatch(text):
        text = formula[1].strip()
    if "\x00" in text:
        raise BadCell("holds a NUL byte", "export the file again: it is damaged here")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadCell("holds half a character (a lone surrogate)") from None
    return text


def read_id(raw: object) -> str:
    """Return an id with all its digits; BadCell for what a spreadsheet shortened."""
    if isinstance(raw, float | Decimal) and not isinstance(raw, bool):
        number = Decimal(str(raw))
        raw = int(number) if number == number.to_integral_value() else raw
    text = _QUOTED.sub("", read_text(raw), count=1)
    if _SHORTENED.fullmatch(text):
        hint = "format the column as text and export it again: its digits are lost"
        raise BadCell(f"{shown(text)} is an id that a spreadsheet shortened", hint)
    return text


def read_bool(raw: object) -> bool:
    """Return yes or no, in the ways that spreadsheets of many countries write them."""
    word = ("true" if raw else "false") if isinstance(raw, bool) else read_text(raw).casefold()
    if word not in _YES | _NO:
        raise BadCell(f"{shown(raw)} is neither true nor false", "true or false")
    return word in _YES


def read_currency(raw: object) -> str:
    """Return an ISO 4217 code in lower case; a sign only where it is one currency's."""
    found = numbers.currencies_of(read_text(raw))
    if len(found) > 1:
        hint = f"an ISO 4217 code: {', '.join(sorted(found)).upper()}"
        raise BadCell(f"{shown(raw)} is the sign of several currencies", hint)
    if not found:
        raise BadCell(f"{shown(raw)} is not a currency", "an ISO 4217 code, such as USD")
    return next(iter(found))


def read_number(raw: object, how: Convention = UNDECIDED, whole: Decimal | None = None) -> Decimal:
    """Return an exact number; `whole` is what 100 % is in the number's unit."""
    return numbers.read_decimal(raw, how.decimal, whole)


def read_money(raw: object, how: Convention = UNDECIDED) -> tuple[Decimal, frozenset[str]]:
    """Return an exact amount, and the currencies that its own sign allows."""
    return numbers.read_money(raw, how.decimal)


def read_date(raw: object, how: Convention = UNDECIDED) -> date:
    """Return a calendar day; an instant that is no midnight is a day in the column's zone."""
    moment = times.read_moment(raw, how.date_order, how.time)
    return _bounded(lambda: moment.day(how.zone), raw)


def read_instant(raw: object, how: Convention = UNDECIDED) -> datetime:
    """Return an instant in UTC; without a zone it is in the column's, without a time midnight."""
    moment = times.read_moment(raw, how.date_order, how.time)
    return _bounded(lambda: _in_every_zone(moment.instant(how.zone)), raw)


def _in_every_zone(instant: datetime) -> datetime:
    """Return an instant that has a day in every time zone; ValueError for any other."""
    if not _FIRST <= instant <= _LAST:
        raise ValueError("no calendar reaches so far in every time zone")
    return instant


def _bounded(convert: Callable[[], T], raw: object) -> T:
    """Return what `convert` makes; a time at the end of the calendar has no other zone."""
    try:
        return convert()
    except (ValueError, OverflowError):
        raise BadCell(f"{shown(raw)} is not a date and time", "a time within our era") from None
