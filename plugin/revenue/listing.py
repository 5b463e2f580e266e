"""Find the subscriptions in what a billing API lists: objects, pages of them, wrapped or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plugin.sources.billing.values import name


@dataclass(frozen=True, slots=True)
class Listing:
    """The subscriptions, each once; `is_partial` when the payload says that there are more."""

    subscriptions: tuple[Any, ...]
    is_partial: bool = False


def is_page(value: Any) -> bool:
    """Whether this is a page of a list: Stripe's `data`, or Chargebee's `list`."""
    return isinstance(value, Mapping) and (
        value.get("object") == "list"
        or isinstance(value.get("list"), list)
        or (isinstance(value.get("data"), list) and "items" not in value)
    )


def is_subscription(value: Any) -> bool:
    """Whether this may be a subscription of Stripe or Chargebee."""
    if not isinstance(value, Mapping):
        return False
    return value.get("object", "subscription") == "subscription" and (
        "status" in value or "items" in value or "object" in value
    )


def _has_more(page: Mapping[str, Any]) -> bool:
    more = page.get("has_more")
    return (more is not None and more is not False) or page.get("next_offset") is not None


def _unwrapped(value: Any) -> Any:
    """Return the subscription of a Chargebee list entry, which stands beside its customer."""
    if isinstance(value, Mapping) and isinstance(value.get("subscription"), Mapping):
        return value["subscription"]
    return value


def _rows(page: Mapping[str, Any]) -> Any:
    rows = page.get("data") if "data" in page else page.get("list")
    return rows if isinstance(rows, list | tuple) else [rows]


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if is_page(value):
            yield from map(_unwrapped, _rows(value))
        else:
            yield _unwrapped(value)


def listing(values: Iterable[Any]) -> Listing:
    """Return what is in `values`: subscriptions, and pages of them at any place.

    A subscription id seen twice counts once; what is no subscription is kept, to be told.
    """
    values = list(values)
    found: dict[Any, Any] = {}
    for position, value in enumerate(_flat(values)):
        key = name(value.get("id")) if isinstance(value, Mapping) else None
        found.setdefault(key or position, value)
    return Listing(tuple(found.values()), any(is_page(v) and _has_more(v) for v in values))
