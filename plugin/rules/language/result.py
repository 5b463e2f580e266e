"""What judging an account by an expression tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from plugin.account.context import Gap


@dataclass(frozen=True, slots=True)
class Result:
    """True, False or None (unknown), and what was missing for more."""

    value: bool | None
    missing: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Because:
    """One condition that decided, with what it read.

    `value` is None while unknown. `span` counts code points in the text of `definition`, or
    of the expression itself. `lists` are the paths of the lists that it looks through, `items`
    the ids of those that decided, names where there is no id. `stale` maps what is past its
    freshness budget to the time it holds for.
    """

    condition: str
    definition: str | None
    span: tuple[int, int]
    value: bool | None
    read: Mapping[str, Any] = field(default_factory=dict)
    items: tuple[str, ...] = ()
    stale: Mapping[str, datetime] = field(default_factory=dict)
    missing: tuple[Gap, ...] = ()
    lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deciding:
    """The items that a headline may name, and how many the only filter matches.

    `items` maps a variable to its first deciding item: a mapping, or a plain value for a
    list of strings. `matches` is (lowest, highest), the highest None while the list is
    incomplete; None when there is not exactly one filter or its list is unknown.
    """

    items: Mapping[str, Any] = field(default_factory=dict)
    matches: tuple[int, int | None] | None = None
