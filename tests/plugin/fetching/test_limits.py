"""Cool-downs, call rates and the allowance of retries."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plugin.fetching.limits import CallRate, CoolDown, RetryAllowance
from tests.plugin.fetching.conftest import ManualClock


def test_the_longest_cool_down_wins(ticking):
    """A later 429 with a shorter time does not cut the first one short."""
    cool_down = CoolDown(ticking.monotonic)
    cool_down.rest_for(30)
    cool_down.rest_for(5)
    ticking.tick(10)

    assert cool_down.remaining() == 20


def test_new_credentials_end_a_cool_down(ticking):
    """The limit was the old credential's."""
    cool_down = CoolDown(ticking.monotonic)
    cool_down.rest_for(30)
    cool_down.clear()

    assert cool_down.remaining() == 0


def test_a_call_waits_for_its_turn_or_is_refused(ticking):
    """Four a second: the fifth waits a quarter of a second, or does not go out."""
    rate = CallRate(4, 4, ticking.monotonic)
    first = [rate.take(0) for _ in range(4)]

    assert (first, rate.take(0.1), rate.take(1)) == ([0, 0, 0, 0], None, 0.25)


def test_the_vendor_counts_better(ticking):
    """Other programs may use the same credential."""
    rate = CallRate(4, 4, ticking.monotonic)
    rate.correct(1)

    assert [rate.take(0) for _ in range(2)] == [0, None]


@given(st.lists(st.floats(0, 2), min_size=1, max_size=60))
def test_the_rate_is_never_exceeded(gaps):
    """Over any time no more calls go out than the rate and one burst."""
    ticking = ManualClock()
    rate = CallRate(5, 5, ticking.monotonic)
    passed = 0
    for gap in gaps:
        ticking.tick(gap)
        passed += sum(rate.take(0) == 0 for _ in range(10))

    assert passed <= 5 + 5 * ticking.seconds + 0.001


def test_retries_stay_a_tenth_of_the_calls():
    """One at the start, and then one for each ten calls."""
    allowance = RetryAllowance()
    retries = 0
    for _ in range(100):
        allowance.earn()
        retries += allowance.spend()

    assert 9 <= retries <= 11
