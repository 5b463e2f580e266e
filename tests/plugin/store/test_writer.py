"""The batched writer: behind the answer, bounded, and honest about what it drops."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, select

from plugin.errors import StoreUnavailable
from plugin.store import writer as writing
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


def test_a_bad_entry_costs_itself_only(database):
    """It is dropped and counted; those beside it and after it are written."""
    slow = Writer(database, linger=60.0)
    bad = {"name": "x" * 300, "value": None}  # no database takes a row without its value
    slow.add(_job("a"))
    slow.add(Job("acme", "", lambda connection: upsert(connection, META, bad)))
    slow.add(_job("b"))
    slow.close()

    assert (slow.dropped, slow.written, _names(database)) == (1, 2, ["a", "b"])


class Switched(Database):
    """A store that a test switches off and on."""

    off = True

    @contextmanager
    def write(self, patience: int = 5_000) -> Iterator[Connection]:
        """Refuse while it is off."""
        if self.off:
            raise StoreUnavailable("off")
        with super().write(patience) as connection:
            yield connection


def test_what_a_short_outage_holds_up_is_written_after_it(store_url, monkeypatch):
    """As many as there is room for, and the rest is counted."""
    monkeypatch.setattr(writing, "RETRY", 0.01)
    store = Switched(store_url, Path(), lambda: 0.0)
    waiting = Writer(store, places=3, linger=0.0)
    for name in "abcd":
        waiting.add(_job(name))
    assert not waiting.flush(0.2)
    store.off = False

    assert waiting.flush()
    assert (waiting.written, waiting.dropped) == (3, 1)
    assert _names(store) in (["a", "b", "c"], ["b", "c", "d"])  # as it was caught waiting
    waiting.close()
    store.close()


def test_what_is_prepared_is_prepared_once_and_outside_of_any_transaction(store_url, monkeypatch):
    """However often the writing is tried; nobody waits for the store meanwhile."""
    monkeypatch.setattr(writing, "RETRY", 0.01)
    store, prepared = Switched(store_url, Path(), lambda: 0.0), []

    def prepare() -> bool:
        with Database.write(store) as free:  # it would wait, were a transaction open
            prepared.append(free)
        return True

    waiting = Writer(store, linger=0.0)
    waiting.add(replace(_job("a"), prepare=prepare))
    assert not waiting.flush(0.2)
    store.off = False

    assert waiting.flush()
    assert (len(prepared), _names(store)) == (1, ["a"])
    waiting.close()
    store.close()


def test_what_cannot_be_prepared_costs_itself_only(database):
    """Those beside it are written."""
    slow = Writer(database, linger=60.0)
    slow.add(_job("a"))
    slow.add(replace(_job("b"), prepare=lambda: bool(1 / 0)))
    slow.add(replace(_job("c"), prepare=lambda: False))  # nothing to write after all
    slow.close()

    assert (slow.dropped, slow.written, _names(database)) == (1, 1, ["a"])


def test_an_end_without_a_store_is_no_endless_wait(store_url):
    """What could not be written is counted."""
    store = Switched(store_url, Path(), lambda: 0.0)
    waiting = Writer(store, linger=0.0)
    waiting.add(_job("a"))
    waiting.close()

    assert (waiting.dropped, waiting.waiting()) == (1, 0)


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

    assert (memory.recall("a1", "kim"), memory.pin([])) == (None, None)
    assert writer.dropped == 1
