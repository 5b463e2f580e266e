"""Say which fields of a list's items nobody told: their silence is no answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plugin.account.context import Gap
from plugin.account.vocabulary import FIELDS
from plugin.facts.merge import key_of
from plugin.facts.offers import Offer, Values

_LISTS = {path: field.items for path, field in FIELDS.items() if field.type == "list of record"}


def _tells(offer: Offer, path: str) -> bool:
    """Say whether a connection has a place for an item field."""
    return offer.facts is not None and path not in offer.facts.untold


def _givers(item: Any, path: str, giving: Sequence[Offer]) -> list[Offer]:
    """Return the connections that list this item."""
    if len(giving) == 1:
        return list(giving)
    key = key_of(path, item)
    return [offer for offer in giving if any(key_of(path, one) == key for one in offer.value(path))]


def _untold(path: str, items: Sequence[Any], giving: Sequence[Offer]) -> Iterator[Gap]:
    givers = [(item, _givers(item, path, giving)) for item in items]
    for field in _LISTS[path]:
        own = f"{path}[].{field.path}"
        silent = [
            by
            for item, by in givers
            if getattr(item, field.path) is None and not any(_tells(offer, own) for offer in by)
        ]
        if silent:
            yield Gap(own, (silent[0] or giving)[0].name, "not_configured")


def item_gaps(values: Values, offers: Sequence[Offer]) -> Iterator[Gap]:
    """Yield a gap for each item field that some item lacks and none of its sources tells."""
    for path in _LISTS:
        giving = [offer for offer in offers if offer.value(path) is not None]
        if values.get(path) and any(offer.facts and offer.facts.untold for offer in giving):
            yield from _untold(path, values[path], giving)
