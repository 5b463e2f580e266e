"""The table of the benchmark says honestly what keeps its goal."""

from __future__ import annotations

import pytest

from bench.rounds import interleaved, share
from bench.table import Row, table


@pytest.mark.parametrize(
    ("value", "more_is_better", "verdict"),
    [(1.0, False, "goal"), (3.0, False, "floor"), (5.0, False, "MISSED"), (5.0, True, "goal"),
     (3.0, True, "floor"), (None, True, "not measured")],
)  # fmt: skip
def test_a_value_keeps_its_goal_its_floor_or_neither(value, more_is_better, verdict):
    """Bounds count from the side that the measure is better on."""
    bounds = (4, 3) if more_is_better else (2, 4)

    assert Row("1", "x", value, *bounds, more_is_better=more_is_better).verdict() == verdict


def test_a_missed_goal_without_a_floor_is_missed():
    """No floor is no excuse."""
    assert Row("15", "requests", 4, 3).verdict() == "MISSED"


def test_the_table_shows_every_row_with_its_bounds():
    """One line a row, under the heads."""
    lines = table([Row("4", "p99", 1.5, 2, 3), Row("", "words", 0.9, unit=" ms")]).splitlines()

    assert len(lines) == 3
    assert lines[1].split() == ["4", "p99", "1.50", "≤", "2", "≤", "3", "goal"]


def test_rounds_are_interleaved_and_their_medians_count():
    """Each measure runs once a round, so that a busy moment meets all alike."""
    order: list[str] = []
    left = [9.0, 1.0, 5.0]

    def one() -> float:
        order.append("one")
        return left.pop()

    def two() -> float:
        order.append("two")
        return 2.0

    assert interleaved({"one": one, "two": two}, 3) == {"one": 5.0, "two": 2.0}
    assert order == ["one", "two", "two", "one", "one", "two"]


def test_a_share_of_the_values_lies_below_it():
    """The 99th percentile of a hundred is the largest."""
    assert share([float(number) for number in range(100)], 0.99) == 99
