"""What counts once, in one process, in several, and while the store is away."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from plugin.store.database import Database
from plugin.store.sweeping import sweep
from plugin.store.tables import TAKEN
from plugin.store.taken import Taken, digest_of
from tests.plugin.store.conftest import NOW, OTHER, WORKSPACE

DAY = timedelta(days=1)
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def taken(database):
    """The memory of one process."""
    return Taken(database)


@pytest.fixture
def process(open_store, store_url):
    """Return a maker of other processes' memories, on the same store."""
    return lambda: Taken(open_store(store_url))


def test_the_second_use_is_not_new(taken):
    """Each digest is taken by whoever comes first."""
    assert taken.take(WORKSPACE, ["a", "b"], NOW, DAY) == {"a", "b"}
    assert taken.take(WORKSPACE, ["b", "c"], NOW, DAY) == {"c"}


def test_what_one_process_took_is_taken_in_all(process):
    """A second worker or host is no second chance."""
    first, second = process(), process()
    first.take(WORKSPACE, ["a"], NOW, DAY)

    assert second.known(WORKSPACE, ["a", "b"], NOW) == {"a"}
    assert second.take(WORKSPACE, ["a", "b"], NOW, DAY) == {"b"}


def test_of_many_at_once_one_wins(process):
    """Eight processes, one digest, no two winners."""
    many = [process() for _ in range(8)]
    many[0].known(WORKSPACE, ["a"], NOW)  # the tables are there
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda one: one.take(WORKSPACE, ["a"], NOW, DAY), many))

    assert sorted(map(len, won)) == [0] * 7 + [1]


def test_looking_takes_nothing(taken, process):
    """An event that was only looked for is still new."""
    assert taken.known(WORKSPACE, ["a"], NOW) == frozenset()
    assert process().take(WORKSPACE, ["a"], NOW, DAY) == {"a"}


def test_another_workspace_is_another_matter(taken):
    """The same digest there says nothing here."""
    taken.take(OTHER, ["a"], NOW, DAY)

    assert taken.known(WORKSPACE, ["a"], NOW) == frozenset()
    assert taken.take(WORKSPACE, ["a"], NOW, DAY) == {"a"}


def test_it_ends_to_the_second(taken, process):
    """It counts as taken for its whole life and not a moment longer, here and elsewhere."""
    taken.take(WORKSPACE, ["a"], NOW, DAY)
    before, after = NOW + DAY - timedelta(seconds=1), NOW + DAY

    for one in (taken, process()):
        assert one.known(WORKSPACE, ["a"], before) == {"a"}
        assert one.known(WORKSPACE, ["a"], after) == frozenset()
    assert process().take(WORKSPACE, ["a"], after, DAY) == {"a"}
    assert process().take(WORKSPACE, ["a"], after, DAY) == frozenset()


def _count(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(TAKEN)).scalar_one()


def test_what_is_over_goes_by_itself_and_by_the_sweep(taken, database):
    """The table does not grow where nobody sweeps, nor in a workspace that is silent."""
    taken.take(WORKSPACE, ["a", "b"], NOW, DAY)
    taken.take(WORKSPACE, ["c"], NOW + DAY, DAY)
    assert _count(database) == 1

    with database.write() as connection:
        removed = sweep(connection, WORKSPACE, {}, NOW + 2 * DAY)
    assert removed == {"taken": 1}
    assert _count(database) == 0


@pytest.fixture
def alone(ticks) -> Iterator[Taken]:
    """A process whose store is away."""
    database = Database(NOWHERE, Path(), lambda: ticks[0])
    yield Taken(database)
    database.close()


def test_without_the_store_a_process_counts_by_itself_and_says_so(alone, caplog):
    """Nothing is refused that would be right, and what this process saw is not new to it."""
    caplog.set_level(logging.WARNING)

    assert alone.take(WORKSPACE, ["a"], NOW, DAY) == {"a"}
    assert alone.take(WORKSPACE, ["a"], NOW, DAY) == frozenset()
    assert alone.known(WORKSPACE, ["a", "b"], NOW) == {"a"}
    assert "counted in this process only" in caplog.messages


def test_the_lock_of_another_process_is_not_waited_for(open_store, tmp_path):
    """A launch is answered while somebody else writes for long."""
    url = f"sqlite:///{tmp_path}/memory.db"
    one = Taken(open_store(url))
    with open_store(url).write():
        assert one.take(WORKSPACE, ["a"], NOW, DAY) == {"a"}


def test_words_do_not_run_together():
    """What is told apart is taken apart, and any text can be one."""
    assert digest_of("ab", "c") != digest_of("a", "bc")
    assert len(digest_of("\ud800", "")) == 64
