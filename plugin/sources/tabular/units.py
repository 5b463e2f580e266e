"""Notice a whole column in another unit: ratings of 1 to 5 for 0 to 100, shares, cents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from plugin.sources.tabular.binding import BoundColumns
from plugin.sources.tabular.problems import TableProblem

_HUNDRED = 100
_CENTS = re.compile(r"(^|[^a-z])(cents?|pence|minor|minor_units?|øre|öre|grosz|centavos)($|[^a-z])")
_THOUSANDS = re.compile(r"\(k\)|_k$|_in_k$|thousands?|\(000s?\)|\bk(€|\$|eur|usd)|in_tsd")


def _scale_of(values: Sequence[float]) -> tuple[str, str] | None:
    """Return what values of a column of 0 to 100 look like, and the scale that mends it."""
    most = max(values, default=0)
    if 0 < most <= 1:
        return "every value is 1 or less: are they shares of 0 to 1?", "scale = 100"
    if 0 < most <= 5:  # noqa: PLR2004 -- five stars
        return "every value is 5 or less: are they ratings of 1 to 5?", "scale = 20"
    if 0 < most <= 10:  # noqa: PLR2004 -- ten points
        return "every value is 10 or less: are they points of 10?", "scale = 10"
    return None


def _money(header: str) -> tuple[str, str] | None:
    if _CENTS.search(header):
        return "its name says cents, and it is read as whole units", "scale = 0.01"
    if _THOUSANDS.search(header):
        return "its name says thousands, and it is read as single units", "scale = 1000"
    return None


def in_another_unit(
    bound: Mapping[str, BoundColumns], rows: Sequence[Mapping[str, Any]], file: str
) -> Iterator[TableProblem]:
    """Yield each column that seems to be in another unit; a mapped scale is an answer."""
    for name, one in bound.items():
        if one.said.scale is not None:
            continue
        found = None
        if one.column.kind == "money":
            found = _money(one.source)
        elif one.column.limits == (0, _HUNDRED) and one.column.kind in ("number", "whole"):
            found = _scale_of([row[name] for row in rows if name in row])
        if found:
            hint = f"say so in the mapping: {found[1]}; or scale = 1 where it is right"
            yield TableProblem(file, 0, one.source or name, found[0], hint)
