"""What the rows of one account say: values, and what could not be read of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from plugin.sources.tabular.problems import TableProblem
from plugin.sources.tabular.table import Row, Table
from plugin.upstream import BadValue


@dataclass(frozen=True, slots=True)
class RowFindings:
    """The part of an account's facts that one table gives; fields as in Facts."""

    values: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    bad: tuple[BadValue, ...] = ()
    partial: frozenset[str] = frozenset()
    untold: frozenset[str] = frozenset()


def merge(parts: Iterable[RowFindings]) -> RowFindings:
    """Return all parts as one; where two tables fill a path, the earlier wins."""
    values: dict[str, Any] = {}
    fields: dict[str, str] = {}
    bad: list[BadValue] = []
    partial: frozenset[str] = frozenset()
    untold: frozenset[str] = frozenset()
    for part in parts:
        untold |= {path for path in part.untold if path.partition("[]")[0] not in values}
        values = dict(part.values) | values
        fields = dict(part.fields) | fields
        bad += part.bad
        partial |= part.partial
    return RowFindings(values, fields, tuple(bad), partial, untold)


def spoiled(
    paths: Iterable[str], problem: TableProblem, reason: str = "bad_data"
) -> Iterator[BadValue]:
    """Yield a gap for each of `paths`, all for one reason."""
    message = f"{problem.message} ({problem.hint})" if problem.hint else problem.message
    for path in sorted(paths):
        yield BadValue(path, problem.where, message, reason)


def whole_table(
    table: Table, rows: Iterable[Row], message: str, reason: str = "bad_data"
) -> RowFindings:
    """Return gaps for all that a table gives, because its rows cannot be used together."""
    lines = ", ".join(str(row.line) for row in rows)
    problem = TableProblem(table.file, 0, "", f"lines {lines}: {message}")
    return RowFindings(bad=tuple(spoiled(table.sheet.paths, problem, reason)))


def first_problem(rows: Iterable[Row]) -> TableProblem | None:
    """Return the first thing that is wrong with any of `rows`."""
    return next((problem for row in rows for problem in row.bad.values()), None)
