"""A breaker opens, rests, lets one probe out, and closes again."""

from __future__ import annotations

import pytest

from plugin.fetching.breaker import Breaker, BreakerPolicy


@pytest.fixture
def breaker(ticking):
    """Return a closed breaker that rests for ten seconds, at most forty."""
    return Breaker(ticking.monotonic, BreakerPolicy(longest_rest=40))


def fail(breaker: Breaker, times: int = 1) -> None:
    """Let calls fail."""
    for _ in range(times):
        breaker.fail()


def test_opens_after_five_failures_in_a_row(breaker):
    """Four may be chance."""
    fail(breaker, 4)
    before = breaker.enter()
    fail(breaker)

    assert (before, breaker.enter()) == (True, False)


def test_opens_when_half_of_the_calls_fail(breaker):
    """Not only a run of failures counts."""
    for _ in range(4):
        breaker.succeed()
        breaker.fail()

    assert not breaker.enter()


def test_old_failures_do_not_count(breaker, ticking):
    """A failure a minute is no outage."""
    for _ in range(4):
        breaker.succeed()
        breaker.fail()
        ticking.tick(61)

    assert breaker.enter()


def test_lets_one_probe_out_after_the_rest(breaker, ticking):
    """Of all who ask then, one goes."""
    fail(breaker, 5)
    ticking.tick(10)

    assert [breaker.enter() for _ in range(3)] == [True, False, False]


def test_closes_after_a_good_probe(breaker, ticking):
    """One answer is proof enough."""
    fail(breaker, 5)
    ticking.tick(10)
    breaker.enter()
    breaker.succeed()

    assert (breaker.enter(), breaker.resumes_in()) == (True, None)


def test_rests_longer_after_each_failed_probe(breaker, ticking):
    """An upstream that stays down is asked ever less often, within a limit."""
    fail(breaker, 5)
    rests = []
    for _ in range(4):
        rests.append(breaker.resumes_in())
        ticking.tick(rests[-1])
        breaker.enter()
        breaker.fail()

    assert rests == [10, 20, 40, 40]


def test_a_probe_that_never_reports_does_not_block_for_ever(breaker, ticking):
    """A thread may die with the answer."""
    fail(breaker, 5)
    ticking.tick(10)
    breaker.enter()
    ticking.tick(30)

    assert breaker.enter()


def test_a_probe_that_tells_nothing_frees_its_place(breaker, ticking):
    """A missing setting says nothing about the upstream's health."""
    fail(breaker, 5)
    ticking.tick(10)
    breaker.enter()
    breaker.abandon()

    assert breaker.enter()


def test_late_failures_do_not_prolong_the_rest(breaker, ticking):
    """Calls that were out when it opened end when they end."""
    fail(breaker, 5)
    ticking.tick(9)
    fail(breaker, 3)
    ticking.tick(1)

    assert breaker.enter()
