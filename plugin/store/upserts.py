"""Insert or replace a row by its key, in either database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite


def _insert(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@lru_cache(maxsize=64)
def _statement(dialect: str, table: Table, columns: tuple[str, ...], newer: str) -> Executable:
    """Return the statement that puts rows of these columns; building one takes longer than it."""
    keys = [column.name for column in table.primary_key]
    insert = _insert(dialect, table)
    changes = {name: insert.excluded[name] for name in columns if name not in keys}
    only: ColumnElement[bool] | None = None
    if newer:
        only = table.c[newer] <= insert.excluded[newer]
    return insert.on_conflict_do_update(index_elements=keys, set_=changes, where=only)


def upsert_all(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], newer: str = ""
) -> None:
    """Put rows, all of the same columns, in the place of those with their keys.

    With `newer`, a column of instants, an older row never takes the place of a newer one.
    """
    if rows:
        put = _statement(connection.dialect.name, table, tuple(rows[0]), newer)
        connection.execute(put, [dict(row) for row in rows])


def upsert(connection: Connection, table: Table, row: Mapping[str, Any], newer: str = "") -> None:
    """Put one row in the place of the one with its key, as `upsert_all` does."""
    upsert_all(connection, table, [row], newer)


def insert_once(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Add the row unless its key is taken; return whether it was added."""
    insert = _insert(connection.dialect.name, table).values(dict(row)).on_conflict_do_nothing()
    added = connection.execute(insert.returning(*table.primary_key.columns))
    return added.first() is not None
