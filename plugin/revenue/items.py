"""Read the items of a Stripe subscription and what each brings, discounts and tax taken off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from plugin.revenue.discounts import (
    Discount,
    DiscountLine,
    item_price,
    owner_of_discounts,
    running,
    shared,
)
from plugin.revenue.policy import Policy
from plugin.revenue.prices import Price, amount, price_of
from plugin.revenue.standing import RevenuePart
from plugin.revenue.tax import net
from plugin.sources.billing.minor_units import stripe_units
from plugin.sources.billing.values import LIMIT, Missing, mapping, name, sequence, whole

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read, and how: `currency` None when the subscription itself names none."""

    body: Mapping[str, Any]
    status: str
    currency: str | None
    policy: Policy
    now: datetime

    def blank(self, missing: str | None, item: str | None = None) -> RevenuePart:
        """Return a part of which no amount is known, and why."""
        return RevenuePart(
            name(self.body.get("id")), item, self.status, self.currency, missing=missing
        )


@dataclass(frozen=True, slots=True)
class Item:
    """An item in minor units a period: its list price, and that after its own discounts."""

    body: Mapping[str, Any]
    price: Price
    quantity: int | None = None
    gross: Fraction = NOTHING
    after_own: Fraction = NOTHING
    discounts: tuple[Discount, ...] = ()

    @property
    def line(self) -> DiscountLine:
        """The item as the subscription's discounts see it."""
        return DiscountLine(self.price.product, self.price.periods_a_year, self.after_own)


@dataclass(frozen=True, slots=True)
class PricedItems:
    """The items that could be read, and a part for each that could not."""

    read: tuple[Item, ...]
    blank: tuple[RevenuePart, ...] = ()
    is_partial: bool = False

    @property
    def licensed(self) -> tuple[Item, ...]:
        """The items that are paid whatever the usage."""
        return tuple(item for item in self.read if not item.price.is_metered)


def rows(body: Mapping[str, Any]) -> Sequence[Any]:
    """Return a subscription's items as the payload has them; Missing where it has none."""
    items = body.get("items")
    found = sequence(
        items.get("data") if isinstance(items, Mapping) else items, "the list of items"
    )
    if not found:
        raise Missing("the list of items is empty")
    return found


def _has_more(items: Any) -> bool:
    more = items.get("has_more") if isinstance(items, Mapping) else None
    return more is not None and more is not False  # an unreadable one may hide items


def _item(raw: Any, reading: Reading) -> Item:
    body = mapping(raw, "an item")
    price = price_of(body, reading.currency)
    if price.is_metered:
        return Item(body, price)
    quantity = whole(body.get("quantity"), "the quantity")
    gross = amount(price, quantity)
    if gross * price.periods_a_year > LIMIT:
        raise Missing("the amount is implausibly large")
    own = running(body, reading.policy, price.currency, reading.now) if gross else ()
    return Item(body, price, quantity, gross, item_price(gross, own), own)


def read_items(reading: Reading) -> PricedItems:
    """Read each item; one that cannot be read becomes a part that says why."""
    read: list[Item] = []
    blank: list[RevenuePart] = []
    for raw in rows(reading.body):
        try:
            read.append(_item(raw, reading))
        except Missing as missing:
            item = name(raw.get("id")) if isinstance(raw, Mapping) else None
            blank.append(reading.blank(str(missing), item))
    is_partial = _has_more(reading.body["items"])
    if is_partial:
        blank.append(reading.blank("further items were not read"))
    return PricedItems(tuple(read), tuple(blank), is_partial)


def _discounts(items: PricedItems, reading: Reading) -> tuple[Discount, ...]:
    """Return the subscription's own discounts; nothing is asked of them where nothing is paid."""
    if not any(item.after_own for item in items.licensed):
        return ()
    codes = {item.price.currency for item in items.licensed}
    holder = owner_of_discounts(reading.body)
    found = running(holder, reading.policy, min(codes), reading.now)
    if any(discount.kept is None for discount in found):
        if items.blank:
            raise Missing(f"{items.blank[0].missing}, so a fixed discount cannot be shared out")
        if len(codes) > 1:
            raise Missing("a fixed discount over several currencies")
    return found


def _part(item: Item, after: Fraction, reading: Reading) -> tuple[RevenuePart, bool]:
    price, units = item.price, stripe_units(item.price.currency)
    paid, taxed = net(after, price.body.get("tax_behavior"), item.body, reading.body)
    yearly = paid * price.periods_a_year / units
    part = RevenuePart(
        subscription=name(reading.body.get("id")),
        item=name(item.body.get("id")),
        status=reading.status,
        currency=price.currency,
        plan=price.title or price.id,
        quantity=item.quantity,
        interval=price.interval,
        interval_count=price.interval_count,
        gross=item.gross / units,
        amount=paid / units,
        arr=yearly,
        mrr=yearly / 12,
    )
    return part, taxed and after > 0


def parts_of(
    items: PricedItems, reading: Reading
) -> tuple[tuple[RevenuePart, ...], frozenset[str]]:
    """Return each item's part after every discount, and the flags found on the way.

    Raises Missing where the subscription's discounts cannot be told.
    """
    discounts = _discounts(items, reading)
    after = iter(shared([item.line for item in items.licensed], discounts))
    made = [
        _part(item, NOTHING if item.price.is_metered else next(after), reading)
        for item in items.read
    ]
    steps = [*discounts, *(own for item in items.licensed for own in item.discounts)]
    flags = {f"discount_ends_at={one.steps_up_at.date()}" for one in steps if one.steps_up_at}
    flags |= {"has_usage_based" for item in items.read if item.price.is_metered}
    flags |= {"partial"} if items.is_partial else set()
    flags |= {"tax_included" for _, taxed in made if taxed}
    return (*(part for part, _ in made), *items.blank), frozenset(flags)
