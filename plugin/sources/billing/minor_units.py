"""Amounts as billing systems send them, whole minor units → amounts as people write them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from plugin.account.money import Money, decimals

# Where Stripe's minor unit is not the one people write:
# https://docs.stripe.com/currencies#special-cases
STRIPE_DIGITS = {"isk": 2, "ugx": 2, "mga": 0}


def stripe_units(currency: str) -> int:
    """Return how many of Stripe's minor units make one of the currency."""
    return int(10 ** STRIPE_DIGITS.get(currency, decimals(currency)))


def chargebee_units(currency: str) -> int:
    """Return how many of Chargebee's minor units make one of the currency."""
    return int(10 ** decimals(currency))


def rounded(amount: Fraction, currency: str) -> Decimal:
    """Return the amount half-up to the currency's own number of decimals."""
    places = decimals(currency)
    scaled = amount * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(units).scaleb(-places)


def money(minor: Fraction, units: int, currency: str) -> Money:
    """Return so many minor units, of which `units` make one, as money."""
    return Money(rounded(minor / units, currency), currency)
