"""Read tables of one row an account: each cell a fact, each bad cell a gap."""

from __future__ import annotations

from typing import Any

from plugin.sources.tabular.found import RowFindings, first_problem, spoiled, whole_table
from plugin.sources.tabular.table import Row, Table, column_of
from plugin.upstream import BadValue

_MONEY = ("currency", "approximate")


def _spoiled_columns(row: Row, table: Table) -> dict[str, str]:
    """Return column → the bad column that spoils it: without its currency no amount counts."""
    found = {name: name for name in row.bad}
    culprit = next((name for name in _MONEY if name in row.bad), None)
    if culprit:
        money = (column.name for column in table.sheet.columns if column.kind == "money")
        found |= {name: culprit for name in money if name in table.columns}
    return found


def _cells(row: Row, table: Table) -> RowFindings:
    values: dict[str, Any] = {}
    fields: dict[str, str] = {}
    bad: list[BadValue] = []
    culprits = _spoiled_columns(row, table)
    for name in table.columns:
        column = column_of(table.sheet, name)
        paths = column.paths if column else ()
        if name in culprits:
            bad += spoiled(paths, row.bad[culprits[name]])
        elif name in row.values:
            values |= dict.fromkeys(paths, row.values[name])
            fields |= dict.fromkeys(paths, f"{table.file}: {name}")
    return RowFindings(values, fields, tuple(bad))


def read_record(table: Table, rows: tuple[Row, ...]) -> RowFindings:
    """Return the facts of the account's row; gaps where it is lost or there are several."""
    whole = [row for row in rows if not row.lost]
    if len(whole) > 1:
        return whole_table(table, whole, "several rows for one account, so none is used")
    if whole:
        return _cells(whole[0], table)
    problem = first_problem(rows)
    return RowFindings(bad=tuple(spoiled(table.sheet.paths, problem))) if problem else RowFindings()
