"""Ready mappings for what vendors export, recognised by their headers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from plugin.sources.tabular.export_maps import EXPORTS
from plugin.sources.tabular.raw import column_name
from plugin.sources.tabular.shape import Sheet
from plugin.sources.tabular.table_map import ColumnMap, TableMap


def _columns(names: frozenset[str], said: dict[str, Any]) -> tuple[ColumnMap, ...]:
    """Return the columns of an export that a file has: of several spellings the first."""
    found = []
    for name, value in said.items():
        options: dict[str, Any] = dict(value) if isinstance(value, dict) else {"from": value}
        listed = options.pop("from", ())
        sources = (listed,) if isinstance(listed, str) else tuple(listed)
        source = next((one for one in sources if column_name(one) in names), "")
        words = tuple(dict(options.pop("values", {})).items())
        if source or "value" in options:
            found.append(ColumnMap(name, source, words=words, **options))
    return tuple(found)


def _is_money(sheet: Sheet, name: str) -> bool:
    column = sheet.column(name)
    return column is not None and column.kind == "money"


def recognised(names: tuple[str, ...], sheet: Sheet, said: TableMap) -> TableMap:
    """Return the mapping of a file: its own, laid over that of the vendor who wrote its headers."""
    there = frozenset(names)
    for export in EXPORTS.get(sheet.name, ()):
        if all(column_name(mark) in there for mark in export.marks):
            usual = _columns(there, dict(export.columns))
            own = {one.name for one in said.columns}
            taken = {one.header for one in said.columns if one.source}
            more = tuple(c for c in usual if c.name not in own and c.header not in taken)
            if not (said.currency or any(c.name == "currency" for c in (*said.columns, *more))):
                more = tuple(c for c in more if not _is_money(sheet, c.name))
            return replace(
                said,
                columns=(*said.columns, *more),
                decimal=said.decimal or export.decimal,
                date_order=said.date_order or export.date_order,
                amount=said.amount or export.amount,
                title=export.title,
            )
    return said
