"""Price a quantity over tiers: graduated, slice by slice, or volume, all at the tier reached.

https://docs.stripe.com/products-prices/pricing-models#tiered-pricing
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from plugin.sources.billing.values import Missing, mapping, number, sequence, whole, word


@dataclass(frozen=True, slots=True)
class Tier:
    """Units up to and including `up_to` (None: all the rest), in minor units."""

    up_to: int | None
    unit: Fraction
    flat: Fraction

    def reaches(self, quantity: int) -> bool:
        """Whether the last of `quantity` units falls into this tier or an earlier one."""
        return self.up_to is None or quantity <= self.up_to


def _either(tier: Mapping[str, Any], field: str) -> Fraction | None:
    for key in (field, f"{field}_decimal"):
        if tier.get(key) is not None:
            return number(tier[key], f"a tier's {key}")
    return None


def _tier(raw: Any) -> Tier:
    tier = mapping(raw, "a tier")
    unit, flat = _either(tier, "unit_amount"), _either(tier, "flat_amount")
    if unit is None and flat is None:
        raise Missing("a tier has no amount")
    if "up_to" not in tier:
        raise Missing("a tier has no up_to")
    limit = tier["up_to"]
    up_to = None if limit is None or limit == "inf" else whole(limit, "a tier's up_to")
    return Tier(up_to, unit or Fraction(0), flat or Fraction(0))


def _tiers(price: Mapping[str, Any]) -> list[Tier]:
    raw = price.get("tiers")
    if raw is None:
        raise Missing("the price's tiers were not expanded")
    found = [_tier(tier) for tier in sequence(raw, "the price's tiers")]
    return sorted(found, key=lambda tier: (tier.up_to is None, tier.up_to or 0))


def _graduated(tiers: list[Tier], quantity: int) -> Fraction:
    total, below = Fraction(0), 0
    for tier in tiers:
        top = quantity if tier.up_to is None else min(quantity, tier.up_to)
        if top > below:
            total += tier.unit * (top - below) + tier.flat
            below = top
    return total


def _volume(tiers: list[Tier], quantity: int) -> Fraction:
    tier = next(tier for tier in tiers if tier.reaches(quantity))
    return tier.unit * quantity + tier.flat


def tiered(price: Mapping[str, Any], quantity: int) -> Fraction:
    """Return the amount in minor units; a quantity equal to `up_to` stays in that tier.

    Raises Missing when tiers are not expanded, or when none is wide enough.
    """
    tiers = _tiers(price)
    if quantity == 0:  # no unit falls into a tier, so no flat amount either
        return Fraction(0)
    if not any(tier.reaches(quantity) for tier in tiers):
        raise Missing(f"no tier is wide enough for a quantity of {quantity}")
    mode = word(price.get("tiers_mode"), ("graduated", "volume"), "the tiers mode")
    return _graduated(tiers, quantity) if mode == "graduated" else _volume(tiers, quantity)
