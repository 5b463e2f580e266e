"""One look for all who wait."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from plugin.fetching.shared.lookout import LONGEST, SHORTEST, Lookout, Sight


def test_one_look_serves_all_who_joined():
    """Five sources of an account cost one command a round, not five."""
    looks: list[list[str]] = []
    pausing, joined = threading.Event(), threading.Event()

    def look(names):
        looks.append(sorted(names))
        return [Sight(name.encode()) for name in names]

    def pause(_seconds):
        pausing.set()
        joined.wait(5)

    lookout = Lookout(look, pause)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(lookout.next, "a", 0)
        assert pausing.wait(5)
        others = [pool.submit(lookout.next, name, 0) for name in "bcb"]
        while len(lookout._waiting) < 3:  # noqa: SLF001 — until the others have joined
            joined.wait(0.01)
        joined.set()
        found = [each.result(5).value for each in (first, *others)]

    assert (found, looks) == ([b"a", b"b", b"c", b"b"], [["a", "b", "c"]])


def test_looks_less_often_the_longer_it_takes():
    """From ten milliseconds to fifty."""
    pauses: list[float] = []
    lookout = Lookout(lambda names: [Sight() for _ in names], pauses.append)
    for rounds in range(9):
        lookout.next("a", rounds)

    assert (pauses[0], pauses[-1], pauses == sorted(pauses)) == (SHORTEST, LONGEST, True)


def test_a_server_out_of_reach_ends_the_wait():
    """Whoever waits goes on alone."""
    assert Lookout(lambda _names: None, lambda _seconds: None).next("a", 0) == Sight()


def test_a_look_that_blows_up_leaves_nobody_waiting():
    """The next look starts afresh."""

    def explode(_names):
        raise MemoryError

    lookout = Lookout(explode, lambda _seconds: None)
    for _ in range(2):
        with pytest.raises(MemoryError):
            lookout.next("a", 0)
