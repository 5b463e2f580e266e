"""Take inclusive tax out of an amount where the rate is known; exclusive tax is never in it.

https://docs.stripe.com/billing/taxes/tax-rates
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from plugin.sources.billing.values import Missing, mapping, number


def _rates(item: Mapping[str, Any], subscription: Mapping[str, Any]) -> Iterator[Any]:
    chosen = item.get("tax_rates") or subscription.get("default_tax_rates")
    yield from chosen if isinstance(chosen, list) else ()


def _inclusive_share(item: Mapping[str, Any], subscription: Mapping[str, Any]) -> Fraction | None:
    """Return the sum of the inclusive rates as a share; None where none is known."""
    try:
        rates = [mapping(rate, "a tax rate") for rate in _rates(item, subscription)]
        inclusive = [rate for rate in rates if rate.get("inclusive") is True]
        shares = [number(rate.get("percentage"), "a tax rate") / 100 for rate in inclusive]
    except Missing:
        return None
    return sum(shares, Fraction(0)) if shares else None


def net(
    amount: Fraction, behavior: Any, item: Mapping[str, Any], subscription: Mapping[str, Any]
) -> tuple[Fraction, bool]:
    """Return the amount without tax, and whether tax of an unknown rate is still in it."""
    if behavior == "exclusive":
        return amount, False
    share = _inclusive_share(item, subscription)
    if share is None:
        return amount, behavior == "inclusive"
    return amount / (1 + share), False
