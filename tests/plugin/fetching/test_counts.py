"""Counters that the workers of one host share."""

from __future__ import annotations

import os

from plugin.fetching import counts
from plugin.fetching.counts import Counts


def test_forked_workers_count_together():
    """Four of them, at once: not one count is lost."""
    made, children = Counts(), []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            for _ in range(500):
                made.count("anna", 60.0, 1.0)
            os._exit(0)
        children.append(child)
    for child in children:
        assert os.waitpid(child, 0)[1] == 0

    assert made.count("anna", 60.0, 1.0) == 2_001


def test_a_counter_ends_by_itself():
    """Its time begins when it first counts."""
    made = Counts()

    assert [made.count("anna", 60.0, now) for now in (0.0, 59.9, 60.0, 61.0)] == [1, 2, 1, 2]


def test_two_names_are_two_counters_until_there_is_no_room(monkeypatch):
    """The oldest makes room for a new one."""
    monkeypatch.setattr(counts, "PLACES", 1)
    made = Counts()
    names = [f"n{number}" for number in range(counts.NEAR + 1)]
    for now, name in enumerate(names):
        assert made.count(name, 60.0, float(now)) == 1

    assert made.count(names[1], 60.0, 20.0) == 2
    assert made.count(names[0], 60.0, 21.0) == 1
