"""Reads whose time is up are broken off, and others are left alone."""

from __future__ import annotations

import threading
import time

import pytest

from plugin.fetching.http.watchdog import Watchdog


@pytest.fixture
def watchdog():
    """Return a watchdog in real time."""
    return Watchdog(time.monotonic)


def test_breaks_off_what_takes_too_long(watchdog):
    """And says that it did."""
    stopped = threading.Event()
    with watchdog.limit(0.02, stopped.set) as watch:
        assert stopped.wait(2)

    assert watch.fired


def test_leaves_alone_what_ended_in_time(watchdog):
    """A connection that is back in its pool is not touched."""
    stopped, later = [], threading.Event()
    with watchdog.limit(0.02, lambda: stopped.append(1)) as early:
        pass
    with watchdog.limit(0.05, later.set):
        assert later.wait(2)

    assert (early.fired, stopped) == (False, [])


def test_the_shorter_time_comes_first(watchdog):
    """A new watch may be due before those that wait already."""
    order: list[str] = []
    both = threading.Semaphore(0)

    def stop(name: str) -> None:
        order.append(name)
        both.release()

    with (
        watchdog.limit(0.08, lambda: stop("long")),
        watchdog.limit(0.02, lambda: stop("short")),
    ):
        assert both.acquire(timeout=2)
        assert both.acquire(timeout=2)

    assert order == ["short", "long"]


def test_a_stop_that_fails_does_not_end_the_watch(watchdog):
    """The connection was closed by somebody else; the next one still counts on us."""

    def fail():
        raise OSError

    stopped = threading.Event()
    with watchdog.limit(0.01, fail), watchdog.limit(0.03, stopped.set):
        assert stopped.wait(2)
