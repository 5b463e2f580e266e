"""One table: measure, value, goal, floor, and whether the value keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measured line.

    `goal` and `floor` bound `value` from above unless `more_is_better`; None: no such bound.
    `note` says what limits it, or under which conditions it was measured.
    """

    number: str
    measure: str
    value: float | None
    goal: float | None = None
    floor: float | None = None
    more_is_better: bool = False
    unit: str = ""
    note: str = ""

    def keeps(self, bound: float | None) -> bool | None:
        """Tell whether the value is on the right side of a bound; None where there is none."""
        if bound is None or self.value is None:
            return None
        return self.value >= bound if self.more_is_better else self.value <= bound

    def verdict(self) -> str:
        """Return the word of the last column."""
        if self.value is None:
            return "not measured"
        if self.goal is None and self.floor is None:
            return "to watch"
        if self.goal is not None and self.keeps(self.goal):
            return "goal"
        return "floor" if self.keeps(self.floor) else "MISSED"


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    if value == int(value) and abs(value) < 1e9:  # noqa: PLR2004 - a count, not a measurement
        return f"{int(value)}{unit}"
    return f"{value:.2f}{unit}"


def _bound(row: Row, bound: float | None) -> str:
    if bound is None:
        return ""
    return ("≥ " if row.more_is_better else "≤ ") + _number(bound, row.unit)


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.number,
        row.measure,
        _number(row.value, row.unit),
        _bound(row, row.goal),
        _bound(row, row.floor),
        row.verdict(),
        row.note,
    )


def table(rows: Iterable[Row]) -> str:
    """Return the rows under their heads, each column as wide as it needs."""
    heads = ("#", "measure", "value", "goal", "floor", "keeps", "note")
    lines = [heads, *(_cells(row) for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
