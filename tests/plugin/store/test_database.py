"""The store itself: created, migrated, durable, calm when it is down."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select

from plugin.errors import StoreUnavailable
from plugin.store import migrating
from plugin.store.tables import META, METADATA
from plugin.store.upserts import insert_once, upsert


def test_an_empty_store_gets_its_tables_at_first_use(database):
    """Nobody has to run a command first."""
    with database.read() as connection:
        assert connection.execute(select(META)).all() == []


def test_the_revisions_make_exactly_the_tables_that_are_used(database):
    """Tables and migrations are two descriptions of one thing."""
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, METADATA) == []


def test_the_newest_revision_is_the_one_we_migrate_to():
    """A revision that nobody runs would be a table that is missing."""
    folder = ScriptDirectory(str(Path(migrating.__file__).parent / "migrations"))

    assert folder.get_heads() == [migrating.HEAD]


def test_processes_that_start_together_migrate_once(open_store, store_url):
    """The second waits for the first, and finds all done."""
    stores = [open_store(store_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        ups = list(pool.map(lambda store: store.is_up(), stores))

    assert ups == [True] * 4


def test_a_new_file_is_never_locked_to_those_who_start_together(open_store, tmp_path):
    """SQLite does not wait by itself for the switch to its write-ahead log."""
    for turn in range(25):
        stores = [open_store(f"sqlite:///{tmp_path}/{turn}.db") for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            ups = list(pool.map(lambda store: store.is_up(), stores))

        assert ups == [True] * 4


def test_a_store_keeps_what_was_written_when_it_is_opened_again(open_store, store_url):
    """Migrating anew changes nothing."""
    with open_store(store_url).write() as connection:
        upsert(connection, META, {"name": "a", "value": "1"})
    with open_store(store_url).read() as connection:
        assert connection.execute(select(META.c.value)).scalars().all() == ["1"]


def test_a_transaction_is_whole_or_nothing(database):
    """An error in the middle leaves no half."""

    def fail_midway() -> None:
        with database.write() as connection:
            upsert(connection, META, {"name": "a", "value": "1"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_midway()
    with database.read() as connection:
        assert connection.execute(select(META)).all() == []


def test_adding_once_says_whether_it_was_there(database):
    """The first one stays."""
    with database.write() as connection:
        added = [insert_once(connection, META, {"name": "a", "value": v}) for v in "12"]
        kept = connection.execute(select(META.c.value)).scalar()

    assert (added, kept) == ([True, False], "1")


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////proc/nobody/may/write.db",
        "postgresql+psycopg://nobody:hunter22@127.0.0.1:1/nothing",
    ],
)
def test_a_store_that_is_down_is_one_calm_error_and_is_left_alone_for_a_while(
    open_store, ticks, caplog, url
):
    """It is not asked again at once, and the log names no password."""
    caplog.set_level(logging.ERROR)
    store = open_store(url)
    for seconds in (0, 1, 6):
        ticks[0] = float(seconds)
        with pytest.raises(StoreUnavailable), store.read():
            pass

    assert len(caplog.records) == 2
    assert "hunter22" not in caplog.text + str([vars(record) for record in caplog.records])


def test_a_file_that_is_no_database_is_a_store_that_is_down(open_store, tmp_path):
    """Damage is met with the same calm."""
    (tmp_path / "bad.db").write_bytes(b"this is not a database at all, but long enough" * 100)

    assert not open_store(f"sqlite:///{tmp_path}/bad.db").is_up()


def test_a_new_file_can_be_read_by_its_owner_only(open_store, tmp_path):
    """It holds what people wrote."""
    open_store(f"sqlite:///{tmp_path}/deep/memory.db").is_up()

    assert (tmp_path / "deep" / "memory.db").stat().st_mode & 0o077 == 0
