"""Whether a connection may be asked, and what people are told when not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from plugin.errors import (
    UpstreamBroken,
    UpstreamLimited,
    UpstreamRefused,
    UpstreamTimeout,
    UpstreamUnavailable,
    UpstreamUnset,
)
from plugin.fetching.gate import Gate
from plugin.fetching.limits import CallRate
from tests.plugin.fetching.conftest import START


@pytest.fixture
def gate(ticking):
    """Return an open gate."""
    return Gate(ticking.clock)


def test_refused_credentials_are_never_sent_again(gate, ticking):
    """A day later they are as wrong as now, and a vendor may lock the account."""
    gate.failed(UpstreamRefused("answered 401"))
    ticking.tick(86_400)

    with pytest.raises(UpstreamRefused):
        gate.enter()
    state = gate.state("crm", "HubSpot")
    assert (state.state, state.reason, state.problem) == (
        "needs_credentials",
        "refused",
        "answered 401",
    )


def test_reopens_when_the_rights_were_changed(gate):
    """An admin who granted the scope need not restart anything."""
    gate.failed(UpstreamRefused("answered 403"))
    gate.reopen()
    gate.enter()

    assert gate.state("crm", "HubSpot").state == "ok"


def test_a_limit_is_kept_to_the_second(gate, ticking):
    """No call before the time that the vendor named, and then calls again."""
    gate.failed(UpstreamLimited("later", START + timedelta(seconds=30)))
    with pytest.raises(UpstreamLimited) as caught:
        gate.enter()
    state = gate.state("crm", "HubSpot")
    ticking.tick(30)
    gate.enter()

    until = START + timedelta(seconds=30)
    assert (caught.value.until, state.state, state.until) == (until, "limited", until)


@pytest.mark.parametrize("kind", [UpstreamTimeout, UpstreamUnavailable, UpstreamBroken])
def test_failures_open_the_breaker(gate, kind):
    """Then it is not asked for a while, and the state says until when."""
    for _ in range(5):
        gate.failed(kind("no"))
    with pytest.raises(UpstreamUnavailable):
        gate.enter()

    state = gate.state("crm", "HubSpot")
    assert (state.state, state.until) == ("resting", START + timedelta(seconds=10))


@pytest.mark.parametrize(
    "error", [UpstreamLimited("later"), UpstreamUnset("no base URL")], ids=["limited", "unset"]
)
def test_other_failures_do_not(gate, error):
    """Neither a limit nor a missing setting says that the upstream is ill."""
    for _ in range(20):
        gate.failed(error)
    gate.enter()

    assert gate.breaker.resumes_in() is None


def test_an_answer_ends_the_trouble(gate):
    """The problem that is shown is the one of now."""
    gate.failed(UpstreamTimeout("no answer"))
    gate.answered()
    state = gate.state("crm", "HubSpot")

    assert (state.problem, state.answered_at, state.failed_at) == (None, START, START)


def test_our_own_rate_is_a_limit_too(ticking):
    """A call that cannot wait its turn is not sent."""
    gate = Gate(ticking.clock, rate=CallRate(1, 1, ticking.monotonic))
    gate.heard(0)

    with pytest.raises(UpstreamLimited):
        gate.take(0.5)
