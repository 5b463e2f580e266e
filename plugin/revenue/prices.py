"""Read what an item costs a period: Stripe's `price`, or the older `plan`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from plugin.revenue.tiers import tiered
from plugin.sources.billing.values import Missing, currency, mapping, name, number, whole, word

# How often a unit comes in a year: a week 52 times, a day 365 times.
PERIODS_A_YEAR = {"day": 365, "week": 52, "month": 12, "year": 1}


@dataclass(frozen=True, slots=True)
class Price:
    """The parts of a price that decide an amount; values as the payload has them."""

    id: str | None
    title: str | None
    product: str | None
    currency: str
    is_metered: bool
    interval: str
    interval_count: int
    body: Mapping[str, Any]

    @property
    def periods_a_year(self) -> Fraction:
        """How many billing periods make a year: 12 for a month, 1/2 for two years."""
        return Fraction(PERIODS_A_YEAR[self.interval], self.interval_count)


def _product(body: Mapping[str, Any]) -> tuple[str | None, str | None]:
    product = body.get("product")
    if isinstance(product, Mapping):
        return name(product.get("id")), name(product.get("name"))
    return name(product), None


def _cadence(body: Mapping[str, Any]) -> tuple[str, int]:
    interval = word(body.get("interval"), PERIODS_A_YEAR, "the billing interval")
    count = whole(body.get("interval_count", 1), "interval_count")
    if count == 0:
        raise Missing("interval_count is 0")
    return interval, count


def _is_metered(recurring: Mapping[str, Any]) -> bool:
    kind = recurring.get("usage_type", "licensed")
    return word(kind, ("licensed", "metered"), "the usage type") == "metered"


def _in_currency(body: Mapping[str, Any], wanted: str) -> Mapping[str, Any]:
    """Return the price as it is in the subscription's currency.

    A price may be defined in several; `currency` is then only the first of them:
    https://docs.stripe.com/products-prices/how-products-and-prices-work#multiple-currencies
    """
    own = currency(body.get("currency"), "the price's currency")
    if own == wanted:
        return body
    options = body.get("currency_options")
    option = options.get(wanted) if isinstance(options, Mapping) else None
    if not isinstance(option, Mapping):
        raise Missing(f"the price is in {own}, its amount in {wanted} was not expanded")
    return {**body, "tiers": None, **option, "currency": wanted}


def _body(item: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    if "price" not in item and "plan" in item:
        plan = mapping(item["plan"], "the plan")
        amounts = {
            "unit_amount": plan.get("amount"),
            "unit_amount_decimal": plan.get("amount_decimal"),
            "transform_quantity": plan.get("transform_usage"),
        }
        return {**plan, **amounts}, plan
    price = mapping(item.get("price"), "the price")
    if price.get("deleted") is True:
        raise Missing("the price was deleted")
    return price, mapping(price.get("recurring"), "the price's billing interval")


def periods_a_year(item: Mapping[str, Any]) -> Fraction:
    """Return how often an item is billed, which may be known when its amount is not."""
    interval, count = _cadence(_body(item)[1])
    return Fraction(PERIODS_A_YEAR[interval], count)


def price_of(item: Mapping[str, Any], wanted: str | None) -> Price:
    """Read the price of a subscription item in the subscription's currency.

    `wanted` None takes the price's own currency. Raises Missing.
    """
    body, recurring = _body(item)
    code = wanted or currency(body.get("currency"), "the currency")
    interval, count = _cadence(recurring)
    product, product_name = _product(body)
    metered = _is_metered(recurring)
    if not metered:  # a metered price never counts, so its amount may stay unknown
        body = _in_currency(body, code)
    title = product_name or name(body.get("nickname"))
    return Price(name(body.get("id")), title, product, code, metered, interval, count, body)


def _transformed(quantity: int, transform: Any) -> int:
    if transform is None:
        return quantity
    rule = mapping(transform, "transform_quantity")
    size = whole(rule.get("divide_by"), "transform_quantity.divide_by")
    if size == 0:
        raise Missing("transform_quantity divides by 0")
    rounding = word(rule.get("round"), ("up", "down"), "transform_quantity.round")
    return -(-quantity // size) if rounding == "up" else quantity // size


def _per_unit(body: Mapping[str, Any]) -> Fraction:
    if body.get("unit_amount") is not None:
        return number(body["unit_amount"], "unit_amount")
    return number(body.get("unit_amount_decimal"), "the unit amount")


def amount(price: Price, quantity: int) -> Fraction:
    """Return what `quantity` costs each period, in minor units, before discounts.

    Raises Missing where the price does not tell, e.g. because its tiers are not expanded.
    """
    scheme = price.body.get("billing_scheme", "per_unit")
    units = _transformed(quantity, price.body.get("transform_quantity"))
    if word(scheme, ("per_unit", "tiered"), "the billing scheme") == "tiered":
        return tiered(price.body, units)
    return _per_unit(price.body) * units
