"""Insert or replace a row by its key, in either database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def _insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def upsert(connection: Connection, table: Table, row: Mapping[str, Any], newer: str = "") -> None:
    """Put the row in the place of the one with its key.

    With `newer`, a column of instants, an older row never takes the place of a newer one.
    """
    keys = [column.name for column in table.primary_key]
    insert = _insert(connection, table).values(dict(row))
    changes = {name: insert.excluded[name] for name in row if name not in keys}
    only: ColumnElement[bool] | None = None
    if newer:
        only = table.c[newer] <= insert.excluded[newer]
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=changes, where=only))


def insert_once(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Add the row unless its key is taken; return whether it was added."""
    insert = _insert(connection, table).values(dict(row)).on_conflict_do_nothing()
    added = connection.execute(insert.returning(*table.primary_key.columns))
    return added.first() is not None
