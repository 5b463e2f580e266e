"""How an amount may be written, by people and by programs of many countries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from plugin.settings.records import ARR_BANDS

_GROUPS = ("", ",", ".", " ", "\u00a0", "\u202f", "\u2009", "'", "’", "_")
_SHARES = (1, 4, 12)  # a year, a quarter, a month
_SCALES = (("k", 1_000), ("m", 1_000_000))


def _rounded(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _grouped(whole: int) -> Iterator[str]:
    yield from (f"{whole:,}".replace(",", sign) for sign in _GROUPS)
    text = str(whole)
    if len(text) > 5:
        head, tail = text[:-3], text[-3:]
        yield re.sub(r"(?<=\d)(?=(\d\d)+$)", ",", head) + f",{tail}"


def _exact(amount: Decimal) -> Iterator[str]:
    whole, rounded = int(amount), int(_rounded(amount, 0))
    yield from _grouped(whole)
    if rounded != whole:
        yield from _grouped(rounded)
    yield str(int(amount * 100))  # minor units, as payment systems count


def _short(amount: Decimal) -> Iterator[str]:
    for letter, scale in _SCALES:
        for places in (0, 1, 2):
            number = _rounded(amount / scale, places)
            if number >= 1:
                text = f"{number:f}"
                yield from {f"{text}{gap}{letter}" for gap in ("", " ", "\u00a0")}
                yield from {f"{text.replace('.', ',')}{gap}{letter}" for gap in ("", " ")}


def pattern_of(amount: Decimal) -> re.Pattern[str]:
    """Return what finds an amount, a month's or a quarter's part of it, in any notation."""
    texts: set[str] = set()
    for share in _SHARES:
        texts.update(_exact(_rounded(amount / share, 2)))
        texts.update(_short(amount / share))
    everybody_may = {edge.lower() for edge in ARR_BANDS}  # "over $1M" tells no exact amount
    ordered = sorted(texts - everybody_may, key=len, reverse=True)
    longest_first = "|".join(re.escape(text) for text in ordered)
    return re.compile(rf"(?<![\w.,])(?:{longest_first})(?!\w)", re.IGNORECASE)
