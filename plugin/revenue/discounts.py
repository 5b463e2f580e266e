"""Take discounts off: which of them run, in every shape Stripe has given them, in their order.

Before 2025-03-31 a subscription had one `discount` with its `coupon`; then `discounts`, a list;
since 2025-09-30 the coupon is below `source`. https://docs.stripe.com/api/discounts/object
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from plugin.revenue.policy import DURATIONS, Policy
from plugin.sources.billing.values import (
    Missing,
    currency,
    mapping,
    maybe_instant,
    number,
    sequence,
    word,
)

HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class Discount:
    """One running discount: a share, or an amount in minor units each billing period.

    `products` limits it (None: all of them); `steps_up_at` is when a repeating one ends.
    """

    kept: Fraction | None
    amount: Fraction
    products: frozenset[str] | None = None
    steps_up_at: datetime | None = None

    def off(self, price: Fraction) -> Fraction:
        """Return the price with this discount taken off, never below 0."""
        return price * self.kept if self.kept is not None else max(price - self.amount, Fraction(0))


@dataclass(frozen=True, slots=True)
class DiscountLine:
    """What one item costs a period before the subscription's own discounts."""

    product: str | None
    periods_a_year: Fraction
    amount: Fraction


def _entries(holder: Mapping[str, Any]) -> Iterable[Any]:
    single, several = holder.get("discount"), holder.get("discounts")
    if several is None or several == []:
        return [] if single is None else [single]
    own = single.get("id") if isinstance(single, Mapping) else None
    entries = sequence(several, "the list of discounts")
    return [single if own is not None and entry == own else entry for entry in entries]


def _coupon(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    if entry.get("coupon") is not None:
        return mapping(entry["coupon"], "a discount's coupon")
    source = mapping(entry.get("source"), "a discount's coupon")
    return mapping(source.get("coupon"), "a discount's coupon")


def _fixed(coupon: Mapping[str, Any], wanted: str) -> Fraction:
    own = currency(coupon.get("currency"), "the currency of a fixed discount")
    if own == wanted:
        return number(coupon["amount_off"], "amount_off")
    options = coupon.get("currency_options")
    option = options.get(wanted) if isinstance(options, Mapping) else None
    if not isinstance(option, Mapping):
        raise Missing(f"a fixed discount is in {own}, not in {wanted}")
    return number(option.get("amount_off"), f"amount_off in {wanted}")


def _products(coupon: Mapping[str, Any]) -> frozenset[str] | None:
    limits = coupon.get("applies_to")
    if limits is None:
        return None
    ids = sequence(mapping(limits, "applies_to").get("products"), "applies_to.products")
    return frozenset(str(product) for product in ids)


def _is_running(entry: Mapping[str, Any], duration: str, now: datetime) -> bool:
    start = maybe_instant(entry.get("start"), "a discount's start")
    end = maybe_instant(entry.get("end"), "a discount's end")
    if end is None and duration == "repeating":
        raise Missing("a repeating discount has no end")
    return (start is None or start <= now) and (end is None or now < end)


def _discount(raw: Any, policy: Policy, wanted: str, now: datetime) -> Discount | None:
    entry = mapping(raw, "a discount")
    coupon = _coupon(entry)
    duration = word(coupon.get("duration"), DURATIONS, "a coupon's duration")
    if duration not in policy.subtracted or not _is_running(entry, duration, now):
        return None
    ends = maybe_instant(entry.get("end"), "a discount's end")
    products = _products(coupon)
    if coupon.get("percent_off") is None:
        if coupon.get("amount_off") is None:
            raise Missing("a coupon has neither percent_off nor amount_off")
        return Discount(None, _fixed(coupon, wanted), products, ends)
    percent = number(coupon["percent_off"], "percent_off")
    if percent > HUNDRED:
        raise Missing("percent_off is above 100")
    return Discount(1 - percent / HUNDRED, Fraction(0), products, ends)


def running(
    holder: Mapping[str, Any], policy: Policy, wanted: str, now: datetime
) -> tuple[Discount, ...]:
    """Return the discounts of an item, a subscription or a customer that come off now.

    `wanted` is the currency of the amounts. Raises Missing for what is not expanded.
    """
    if not policy.subtracted:
        return ()
    read = (_discount(entry, policy, wanted, now) for entry in _entries(holder))
    return tuple(discount for discount in read if discount is not None)


def item_price(gross: Fraction, discounts: Iterable[Discount]) -> Fraction:
    """Return an item's amount after its own discounts, in their order."""
    for discount in discounts:
        gross = discount.off(gross)
    return gross


def _hit(discount: Discount, lines: Sequence[DiscountLine]) -> list[int]:
    """Return which lines a subscription's discount comes off.

    A fixed amount comes off once a bill, so off what is billed most often.
    """
    if discount.products is not None and any(line.product is None for line in lines):
        raise Missing("a discount is limited to products, and an item names none")
    hit = [
        index
        for index, line in enumerate(lines)
        if discount.products is None or line.product in discount.products
    ]
    if discount.kept is None and hit:
        often = max(lines[index].periods_a_year for index in hit)
        hit = [index for index in hit if lines[index].periods_a_year == often]
    return hit


def shared(lines: Sequence[DiscountLine], discounts: Iterable[Discount]) -> list[Fraction]:
    """Return each line's amount after the subscription's discounts, in their order.

    A fixed amount comes off the sum once a period, each line bearing its share of it; what
    exceeds the sum is lost.
    """
    amounts = [line.amount for line in lines]
    for discount in discounts:
        hit = _hit(discount, lines)
        total = sum((amounts[index] for index in hit), Fraction(0))
        left = discount.off(total)
        for index in hit:
            amounts[index] = amounts[index] * left / total if total else amounts[index]
    return amounts


def owner_of_discounts(subscription: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return who carries the discounts: the subscription, else its customer where expanded.

    A customer's discount reaches the subscriptions that have none of their own:
    https://docs.stripe.com/billing/subscriptions/coupons
    """
    customer = subscription.get("customer")
    if any(subscription.get(key) for key in ("discount", "discounts")):
        return subscription
    return customer if isinstance(customer, Mapping) else subscription
