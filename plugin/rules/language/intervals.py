"""What is known in part: an unknown with its gaps, a number between two others, a list."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from plugin.account.context import Gap


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be told, and what is missing for it."""

    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """A number from `low` to `high`, both included; `high` may be infinite."""

    low: float
    high: float
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class ItemCount:
    """A list of which some items are sure and some may be in it.

    `unread` is not empty when a part of the list is missing: there may be further items.
    """

    sure: tuple[Any, ...]
    maybe: tuple[tuple[Any, tuple[Gap, ...]], ...] = ()
    unread: tuple[Gap, ...] = ()

    def gaps(self) -> tuple[Gap, ...]:
        """Return all that is missing for the whole list."""
        return merged([*self.unread, *(gap for _, gaps in self.maybe for gap in gaps)])


def merged(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Return the gaps, each once, in the order they were met."""
    return tuple(dict.fromkeys(gaps))


def together(unknown: Sequence[Unknown]) -> Unknown:
    """Return what is unknown for the reasons of all of these, of which there is at least one."""
    first, *others = unknown
    return Unknown(merged(gap for one in unknown for gap in one.gaps)) if others else first


def count(items: ItemCount) -> int | Interval:
    """Return how many items there are, as far as it is known."""
    low = len(items.sure)
    if not items.maybe and not items.unread:
        return low
    high = math.inf if items.unread else low + len(items.maybe)
    return Interval(low, high, items.gaps())


def _bounds(value: Any) -> tuple[float, float]:
    return (value.low, value.high) if isinstance(value, Interval) else (value, value)


def _times(left: float, right: float) -> float:
    return 0 if 0 in (left, right) else float(left) * float(right)


def _products(left: Any, right: Any) -> list[float]:
    return [_times(one, other) for one in _bounds(left) for other in _bounds(right)]


def _between(low: float, high: float, gaps: tuple[Gap, ...], arithmetic: Gap) -> Any:
    """Return an interval, or unknown where a bound left the range of numbers by itself."""
    if math.isnan(low) or math.isnan(high) or low == math.inf or high == -math.inf:
        return Unknown(merged((*gaps, arithmetic)))
    return Interval(low, high, gaps)


def compute(op: str, args: tuple[Any, ...], gaps: tuple[Gap, ...], arithmetic: Gap) -> Any:
    """Return `+`, `-`, `*` or `neg` of numbers of which one is an interval; 0 × ∞ is 0."""
    if op == "neg":
        return Interval(-args[0].high, -args[0].low, gaps)
    left, right = args
    if op == "*":
        products = _products(left, right)
        return _between(min(products), max(products), gaps, arithmetic)
    (low, high), (other_low, other_high) = _bounds(left), _bounds(right)
    if op == "-":
        other_low, other_high = -other_high, -other_low
    return _between(low + other_low, high + other_high, gaps, arithmetic)


def _less(left: Any, right: Any, *, or_equal: bool) -> bool | None:
    (low, high), (other_low, other_high) = _bounds(left), _bounds(right)
    if or_equal:
        return True if high <= other_low else False if low > other_high else None
    return True if high < other_low else False if low >= other_high else None


def _equal(left: Any, right: Any) -> bool | None:
    (low, high), (other_low, other_high) = _bounds(left), _bounds(right)
    if high < other_low or other_high < low:
        return False
    return True if low == high == other_low == other_high else None


def compare(op: str, left: Any, right: Any) -> bool | None:
    """Return a comparison on which every pair of values agrees, else None."""
    if op in ("==", "!="):
        same = _equal(left, right)
        return same if op == "==" or same is None else not same
    if op in (">", ">="):
        left, right = right, left
    return _less(left, right, or_equal=op in ("<=", ">="))
