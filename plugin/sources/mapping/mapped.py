"""One entry of a mapping: the fact, the property that fills it, and how its values are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from plugin.sources.tabular.shape import Column


@dataclass(frozen=True, slots=True)
class Mapped:
    """One fact and where it comes from.

    path          of the vocabulary, `custom.<name>`, or the field of a list's item.
    source        the upstream's own name of the property.
    translated    the upstream's word → ours; other words stay as they are.
    currency      of an amount; else the word in the property `currency_from`; else the default.
    split         what stands between the items of a list that comes as text.
    scale         what a number or an amount is multiplied by: 0.01 for cents or per cent.
    approximate   the amounts are rounded; shown with ≈.
    decimal, date_order, time   how bare values are written, as in sources/values.py.
    """

    path: str
    source: str
    column: Column
    translated: tuple[tuple[str, str], ...] = ()
    currency: str | None = None
    currency_from: str | None = None
    split: str | None = None
    scale: Decimal | None = None
    approximate: bool = False
    decimal: str | None = None
    date_order: str | None = None
    time: str | None = None


Entries = tuple[Mapped, ...]


def sources_of(mapped: Iterable[Mapped]) -> tuple[str, ...]:
    """Return every property that the entries read, each once."""
    named = [name for one in mapped for name in (one.source, one.currency_from) if name]
    return tuple(dict.fromkeys(named))


def paths_of(mapped: Iterable[Mapped]) -> frozenset[str]:
    """Return the paths that the entries fill."""
    return frozenset(one.path for one in mapped)


def custom_of(mapped: Iterable[Mapped]) -> dict[str, str]:
    """Return the custom fields that the entries fill: name → type of the vocabulary."""
    prefix = "custom."
    return {
        one.path.removeprefix(prefix): one.column.kind
        for one in mapped
        if one.path.startswith(prefix)
    }


def laid_over(usual: Iterable[Mapped], own: Iterable[Mapped]) -> Entries:
    """Return the usual entries with a workspace's own ones in the place of theirs."""
    found: Mapping[str, Mapped] = {one.path: one for one in (*usual, *own)}
    return tuple(found.values())
