"""Merge what the connections offer into one value a field, with its source."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from plugin.account.context import Source
from plugin.account.vocabulary import FIELDS
from plugin.facts.offers import Offer, Sources, Values, values_of

_SIDES = {
    "contract.renewal_at": "renewal_at",
    "contract.arr": "arr",
    "contract.seats_paid": "seats",
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _email(item: Any) -> str | None:
    key: str | None = item.email.lower() if item.email else item.id
    return key


def _id(item: Any) -> str | None:
    identity: str | None = item.id
    return identity


def _name(item: Any) -> str | None:
    key: str | None = item.name.casefold() if item.name else None
    return key


_KEYS: dict[str, Callable[[Any], str | None]] = {
    "contacts": _email,
    "tickets": _id,
    "mentions": _id,
    "invoices": _id,
    "deals": _id,
    "usage.modules": _name,
    "usage.limits": _name,
    "usage.milestones": _name,
}


def key_of(path: str, item: Any) -> str | None:
    """Return by what an item of a list is the same in two sources; None where by nothing."""
    key = _KEYS.get(path)
    return key(item) if key else None


def _filled(first: Any, second: Any) -> Any:
    """Return `first` with the fields that only `second` knows."""
    missing = {
        field.name: getattr(second, field.name)
        for field in dataclasses.fields(first)
        if getattr(first, field.name) is None
    }
    return dataclasses.replace(first, **missing)


def _joined(path: str, lists: Iterable[Sequence[Any]]) -> tuple[Any, ...]:
    merged: dict[object, Any] = {}
    for items in lists:
        for item in items:
            name: object = key_of(path, item) or object()
            merged[name] = _filled(merged[name], item) if name in merged else item
    return tuple(merged.values())


def _newest_first(items: Sequence[Any], field: str) -> tuple[Any, ...]:
    return tuple(sorted(items, key=lambda item: getattr(item, field) or _EPOCH, reverse=True))


def _ordered(path: str, items: tuple[Any, ...]) -> tuple[Any, ...]:
    if path == "tickets":
        return _newest_first(items, "created_at")
    if path in ("mentions", "contract.changes", "usage.upgrade_interest"):
        return _newest_first(items, "at")
    if path == "invoices":
        return tuple(sorted(items, key=lambda item: item.due_at or date.max))
    return items


def _oldest(sources: Sequence[Source]) -> Source:
    return min(sources, key=lambda source: source.as_of)


def _sides(offers: Sequence[Offer], now: datetime) -> tuple[Values, Sources]:
    """Return what the CRM and billing each say, for rules about disagreement."""
    values: Values = {}
    sources: Sources = {}
    for offer in offers:
        for path, name in _SIDES.items():
            side = f"contract.{offer.name}_{name}"
            value = offer.value(path)
            if side in FIELDS and value is not None:
                values[side] = value
                sources[side] = offer.source(path, now)
    return values, sources


def merge(offers: Sequence[Offer], now: datetime) -> tuple[Values, Sources]:
    """Return one value for each path that somebody offers, and where it came from.

    A single value is the preferred connection's; lists of records are joined by their key,
    and a record known to several is filled from each.
    """
    values, sources = _sides(offers, now)
    offered = {path for offer in offers if offer.facts for path in offer.facts.values}
    for path in sorted(offered):
        found = list(values_of(path, offers))
        if not found:
            continue
        field = FIELDS.get(path)
        if field is not None and field.type == "list of record":
            values[path] = _ordered(path, _joined(path, [items for _, items in found]))
            sources[path] = _oldest([offer.source(path, now) for offer, _ in found])
        else:
            offer, values[path] = found[0]
            sources[path] = offer.source(path, now)
    return values, sources
