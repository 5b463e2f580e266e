"""Every upstream at once, within one deadline, and never an exception."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from plugin.errors import (
    UpstreamBroken,
    UpstreamLimited,
    UpstreamNotFound,
    UpstreamRefused,
    UpstreamTimeout,
    UpstreamUnset,
)
from plugin.upstream import Facts
from tests.plugin.fetching.conftest import ACME, LATER, START, first_of, raises, says, source


def test_gathers_what_each_connection_says(sources):
    """One lookup for each connection, with its age."""
    found = sources(source(says("gold")), source(says("silver"), "crm")).gather(ACME, LATER)

    plans = {name: each.facts.values["contract.plan"] for name, each in found.items()}
    assert plans == {"billing": "gold", "crm": "silver"}
    assert {each.fetched_at for each in found.values()} == {START}


def test_asks_all_at_once(sources):
    """Five upstreams take as long as the slowest, not as long as all."""
    barrier = threading.Barrier(5, timeout=5)

    def fetch(_ref, link):
        barrier.wait()
        return Facts({}, link.now)

    found = sources(*(source(fetch, f"source{n}") for n in range(5))).gather(ACME, LATER)

    assert [each.reason for each in found.values()] == [None] * 5


def test_asking_does_not_wait(sources, hang):
    """Between the question and its answer there is time for other things."""
    fetch, over = hang
    slow = sources(source(fetch))
    asked = slow.ask(ACME)
    assert all(each.entry is None for each in asked.held.values())
    over.set()

    assert slow.answers(asked, LATER)["billing"].facts.values == {"contract.plan": "late"}


def test_a_hung_upstream_does_not_delay_the_others(sources, ticking, hang):
    """At the deadline the answer leaves, with everything that is there."""
    fetch, _ = hang
    slow = sources(source(fetch, "analytics"), source(says()))
    began = time.monotonic()
    ticking.monotonic = lambda: time.monotonic() - began
    found = slow.gather(ACME, 0.2)
    elapsed = time.monotonic() - began

    assert (found["analytics"].reason, found["analytics"].loading) == ("timed_out", True)
    assert found["billing"].facts.values == {"contract.plan": "gold"}
    assert elapsed < 1.5


def test_a_late_answer_is_there_at_the_next_opening(sources, hang):
    """What came too late was still worth the call."""
    fetch, over = hang
    slow = sources(source(fetch))
    assert slow.gather(ACME, 0)["billing"].facts is None
    over.set()

    found = slow.gather(ACME, LATER)["billing"]
    assert (found.facts.values, found.loading) == ({"contract.plan": "late"}, False)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (UpstreamNotFound("no"), "not_found"),
        (UpstreamRefused("no"), "refused"),
        (UpstreamTimeout("no"), "timed_out"),
        (UpstreamBroken("no"), "broken"),
        (UpstreamUnset("no"), "not_configured"),
        (UpstreamLimited("no", START + timedelta(seconds=90)), "rate_limited"),
        (KeyError("ann@acme.example"), "broken"),
        (RecursionError(), "broken"),
    ],
    ids=repr,
)
def test_failures_are_results(sources, error, reason):
    """No exception of an upstream, nor a mistake in its adapter, reaches the page."""
    failing = sources(source(raises(error)), source(says(), "crm")).gather(ACME, LATER)

    assert (failing["billing"].facts, failing["billing"].reason) == (None, reason)
    assert failing["crm"].facts is not None


def test_says_until_when_a_limit_lasts(sources):
    """The footer can name the time."""
    until = START + timedelta(seconds=90)

    assert (
        sources(source(raises(UpstreamLimited("no", until)))).gather(ACME, LATER)["billing"].until
        == until
    )


def test_an_adapters_mistake_is_logged_without_the_customers_words(sources, caplog):
    """The log says where it happened, and repeats nothing of the ticket."""
    sources(source(raises(KeyError("ann@acme.example")))).gather(ACME, LATER)

    assert "KeyError at" in caplog.text
    assert "ann@" not in caplog.text


def test_facts_that_cannot_be_kept_are_broken(sources):
    """An adapter that returns an object of its own is found at once."""
    found = sources(source(lambda _ref, link: Facts({"x": object()}, link.now)))

    assert found.gather(ACME, LATER)["billing"].reason == "broken"


def test_shows_the_old_copy_while_the_upstream_fails(sources, ticking):
    """Stale and said to be stale, with the reason."""
    answers = [says(), raises(UpstreamTimeout("no"))]
    billing = sources(source(first_of(answers)))
    billing.gather(ACME, LATER)
    ticking.tick(17 * 60)  # past a quarter of an hour and its jitter
    answers.pop(0)
    found = billing.gather(ACME, LATER)["billing"]
    for _ in range(100):
        if found.reason is not None:
            break
        threading.Event().wait(0.02)
        found = billing.gather(ACME, LATER)["billing"]

    assert (found.facts.values, found.freshness) == ({"contract.plan": "gold"}, "stale")
    assert (found.reason, found.fetched_at) == ("timed_out", START)
