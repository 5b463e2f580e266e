"""The band that an amount falls into, for roles that may not see the amount."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from plugin.account.money import Money

_SIGNS = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "inr": "₹"}
_SCALE = {"k": 1_000, "M": 1_000_000}


def _edge(text: str) -> Decimal:
    scale = _SCALE.get(text[-1], 1)
    return Decimal(text.rstrip("kM")) * scale


def _between(low: str, high: str) -> str:
    unit = high[-1] if low[-1] == high[-1] and high[-1] in _SCALE else ""
    return f"{low.removesuffix(unit) if unit else low}–{high}"


def band(money: Money, edges: Sequence[str]) -> str:
    """Return the band of `money` in its own currency, such as "$25–50k" or "over $1M".

    `edges` are the upper edges in ascending order; an amount on an edge is in the band above.
    """
    sign = _SIGNS.get(money.currency, f"{money.currency.upper()} ")
    above = [edge for edge in edges if money.amount < _edge(edge)]
    if not above:
        return f"over {sign}{edges[-1]}"
    place = list(edges).index(above[0])
    if place == 0:
        return f"under {sign}{edges[0]}"
    return sign + _between(edges[place - 1], edges[place])
