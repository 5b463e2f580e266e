"""One thread thinks at a time, and leaves room where answers are ready."""

from __future__ import annotations

import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from plugin.fetching.clock import Clock
from plugin.fetching.compute_lock import LONGEST, OFTEN, REST, Turns


@pytest.fixture
def hands():
    """Return hands that stand still unless a pause moves them."""
    return Hands()


class Hands:
    """A clock whose pauses pass at once and are noted."""

    def __init__(self) -> None:
        self.at = 100.0
        self.pauses: list[float] = []
        self.breaks_off = False

    def pause(self, seconds: float) -> None:
        """Let so many seconds pass."""
        if self.breaks_off:
            raise KeyboardInterrupt
        self.pauses.append(seconds)
        self.at += seconds

    def clock(self) -> Clock:
        """Return the clock."""
        return Clock(lambda: datetime(2026, 1, 1, tzinfo=UTC), lambda: self.at, self.pause)


def _think(turns: Turns, hands: Hands, seconds: float, ready: int = 0) -> None:
    with turns:
        hands.at += seconds
        for _ in range(ready):
            turns.note_ready()


def test_who_thinks_alone_never_rests(hands):
    """Where nothing is answered from memory, nobody is waited for."""
    turns = Turns(hands.clock())
    for _ in range(3):
        _think(turns, hands, 0.02)

    assert hands.pauses == []


def test_a_turn_beside_ready_answers_is_followed_by_a_rest(hands):
    """Several times as long as the turn; what has passed of it already counts."""
    turns = Turns(hands.clock())
    _think(turns, hands, 0.02, ready=1)
    hands.at += 0.01
    _think(turns, hands, 0.02)
    _think(turns, hands, 0.02)

    assert hands.pauses == [pytest.approx(0.02 * REST - 0.01)]


def test_a_long_turn_makes_no_long_rest(hands):
    """Nobody's first answer is held up for seconds."""
    turns = Turns(hands.clock())
    _think(turns, hands, 9.0, ready=5)
    _think(turns, hands, 0.02)

    assert hands.pauses == [pytest.approx(LONGEST)]


def test_one_thinks_at_a_time_and_a_failure_ends_the_turn(hands):
    """The next one comes in, whatever happened to the one before."""
    turns, inside = Turns(hands.clock()), threading.Event()
    other = threading.Thread(target=lambda: _enter(turns, inside))
    with suppress(ValueError), turns:
        other.start()
        assert not inside.wait(0.05)
        raise ValueError

    assert inside.wait(10)
    other.join(10)


def test_a_rest_that_is_broken_off_gives_the_turn_back(hands):
    """Whoever ends a worker meanwhile leaves nobody waiting for ever."""
    turns = Turns(hands.clock())
    _think(turns, hands, 0.02, ready=1)
    hands.breaks_off = True
    with pytest.raises(KeyboardInterrupt):
        _think(turns, hands, 0.02)
    hands.at += LONGEST
    _think(turns, hands, 0.02)

    assert hands.pauses == []


def _enter(turns: Turns, inside: threading.Event) -> None:
    with turns:
        inside.set()


def test_threads_switch_often_only_while_somebody_thinks(hands):
    """A ready answer passes by then; at other times it is not interrupted for nothing."""
    turns = Turns(hands.clock())
    usual = sys.getswitchinterval()
    with suppress(RuntimeError), turns:
        during = sys.getswitchinterval()
        raise RuntimeError

    assert during == pytest.approx(OFTEN)
    assert during < usual
    assert sys.getswitchinterval() == usual
