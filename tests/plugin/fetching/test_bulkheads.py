"""Threads are shared so that one hung connection sinks alone."""

from __future__ import annotations

import threading

import pytest

from plugin.fetching.bulkheads import Bulkhead, BulkheadSize

PATIENCE = 5.0


@pytest.fixture
def bulkhead():
    """Return four threads, two a connection, three jobs in its queue."""
    made = Bulkhead("crm", BulkheadSize(threads=4, per_connection=2, queue=3))
    yield made
    made.close()


@pytest.fixture
def gate():
    """Return an event that opens at the end, whatever happens."""
    event = threading.Event()
    yield event
    event.set()


def test_a_hung_connection_leaves_threads_for_the_others(bulkhead, gate):
    """The other one is answered while the first one hangs."""
    for _ in range(5):
        bulkhead.submit("hung", lambda: gate.wait(PATIENCE))
    done = threading.Event()
    bulkhead.submit("healthy", done.set)

    assert done.wait(PATIENCE)


def test_sheds_what_does_not_fit(bulkhead, gate):
    """Two run, three wait, and the sixth hears no at once."""
    taken = [bulkhead.submit("hung", lambda: gate.wait(PATIENCE)) for _ in range(6)]

    assert (taken, bulkhead.waiting()) == ([True] * 5 + [False], 3)


def test_refreshes_give_way_first(bulkhead, gate):
    """Who waits for a first answer comes before a refresh behind a stale one."""
    for _ in range(3):
        bulkhead.submit("hung", lambda: gate.wait(PATIENCE))

    assert not bulkhead.submit("hung", lambda: None, urgent=False)
    assert bulkhead.submit("hung", lambda: None)


def test_runs_every_job_that_it_took(bulkhead):
    """Also those that waited, and also after one that failed."""
    counted = threading.Semaphore(0)
    taken = 0

    def explode():
        counted.release()
        raise ValueError

    for number in range(300):
        taken += bulkhead.submit("crm", explode if number % 7 == 0 else counted.release)

    assert all(counted.acquire(timeout=PATIENCE) for _ in range(taken))


def test_a_closed_bulkhead_takes_nothing(bulkhead):
    """At the end of the process a question is refused, not lost."""
    bulkhead.close()

    assert [bulkhead.submit("crm", lambda: None) for _ in range(3)] == [False] * 3
