"""Read a number as people write it: exact, and refused where two countries read it differently.

A text has at most two readings: with a point for decimals, and with a comma. Where they differ,
only the column, the file or the mapping can say which is meant.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from babel.core import get_global

from plugin.sources.refused import BadCell, shown

DIGITS_MAX = 16  # beyond it an amount is a slip of the keyboard, and a float loses digits
MARKS = (".", ",")
LONGEST = 60  # characters of a number with all its dress
_SPACE = " \u00a0\u2009\u202f"
_PLAIN = re.compile(r"-?[0-9]{1,40}", re.ASCII)
_SCIENTIFIC = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?[eE][+-]?[0-9]{1,2}", re.ASCII)
_CURRENCIES = frozenset(code.lower() for code in get_global("all_currencies"))
_DOLLARS = frozenset({"usd", "cad", "aud", "nzd", "sgd", "hkd", "mxn", "clp", "cop", "ars", "twd"})
_CROWNS = frozenset({"dkk", "sek", "nok", "isk"})
SIGNS: dict[str, frozenset[str]] = {
    "€": frozenset({"eur"}),
    "$": _DOLLARS,
    "us$": frozenset({"usd"}),
    "a$": frozenset({"aud"}),
    "c$": frozenset({"cad"}),
    "ca$": frozenset({"cad"}),
    "nz$": frozenset({"nzd"}),
    "hk$": frozenset({"hkd"}),
    "s$": frozenset({"sgd"}),
    "r$": frozenset({"brl"}),
    "£": frozenset({"gbp"}),
    "¥": frozenset({"jpy", "cny"}),
    "₹": frozenset({"inr"}),
    "₩": frozenset({"krw"}),
    "₺": frozenset({"try"}),
    "₪": frozenset({"ils"}),
    "kr": _CROWNS,
    "kr.": _CROWNS,
    "zł": frozenset({"pln"}),
    "kč": frozenset({"czk"}),
    "ft": frozenset({"huf"}),
    "fr.": frozenset({"chf"}),
}
_DRESS = re.compile(
    r"(?P<open>\()?[ \u00a0]*(?P<sign>[-−+])?[ \u00a0]*"
    r"(?P<before>[^\s\d(),'’%+−-]{1,4})??[ \u00a0]*"
    r"(?P<inner>[-−+])?(?P<core>[.,]?[0-9][0-9.,'’ \u00a0\u2009\u202f]*?)"
    r"[ \u00a0]*(?P<after>%|[^\s\d(),'’%+−-]{1,4})?[ \u00a0]*(?P<close>\))?"
)


def _pattern(mark: str, group: str) -> re.Pattern[str]:
    grouped = rf"[1-9][0-9]{{0,2}}(?P<by>[{group}'’{_SPACE}])[0-9]{{3}}(?:(?P=by)[0-9]{{3}})*"
    lakh = r"|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}" if group == "," else ""  # 12,34,567 in India
    return re.compile(rf"(?P<whole>{grouped}{lakh}|[0-9]*)(?:[{mark}](?P<part>[0-9]+))?", re.ASCII)


_PATTERNS = {".": _pattern(".", ","), ",": _pattern(",", ".")}


def readings(core: str) -> dict[str, Decimal]:
    """Return decimal mark → value, for each mark under which the digits make a number."""
    found: dict[str, Decimal] = {}
    for mark, pattern in _PATTERNS.items():
        match = pattern.fullmatch(core)
        if match and (match["whole"] or match["part"]):
            whole = re.sub(r"\D", "", match["whole"]) or "0"
            found[mark] = Decimal(f"{whole}.{match['part']}" if match["part"] else whole)
    return found


def _dressed(text: str) -> re.Match[str] | None:
    match = _DRESS.fullmatch(text) if len(text) <= LONGEST else None
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    signs = [sign for sign in (match["open"], match["sign"], match["inner"]) if sign]
    return match if len(signs) <= 1 else None


def currencies_of(sign: str) -> frozenset[str]:
    """Return the currencies that a sign or a code may stand for, in lower case."""
    word = sign.strip().lower()
    return frozenset({word}) if word in _CURRENCIES else SIGNS.get(word, frozenset())


def sign_of(raw: object) -> frozenset[str]:
    """Return the currencies that the sign beside a number allows; none where it has no sign."""
    match = _dressed(raw.strip()) if isinstance(raw, str) else None
    words = [match["before"], match["after"]] if match else []
    return next((codes for word in words if word and (codes := currencies_of(word))), frozenset())


def evidence(raw: object) -> frozenset[str]:
    """Return the decimal marks that a cell admits; none where it says nothing of them."""
    if not isinstance(raw, str) or _PLAIN.fullmatch(raw.strip()):
        return frozenset()
    match = _dressed(raw.strip())
    found = readings(match["core"]) if match else {}
    several = len(set(found.values())) > 1
    return frozenset(found) if several or len(found) == 1 else frozenset()


def _chosen(core: str, decimal: str | None, text: str) -> Decimal:
    """Return the one value that digits have; BadCell where there is none, or one too many."""
    found = readings(core)
    if not found:
        raise BadCell(f"{shown(text)} is not a number", "digits, such as 1250.50")
    if len(set(found.values())) == 1 and (decimal is None or decimal in found):
        return next(iter(found.values()))
    if decimal is None:
        point, comma = (f"{found[mark].normalize():f}" for mark in MARKS)
        raise BadCell(
            f"{shown(text)} is {point} or {comma}: countries read it differently",
            'say which: decimal = "." or decimal = ","',
        )
    if decimal not in found:
        hint = "correct it, or set another decimal"
        raise BadCell(f"{shown(text)} is not a number with decimal = {decimal!r}", hint)
    return found[decimal]


def bounded(value: Decimal, raw: object) -> Decimal:
    """Return the value; BadCell where it is infinite or beyond all real amounts."""
    if not value.is_finite():
        raise BadCell(f"{shown(raw)} is not a number")
    if abs(value.adjusted()) >= DIGITS_MAX:
        raise BadCell(f"{shown(raw)} is out of range", f"at most {DIGITS_MAX} digits")
    return value


def _typed(raw: object) -> Decimal | None:
    """Return a number that needs no reading; None for a text."""
    if isinstance(raw, str):
        text = raw.strip()
        return Decimal(text) if _PLAIN.fullmatch(text) else None
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal | float):
        raise BadCell(f"{shown(raw)} is not a number")
    return Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)


def _read(raw: object, decimal: str | None) -> tuple[Decimal, str, str]:
    """Return value, the sign of a currency and "%" or nothing."""
    typed = _typed(raw)
    if typed is not None:
        return bounded(typed, raw), "", ""
    text = str(raw).strip()
    if _SCIENTIFIC.fullmatch(text) or re.fullmatch(r"[0-9][.,]?[0-9]*E\+[0-9]{1,3}", text):
        hint = "format the column as a number with all digits and export it again"
        raise BadCell(f"{shown(text)} is not a number: it was shortened by a spreadsheet", hint)
    match = _dressed(text)
    if match is None:
        raise BadCell(f"{shown(text)} is not a number", "digits, such as 1250.50")
    value = _chosen(match["core"], decimal, text)
    is_negative = match["open"] or (match["sign"] or match["inner"]) in ("-", "−")
    signs = [word for word in (match["before"], match["after"]) if word]
    if len(signs) > 1:
        raise BadCell(f"{shown(text)} is not a number", "digits, such as 1250.50")
    percent = "%" if signs == ["%"] else ""
    sign = "" if percent or not signs else signs[0]
    return bounded(-value if is_negative else value, raw), sign, percent


def read_decimal(raw: object, decimal: str | None = None, whole: Decimal | None = None) -> Decimal:
    """Return an exact number. `whole` is what 100 % is in its unit; None takes no per cent."""
    value, sign, percent = _read(raw, decimal)
    if sign or (percent and whole is None):
        raise BadCell(f"{shown(raw)} is not a number", "the digits alone, such as 1250.50")
    return value * whole / 100 if percent and whole is not None else value


def read_money(raw: object, decimal: str | None = None) -> tuple[Decimal, frozenset[str]]:
    """Return an exact amount and the currencies that its own sign allows, if it has one."""
    value, sign, percent = _read(raw, decimal)
    codes = currencies_of(sign) if sign else frozenset[str]()
    if percent or (sign and not codes):
        raise BadCell(f"{shown(raw)} is not an amount", "digits, such as 1250.50")
    return value, codes


def exact(raw: Any) -> Any:
    """Return what a program wrote: a float by its digits, a text such as 1.2E7 as its number."""
    if isinstance(raw, float):
        return Decimal(repr(raw))
    if isinstance(raw, str) and _SCIENTIFIC.fullmatch(raw.strip()):
        return Decimal(raw.strip())
    return raw
