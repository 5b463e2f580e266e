"""The batched writer: behind the answer, bounded, and honest about what it drops."""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import Connection, select

from plugin.store.database import Database
from plugin.store.memory import Memory
from plugin.store.tables import META
from plugin.store.upserts import upsert
from plugin.store.writer import Job, Writer
from tests.plugin.store.conftest import NOW


def _job(name: str, account: str = "a1") -> Job:
    row = {"name": name, "value": name}
    return Job("acme", account, lambda connection: upsert(connection, META, row))


def _names(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(META.c.name).order_by(META.c.name)).scalars())


def test_what_is_queued_is_written_in_one_go(database, writer):
    """Nobody waits for it."""
    for name in "abc":
        writer.add(_job(name))

    assert writer.flush()
    assert (_names(database), writer.written) == (["a", "b", "c"], 3)


def test_what_does_not_fit_is_dropped_and_counted(database):
    """The queue never grows beyond its places."""
    gate, busy = threading.Event(), threading.Event()
    small = Writer(database, places=2, linger=0.0)

    def hold(_connection: Connection) -> None:
        busy.set()
        gate.wait(10)

    small.add(Job("acme", "", hold))
    assert busy.wait(10)
    taken = [small.add(_job(name)) for name in "abc"]
    gate.set()
    small.close()

    assert (taken, small.dropped, _names(database)) == ([True, True, False], 1, ["a", "b"])


def test_a_bad_entry_does_not_end_the_writing(database, writer):
    """It is dropped and counted; the next ones are written."""

    def fail(_connection: Connection) -> None:
        raise ZeroDivisionError

    writer.add(Job("acme", "", fail))
    assert writer.flush()
    writer.add(_job("a"))
    assert writer.flush()

    assert (writer.dropped, _names(database)) == (1, ["a"])


def test_an_erasure_reaches_what_still_waits(database):
    """What waits for an erased account is never written."""
    slow = Writer(database, linger=60.0)
    slow.add(_job("a", "gone"))
    slow.add(_job("b", "stays"))

    assert slow.forget("acme", lambda account: account == "gone") == 1
    slow.close()
    assert _names(database) == ["b"]


def test_without_a_store_nothing_is_remembered_and_nothing_fails(tmp_path):
    """The widget goes on: no pin, no states, no folds; what was to be kept is counted."""
    down = Database(f"sqlite:///{tmp_path}", Path(), lambda: 0.0)  # a folder is no file
    writer = Writer(down, linger=0.0)
    memory = Memory("acme", down, writer)
    memory.keep_fold("kim", "deals", opened=True, now=NOW)
    writer.close()

    assert (memory.recall("a1"), memory.pin([]), memory.opened("kim")) == (None, None, frozenset())
    assert writer.dropped == 1
