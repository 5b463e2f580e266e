"""Up from every released revision, with data in every table: nothing is lost, nothing is broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Column, Connection, MetaData, create_engine, insert, select

from plugin.errors import StoreUnavailable
from plugin.store import audit, migrating
from plugin.store.audit import START, AuditEvent, link_hash
from tests.plugin.store.conftest import NOW, WORKSPACE

FOLDER = ScriptDirectory(str(Path(migrating.__file__).parent / "migrations"))
REVISIONS = [script.revision for script in FOLDER.walk_revisions()][::-1]
AT = "2026-11-21T12:00:00.000000Z"
LENGTH_OF_AN_INSTANT = 27
_HEAD = ("workspace", "seq", "hash")


def _value(column: Column[Any]) -> Any:
    """Return something that a column of this type may hold."""
    if column.name == "workspace":
        return WORKSPACE
    if column.type.python_type is str:
        return AT if getattr(column.type, "length", None) == LENGTH_OF_AN_INSTANT else column.name
    if isinstance(column.type, JSON):
        return {"a": ["é", None]}
    return column.type.python_type(1)


def _chain() -> Iterator[dict[str, Any]]:
    """Yield three entries of an audit, as every release has written them."""
    before = START
    for seq in (1, 2, 3):
        event = AuditEvent(NOW, "kim", "pinned", f"t{seq}", "agent", {"n": seq})
        own = link_hash(WORKSPACE, seq, before, event)
        said = {"actor": "kim", "role": "agent", "action": "pinned", "target": f"t{seq}"}
        place = {"workspace": WORKSPACE, "seq": seq, "prev": before, "hash": own, "at": AT}
        yield {**place, **said, "detail": {"n": seq}}
        before = own


def _tables(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(connection)
    found.remove(found.tables["alembic_version"])
    return found


def _fill(connection: Connection) -> None:
    chain = list(_chain())
    known = {"audit": chain, "audit_heads": [{key: chain[-1][key] for key in _HEAD}]}
    for table in _tables(connection).sorted_tables:
        ordinary = [{column.name: _value(column) for column in table.columns}]
        connection.execute(insert(table), known.get(table.name, ordinary))


def _rows(connection: Connection) -> dict[str, list[Any]]:
    tables = _tables(connection).sorted_tables
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
        for table in tables
    }


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_an_earlier_release_kept_is_kept(open_store, store_url, revision):
    """Row by row; and an audit whose end is cut off afterwards is found."""
    engine = create_engine(store_url)
    with engine.begin() as connection:
        migrating.migrate(connection, revision)
        _fill(connection)
        before = _rows(connection)
    engine.dispose()
    with open_store(store_url).write() as connection:
        after = _rows(connection)
        assert {name: after[name] for name in before} == before
        assert audit.verify(connection, WORKSPACE) == (3, [])
        connection.exec_driver_sql("DELETE FROM audit WHERE seq = 3")
        assert [one.seq for one in audit.verify(connection, WORKSPACE)[1]] == [3]


def test_an_older_release_leaves_a_newer_store_alone(open_store, store_url, caplog):
    """It goes on without memory, and the log says why."""
    with open_store(store_url).write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'of-tomorrow'")
    older = open_store(store_url)
    for _ in range(2):
        with pytest.raises(StoreUnavailable), older.read():
            pass

    said = [(record.message, record.why) for record in caplog.records]
    assert said == [
        (
            "the store cannot be used",
            (
                "it was written by a newer release, or by another application: install that release"
                " again, or give Sidelight a schema of its own"
            ),
        )
    ]
