"""Fetch the parts of subscriptions that Stripe's lists leave out: tiers, coupons, names, items.

A list may expand four levels at most, and `data.items.data.price.tiers` would be the fifth, so
tiered prices are asked for by themselves. https://docs.stripe.com/expand
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from plugin.errors import UpstreamBroken, UpstreamNotFound, UpstreamRefused
from plugin.sources.billing.pages import Body
from plugin.upstream import Client
from plugin.vendors.stripe.pages import list_all, retrieve

MAX_PARTS = 20  # prices, and coupons, that one account is worth asking for
OVER = ("canceled", "incomplete_expired")
_NO_MATTER = (UpstreamBroken, UpstreamNotFound, UpstreamRefused)


def _items(body: Body) -> list[Body]:
    items = body.get("items")
    rows = items.get("data") if isinstance(items, Mapping) else None
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _price(item: Body) -> Body:
    price = item.get("price")
    return price if isinstance(price, Mapping) else {}


def _lacks_amounts(price: Body, currency: Any) -> bool:
    """Whether a list cannot hold all of this price: tiers, or its amount in another currency."""
    tiered = price.get("billing_scheme") == "tiered" and price.get("tiers") is None
    elsewhere = currency is not None and price.get("currency") not in (None, currency)
    return tiered or (elsewhere and price.get("currency_options") is None)


def _coupon_key(entry: Any) -> str | None:
    if not isinstance(entry, Mapping):
        return None
    source = entry.get("source")
    coupon = source.get("coupon") if isinstance(source, Mapping) else entry.get("coupon")
    key = coupon.get("id") if isinstance(coupon, Mapping) else coupon
    return key if isinstance(key, str) and key else None


def _discounts(holder: Body) -> Iterator[Any]:
    several = holder.get("discounts")
    yield from several if isinstance(several, list) else ()
    if holder.get("discount") is not None:
        yield holder["discount"]


def _each(keys: Iterable[str], fetch: Callable[[str], Body]) -> dict[str, Body]:
    """Return what could be fetched; what could not stays unexpanded, and so unknown."""
    found = {}
    for key in list(dict.fromkeys(keys))[:MAX_PARTS]:
        try:
            found[key] = fetch(key)
        except _NO_MATTER:
            continue
    return found


def _all_items(body: Body, client: Client) -> Body:
    items = body.get("items")
    if not isinstance(items, Mapping) or items.get("has_more") is not True:
        return body
    key = str(body.get("id"))
    listed = list_all(client, "/v1/subscription_items", [("subscription", key)], ["data.discounts"])
    if any(row.get("subscription", key) != key for row in listed.rows):
        raise UpstreamBroken("Stripe answered with the items of another subscription")
    return {**body, "items": {**items, "data": list(listed.rows), "has_more": listed.is_partial}}


def _prices(bodies: Iterable[Body], client: Client) -> dict[str, Body]:
    keys = [
        str(price["id"])
        for body in bodies
        for price in map(_price, _items(body))
        if price.get("id") and _lacks_amounts(price, body.get("currency"))
    ]
    expand = ["tiers", "currency_options"]
    return _each(keys, lambda key: retrieve(client, "/v1/prices", key, expand))


def _coupons(bodies: Iterable[Body], client: Client) -> dict[str, Body]:
    holders = [holder for body in bodies for holder in (body, *_items(body), _customer(body))]
    keys = [
        key for holder in holders for entry in _discounts(holder) if (key := _coupon_key(entry))
    ]
    expand = ["applies_to", "currency_options"]
    return _each(keys, lambda key: retrieve(client, "/v1/coupons", key, expand))


def _customer(body: Body) -> Body:
    customer = body.get("customer")
    return customer if isinstance(customer, Mapping) else {}


def _names(bodies: Iterable[Body], client: Client) -> dict[str, str]:
    """Return product id → name for the prices that have no name of their own."""
    prices = [_price(item) for body in bodies for item in _items(body)]
    ids = [str(price["product"]) for price in prices if isinstance(price.get("product"), str)]
    if not ids:
        return {}
    params = [("ids[]", key) for key in list(dict.fromkeys(ids))[:MAX_PARTS]]
    try:
        rows = list_all(client, "/v1/products", params).rows
    except _NO_MATTER:
        return {}
    return {str(row.get("id")): str(row["name"]) for row in rows if row.get("name")}


def _with_coupon(entry: Any, coupons: Mapping[str, Body]) -> Any:
    key = _coupon_key(entry)
    if key is None or key not in coupons:
        return entry
    return {**entry, "source": {"type": "coupon", "coupon": coupons[key]}, "coupon": None}


def _with_coupons(holder: Body, coupons: Mapping[str, Body]) -> Body:
    changed = dict(holder)
    if isinstance(holder.get("discounts"), list):
        changed["discounts"] = [_with_coupon(entry, coupons) for entry in holder["discounts"]]
    if holder.get("discount") is not None:
        changed["discount"] = _with_coupon(holder["discount"], coupons)
    return changed


def _named(price: Body, names: Mapping[str, str]) -> Body:
    key = price.get("product")
    known = isinstance(key, str) and key in names
    return {**price, "product": {"id": key, "name": names[str(key)]}} if known else price


def _filled(
    body: Body, prices: Mapping[str, Body], coupons: Mapping[str, Body], names: Mapping[str, str]
) -> Body:
    rows = []
    for item in _items(body):
        price = _price(item)
        whole = _named(prices.get(str(price.get("id")), price), names)
        rows.append(_with_coupons({**item, "price": whole} if price else item, coupons))
    filled = dict(_with_coupons(body, coupons))
    if isinstance(body.get("customer"), Mapping):
        filled["customer"] = _with_coupons(body["customer"], coupons)
    if rows and len(rows) == len(body["items"]["data"]):
        filled["items"] = {**body["items"], "data": rows}
    return filled


def complete(bodies: Iterable[Body], client: Client) -> tuple[Body, ...]:
    """Return the subscriptions with what the list left out; one that is over stays as it is."""
    whole = [body if body.get("status") in OVER else _all_items(body, client) for body in bodies]
    live = [body for body in whole if body.get("status") not in OVER]
    prices, coupons, names = _prices(live, client), _coupons(live, client), _names(live, client)
    return tuple(
        body if body.get("status") in OVER else _filled(body, prices, coupons, names)
        for body in whole
    )
