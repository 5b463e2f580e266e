"""Each connection by itself: its calls, its credentials, its budgets."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from plugin.errors import Problem, UpstreamBroken, UpstreamRefused, UpstreamUnset
from plugin.fetching import budgets
from plugin.fetching.asking import Tenant
from plugin.fetching.lookups import Sources
from plugin.fetching.resources import ResourceOptions, Resources
from plugin.settings.records import Connection
from plugin.upstream import AccountRef, Facts, Link
from tests.plugin.fetching.conftest import ACME, LATER, first_of, raises, says, source


def test_one_call_for_a_thousand_openings(sources):
    """All who open the account at once share one answer, whatever thread they are in."""
    calls, together = [], threading.Barrier(32, timeout=10)

    def fetch(_ref, link):
        calls.append(1)
        threading.Event().wait(0.1)
        return Facts({"contract.plan": "gold"}, link.now)

    busy = sources(source(fetch))

    def open_often(number: int) -> set[str | None]:
        together.wait()
        return {busy.gather(ACME, LATER)["billing"].reason for _ in range(32 - number % 2)}

    with ThreadPoolExecutor(32) as pool:
        reasons = set().union(*pool.map(open_often, range(32)))

    assert (len(calls), reasons) == (1, {None})


def test_one_call_for_all_while_the_upstream_fails(sources):
    """A failing upstream is not asked by each caller in turn."""
    calls = []

    def fetch(_ref, _link):
        calls.append(1)
        raise UpstreamBroken("no")

    busy = sources(source(fetch))
    with ThreadPoolExecutor(32) as pool:
        found = list(pool.map(lambda _: busy.gather(ACME, LATER)["billing"].reason, range(500)))

    assert (len(calls), set(found)) == (1, {"broken"})


def test_one_call_for_all_while_the_upstream_hangs(sources, hang):
    """Each caller leaves at its own deadline, and the call goes on for all of them."""
    fetch, over = hang
    calls = []

    def count(ref, link):
        calls.append(1)
        return fetch(ref, link)

    busy = sources(source(count))
    with ThreadPoolExecutor(32) as pool:
        found = list(pool.map(lambda _: busy.gather(ACME, 0.05)["billing"], range(200)))
    over.set()

    assert {(each.reason, each.loading) for each in found} == {("timed_out", True)}
    assert (len(calls), busy.gather(ACME, LATER)["billing"].reason) == (1, None)


def test_too_many_who_wait_get_an_answer_at_once(ticking, hang):
    """Threads stay free for warm requests: beyond the cap nobody waits for a first answer."""
    fetch, over = hang
    waits = threading.Event()

    def monotonic() -> float:
        if threading.current_thread().name.startswith("first"):
            waits.set()  # it has its place, and looks how long it may wait
        return 0.0

    ticking.monotonic = monotonic
    resources = Resources(ResourceOptions(waiting=1), ticking.clock)
    upstream, connection = source(fetch)
    crowded = Sources(Tenant("north"), {"billing": (upstream, connection)}, resources)
    with ThreadPoolExecutor(1, thread_name_prefix="first") as pool:
        first = pool.submit(crowded.gather, ACME, 5.0)
        assert waits.wait(5)
        second = crowded.gather(ACME, LATER)["billing"]
        over.set()
        waited = first.result(5)["billing"]
    resources.close()

    assert (second.reason, second.loading) == ("timed_out", True)
    assert (waited.facts is not None, resources.tally.total("crowded")) == (True, 1)


def test_refused_credentials_are_not_sent_again(sources):
    """One 401 is enough for all accounts; the state says that new ones are needed."""
    calls = []

    def fetch(_ref, _link):
        calls.append(1)
        raise UpstreamRefused("answered 401")

    refused = sources(source(fetch))
    for number in range(5):
        refused.gather(AccountRef(str(number), "x"), LATER)

    (state,) = refused.states()
    assert (len(calls), state.state, state.title) == (1, "needs_credentials", "Billing")


def test_new_credentials_open_the_gate(sources):
    """A changed setting is a new connection to the vendor."""
    old = source(raises(UpstreamRefused("no")), connection={"options": {"key": "old"}})
    new = source(says(), connection={"options": {"key": "new"}})
    sources(old).gather(ACME, LATER)

    assert sources(new).gather(AccountRef("8", "x"), LATER)["billing"].facts is not None


def test_reopening_asks_again_at_once(sources):
    """The admin granted the right at the vendor, with the same credentials."""
    answers = [raises(UpstreamRefused("no")), says()]
    billing = sources(source(first_of(answers)))
    billing.gather(ACME, LATER)
    answers.pop(0)
    billing.reopen("billing")

    assert billing.gather(ACME, LATER)["billing"].facts is not None


def test_a_check_tells_what_is_wrong(sources):
    """Its own findings, a refusal and even its own failure are findings."""
    problems = {
        "fine": (),
        "found": (Problem("key", "missing"),),
        "refused": (Problem("refused", "answered 401"),),
        "failed": (Problem("failed", "its check failed by itself", "the log says where"),),
    }
    checks: dict[str, Callable[[Link], tuple[Problem, ...]]] = {
        "fine": lambda _link: (),
        "found": lambda _link: (Problem("key", "missing"),),
        "refused": raises(UpstreamRefused("answered 401")),
        "failed": raises(KeyError("x")),
    }
    checked = sources(*(source(says(), name, check=check) for name, check in checks.items()))

    assert {name: checked.check(name) for name in checks} == problems


@pytest.mark.parametrize(
    ("supplies", "fresh", "seconds"),
    [
        ({"tickets", "mentions"}, 60, 2.5),
        ({"contract.arr", "contract.plan", "invoices"}, 900, 2.5),
        ({"account.name", "contacts", "contract.arr"}, 3600, 2.5),
        ({"usage.weekly_active"}, 86_400, 4),
        ({"survey.nps"}, 86_400, 4),
        ({"custom.score"}, 86_400, 2.5),
        (set(), 86_400, 2.5),
    ],
    ids=["helpdesk", "billing", "crm", "analytics", "survey", "custom", "nothing"],
)
def test_budgets_follow_what_is_supplied(supplies, fresh, seconds):
    """Tickets a minute, billing a quarter of an hour, CRM an hour, usage a day."""
    upstream, connection = source(says(), supplies=frozenset(supplies))

    assert budgets.lives(upstream, connection).fresh == fresh
    assert budgets.seconds(upstream, connection) == seconds


def test_settings_outrank_the_usual_budgets():
    """What the admin sets, then what the upstream brings, then what is usual."""
    upstream, plain = source(says(), budget=120.0, deadline=1.0)
    mine = Connection("billing", "billing", ttl=30.0, deadline=0.5)

    assert (budgets.lives(upstream, plain).fresh, budgets.seconds(upstream, plain)) == (120, 1)
    assert (budgets.lives(upstream, mine).fresh, budgets.seconds(upstream, mine)) == (30, 0.5)


def test_other_settings_are_other_answers(sources):
    """A changed field mapping shows at the next opening, not when the old answer ages."""
    old = source(says("gold"), connection={"options": {"plan": "Plan__c"}})
    new = source(says("silver"), connection={"options": {"plan": "Tier__c"}})
    sources(old).gather(ACME, LATER)

    found = sources(new).gather(ACME, LATER)["billing"]
    assert found.facts.values == {"contract.plan": "silver"}


@pytest.mark.parametrize("error", [UpstreamUnset("no folder"), OSError("gone")], ids=repr)
def test_a_source_that_cannot_tell_its_state_is_asked(sources, error):
    """An unmounted folder is found out by asking, and is no crash."""
    found = sources(source(says(), mark=raises(error)))

    assert found.gather(ACME, LATER)["billing"].facts is not None


def test_a_kept_answer_is_served_only_while_its_source_is_in_the_same_state(sources):
    """A source that can tell cheaply that it changed is asked anew; an unchanged one is not."""
    state, calls = ["one"], []

    def fetch(_ref, link):
        calls.append(1)
        return Facts({}, link.now)

    found = sources(source(fetch, mark=lambda _link: state[0]))
    found.gather(ACME, LATER)
    found.gather(ACME, LATER)
    state[0] = "two"
    found.gather(ACME, LATER)

    assert len(calls) == 2


@pytest.mark.parametrize(("per", "at_once"), [(1.0, 2), (60.0, 120)])
def test_what_a_vendor_counts_by_the_minute_may_go_out_at_once(ticking, per, at_once):
    """A limit of 120 a minute stops no question of five calls; one of two a second does."""
    resources = Resources(clock=ticking.clock)
    upstream, connection = source(says())
    limited = replace(upstream, rate=2.0, per=per)
    rate = resources.gate("north", limited, connection).rate
    resources.close()

    assert rate is not None
    assert [rate.take(0) is None for _ in range(at_once + 1)] == [False] * at_once + [True]


def test_a_check_has_more_time_than_a_question(monkeypatch, sources, resources):
    """It asks many things one after the other, and nobody's ticket waits for it."""
    seconds = []
    real = resources.client

    def client(upstream, connection, gate, limit):
        seconds.append(limit)
        return real(upstream, connection, gate, limit)

    monkeypatch.setattr(resources, "client", client)
    billing = sources(source(says(), check=lambda _link: ()))
    billing.gather(ACME, LATER)
    billing.check("billing")

    assert seconds == [2.5, 30.0]
