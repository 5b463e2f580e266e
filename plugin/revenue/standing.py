"""What is found out of one subscription: its parts, its dates, its flags."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

# Flags in the order they are told; docs/arr.md has a line for each.
FLAGS = (
    "payment_risk",
    "ending",
    "paused",
    "converts_on",
    "discount_ends_at",
    "has_scheduled_changes",
    "has_usage_based",
    "tax_included",
    "short_term",
    "partial",
)

# How much a subscription's status matters: the currencies of the highest that occurs are listed.
OVER, WAITING, COUNTING = 0, 1, 2


@dataclass(frozen=True, slots=True)
class RevenuePart:
    """One item's part, exact, in the major unit of `currency`; None is unknown.

    `gross` and `amount` are per billing period, before and after discounts and inclusive tax;
    `potential` is the ARR that a trial becomes; `missing` says why amounts are unknown;
    `approximate` that the source rounds them.
    """

    subscription: str | None
    item: str | None = None
    status: str | None = None
    currency: str | None = None
    plan: str | None = None
    quantity: int | None = None
    interval: str | None = None
    interval_count: int | None = None
    gross: Fraction | None = None
    amount: Fraction | None = None
    arr: Fraction | None = None
    mrr: Fraction | None = None
    potential: Fraction | None = None
    missing: str | None = None
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """One subscription under a policy.

    `renews_at` is the period end of its longest interval, `is_short` a term below one year;
    `ends_at` is known when `ending` is among the flags, unless the payload lacks the date.
    Flags may carry a date behind `=`. `is_read` is false where not even its dates are known.
    """

    rank: int
    parts: tuple[RevenuePart, ...]
    flags: frozenset[str] = frozenset()
    renews_at: date | None = None
    is_short: bool = False
    ends_at: date | None = None
    converts_on: date | None = None
    is_read: bool = True

    @property
    def is_ending(self) -> bool:
        """Whether it is set to end."""
        return "ending" in self.flags

    @property
    def pays(self) -> bool:
        """Whether it brings money or may: a free one has no say in the renewal date."""
        return "has_usage_based" in self.flags or any(part.arr != 0 for part in self.parts)


def unknown(subscription: str | None, currency: str | None, missing: str) -> Standing:
    """Return the standing of a subscription of which the amount cannot be told."""
    part = RevenuePart(subscription, currency=currency, missing=missing)
    return Standing(COUNTING, (part,), is_read=False)
