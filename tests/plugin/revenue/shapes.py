"""Build subscriptions as Stripe lists them, in each shape that its API has had."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from plugin.revenue.policy import P0, Policy
from plugin.revenue.report import report
from plugin.revenue.totals import revenue

NOW = datetime(2026, 11, 21, tzinfo=UTC)
PERIOD_END = "2027-01-15"
Body = dict[str, Any]


def at(day: str) -> int:
    """Return the epoch seconds of a day's start in UTC."""
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


def price(amount: int | None, interval: str = "month", count: int = 1, **more: Any) -> Body:
    """Return a licensed price of `amount` minor units."""
    recurring = {
        "interval": interval,
        "interval_count": count,
        "usage_type": more.pop("usage_type", "licensed"),
    }
    plain: Body = {
        "id": "price_1",
        "object": "price",
        "active": True,
        "billing_scheme": "per_unit",
        "currency": "usd",
        "product": "prod_1",
        "tax_behavior": "exclusive",
        "type": "recurring",
        "unit_amount": amount,
        "unit_amount_decimal": None if amount is None else str(amount),
    }
    return {**plain, "recurring": recurring, **more}


def tier(up_to: int | None, unit: int | None, flat: int | None = None) -> Body:
    """Return one tier of a tiered price."""
    return {"up_to": up_to, "unit_amount": unit, "flat_amount": flat}


def tiered(mode: str, *tiers: Body, **more: Any) -> Body:
    """Return a tiered price with its tiers expanded."""
    return price(None, billing_scheme="tiered", tiers_mode=mode, tiers=list(tiers), **more)


def item(of: Any, quantity: int | None = 1, **more: Any) -> Body:
    """Return an item in the current shape; a metered one has no quantity."""
    body = {
        "id": "si_1",
        "object": "subscription_item",
        "price": of,
        "quantity": quantity,
        "current_period_end": at(PERIOD_END),
        "discounts": [],
        "tax_rates": [],
    }
    return {key: value for key, value in {**body, **more}.items() if key != "quantity" or value}


def subscription(*items: Any, **more: Any) -> Body:
    """Return an active subscription of `items` in the current shape."""
    listed = {"object": "list", "data": list(items), "has_more": False}
    plain: Body = {
        "id": "sub_1",
        "object": "subscription",
        "status": "active",
        "currency": "usd",
        "customer": "cus_1",
        "cancel_at": None,
        "cancel_at_period_end": False,
        "canceled_at": None,
        "discounts": [],
        "pause_collection": None,
        "schedule": None,
        "default_tax_rates": [],
    }
    return {**plain, "items": listed, **more}


def monthly(amount: int = 10_000, quantity: int = 1, **more: Any) -> Body:
    """Return an active subscription to one monthly price."""
    return subscription(item(price(amount), quantity), **more)


def coupon(duration: str = "forever", **value: Any) -> Body:
    """Return a coupon; `value` is percent_off, or amount_off with its currency."""
    plain = {"id": "co_1", "percent_off": None, "amount_off": None, "currency": None}
    return {**plain, "object": "coupon", "duration": duration, **value}


def discount(of: Any, end: str | None = None, **more: Any) -> Body:
    """Return a discount in the current shape."""
    plain = {"id": "di_1", "object": "discount", "start": at("2026-01-01")}
    source = {"type": "coupon", "coupon": of}
    return {**plain, "end": at(end) if end else None, "source": source, **more}


def _unsourced(entry: Any) -> Any:
    if not isinstance(entry, Mapping) or "source" not in entry:
        return entry
    rest = {key: value for key, value in entry.items() if key != "source"}
    return {**rest, "coupon": entry["source"]["coupon"]}


def basil(body: Body) -> Body:
    """Return the same subscription as versions from 2025-03-31 to 2025-09 show it."""
    items = [
        {**one, "discounts": [_unsourced(entry) for entry in one["discounts"]]}
        for one in body["items"]["data"]
    ]
    discounts = [_unsourced(entry) for entry in body["discounts"]]
    return {**body, "discounts": discounts, "items": {**body["items"], "data": items}}


def _planned(one: Body) -> Body:
    own = one["price"]
    plan = {
        "id": own["id"],
        "object": "plan",
        "amount": own["unit_amount"],
        "amount_decimal": own["unit_amount_decimal"],
        "transform_usage": own.get("transform_quantity"),
        **own["recurring"],
        **{
            key: own.get(key)
            for key in ("currency", "product", "billing_scheme", "tiers_mode", "tiers", "nickname")
        },
    }
    rest = {key: value for key, value in one.items() if key not in ("current_period_end", "price")}
    return {**rest, "plan": plan}


def pre_basil(body: Body) -> Body:
    """Return the same subscription as versions before 2025-03-31 show it."""
    older = basil(body)
    rows = older["items"]["data"]
    periods = [row["current_period_end"] for row in rows]
    items = [
        {key: value for key, value in row.items() if key != "current_period_end"} for row in rows
    ]
    single = older.pop("discounts")
    older["discount"] = single[0] if single else None
    return {**older, "current_period_end": periods[0], "items": {**older["items"], "data": items}}


def planned(body: Body) -> Body:
    """Return the same subscription with plans only, as before prices came in 2020."""
    older = pre_basil(body)
    shown = [
        {**_planned(row), "quantity": row.get("quantity")}
        for row in pre_basil(body)["items"]["data"]
    ]
    return {**older, "items": {**older["items"], "data": shown}}


SHAPES: dict[str, Callable[[Body], Body]] = {
    "clover": lambda body: body,
    "basil": basil,
    "pre-basil": pre_basil,
    "plans": planned,
}


def told(*bodies: Any, policy: Policy = P0, now: datetime = NOW) -> Body:
    """Return what `sidelight arr` would print for these subscriptions."""
    return report(revenue(bodies, policy, now))


def usd(*bodies: Any, policy: Policy = P0, now: datetime = NOW) -> str | None:
    """Return the ARR in dollars, None while it is unknown."""
    arr: str | None = told(*bodies, policy=policy, now=now)["currencies"]["usd"]["arr"]
    return arr
