"""Every upstream at once, within one deadline, and never an exception."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from marshmallow import Schema

from plugin.context import budgets
from plugin.context.asking import Tenant
from plugin.context.lookups import Sources
from plugin.context.runtime import Runtime, RuntimeOptions
from plugin.errors import (
    Problem,
    UpstreamBroken,
    UpstreamLimited,
    UpstreamNotFound,
    UpstreamRefused,
    UpstreamTimeout,
    UpstreamUnset,
)
from plugin.settings import Connection
from plugin.upstream import AccountRef, Facts, Identity, Link, Upstream
from tests.plugin.context.conftest import START, ManualClock

ACME = AccountRef("7", "Acme", "acme.example", emails=("ann@acme.example",))
LATER = 1e9  # a deadline that nobody reaches
MAIL = Identity("contact_email", "ann@acme.example")


def source(
    fetch: Callable[[AccountRef, Link], Facts], name: str = "billing", **more: Any
) -> tuple[Upstream, Connection]:
    """Return a connection whose upstream answers so."""
    supplies = more.pop("supplies", frozenset({"contract.plan"}))
    connection = Connection(name, name, **more.pop("connection", {}))
    return Upstream(name, name.title(), "https://x", Schema, supplies, fetch, **more), connection


def says(plan: str = "gold") -> Callable[[AccountRef, Link], Facts]:
    """Return a fetch that answers with this plan."""
    return lambda _ref, link: Facts({"contract.plan": plan}, link.now)


def counting(calls: list[str]) -> Callable[[AccountRef, Link], Facts]:
    """Return a fetch that answers, and notes that it was asked."""

    def fetch(ref: AccountRef, link: Link) -> Facts:
        calls.append(ref.id)
        return Facts({"contract.plan": "gold"}, link.now)

    return fetch


def raises(error: Exception) -> Callable[..., Any]:
    """Return a fetch that fails so."""

    def fetch(*_args: object) -> Any:
        raise error

    return fetch


def first_of(answers: list[Callable[..., Facts]]) -> Callable[[AccountRef, Link], Facts]:
    """Return a fetch that answers as the first of `answers` does by then."""

    def fetch(ref: AccountRef, link: Link) -> Facts:
        return answers[0](ref, link)

    return fetch


@pytest.fixture
def runtime(ticking: ManualClock):
    """Return a runtime whose clock stands still."""
    made = Runtime(clock=ticking.clock)
    yield made
    made.close()


@pytest.fixture
def sources(runtime):
    """Return a maker of a workspace's connections."""

    def make(*connections: tuple[Upstream, Connection], workspace: str = "north") -> Sources:
        named = {connection.name: (upstream, connection) for upstream, connection in connections}
        return Sources(Tenant(workspace), named, runtime)

    return make


@pytest.fixture
def hang():
    """Return a fetch that hangs until the test is over, and the event that ends it."""
    over = threading.Event()

    def fetch(_ref, link):
        over.wait(10)
        return Facts({"contract.plan": "late"}, link.now)

    yield fetch, over
    over.set()


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
    assert elapsed < 0.4


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


def test_too_many_who_wait_get_an_answer_at_once(ticking, hang):
    """Threads stay free for warm requests: beyond the cap nobody waits for a first answer."""
    fetch, over = hang
    waits = threading.Event()

    def monotonic() -> float:
        if threading.current_thread().name.startswith("first"):
            waits.set()  # it has its place, and looks how long it may wait
        return 0.0

    ticking.monotonic = monotonic
    runtime = Runtime(RuntimeOptions(waiting=1), ticking.clock)
    upstream, connection = source(fetch)
    crowded = Sources(Tenant("north"), {"billing": (upstream, connection)}, runtime)
    with ThreadPoolExecutor(1, thread_name_prefix="first") as pool:
        first = pool.submit(crowded.gather, ACME, 5.0)
        assert waits.wait(5)
        second = crowded.gather(ACME, LATER)["billing"]
        over.set()
        waited = first.result(5)["billing"]
    runtime.close()

    assert (second.reason, second.loading) == ("timed_out", True)
    assert (waited.facts is not None, runtime.tally.total("crowded")) == (True, 1)


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


@pytest.mark.parametrize("word", ["7", "acme.example", "Ann@Acme.example", "cus_1"])
def test_a_webhook_may_name_the_account_as_it_knows_it(sources, word):
    """By our id, the vendor's own, an address or a domain."""
    calls = []

    def fetch(_ref, link):
        calls.append(1)
        return Facts({}, link.now)

    ref = AccountRef("7", "Acme", "acme.example", (), ("ann@acme.example",), {"billing": "cus_1"})
    billing = sources(source(fetch))
    billing.gather(ref, LATER)
    billing.invalidate("billing", word)
    billing.gather(ref, LATER)

    assert len(calls) == 2


def test_finds_accounts_and_keeps_the_answer(sources):
    """The same address asks the CRM once an hour."""
    calls = []

    def find(identity, _link):
        calls.append(identity.value)
        return (ACME,)

    crm = sources(source(says(), "crm", find=find))
    found = [crm.find("crm", MAIL, LATER) for _ in range(3)]

    assert ([each.accounts for each in found], calls) == ([(ACME,)] * 3, ["ann@acme.example"])


def test_nobody_found_is_an_answer_for_a_short_time(sources, ticking):
    """No reason is given, because nothing failed."""
    calls = []

    def find(_identity, _link):
        calls.append(1)
        return ()

    crm = sources(source(says(), "crm", find=find))
    found = [crm.find("crm", MAIL, LATER) for _ in range(3)]
    ticking.tick(61)
    crm.find("crm", MAIL, LATER)

    assert [(each.accounts, each.reason) for each in found] == [((), None)] * 3
    assert len(calls) == 2


def test_a_search_that_fails_says_so(sources):
    """The match may change once the CRM is back."""
    crm = sources(source(says(), "crm", find=raises(UpstreamTimeout("no"))))

    assert crm.find("crm", MAIL, LATER).reason == "timed_out"


def test_a_connection_without_search_is_not_asked(sources):
    """That is no gap."""
    found = sources(source(says())).find("billing", MAIL, LATER)

    assert (found.asked, found.reason, found.accounts) == (False, None, ())


def test_what_is_about_the_requester_is_not_shown_for_another(sources):
    """Two people of one account are two people."""
    supplies = frozenset({"tickets", "requester.title"})
    helpdesk = sources(
        source(
            lambda ref, link: Facts({"requester.title": ref.emails[0]}, link.now),
            "helpdesk",
            supplies=supplies,
        )
    )
    two = [AccountRef("7", "Acme", emails=mails) for mails in (("a@x", "b@x"), ("b@x", "a@x"))]

    titles = [helpdesk.gather(ref, LATER)["helpdesk"].facts.values for ref in two]
    assert titles == [{"requester.title": "a@x"}, {"requester.title": "b@x"}]


def test_workspaces_never_share_an_answer(sources, runtime):
    """The same connection name and account id in two workspaces are two accounts."""
    north = sources(source(says("north")), workspace="north")
    south = sources(source(says("south")), workspace="south")

    plans = [
        each.gather(ACME, LATER)["billing"].facts.values["contract.plan"]
        for each in (north, south, north, south)
    ]
    assert plans == ["north", "south", "north", "south"]
    runtime.purge("north")
    assert south.gather(ACME, LATER)["billing"].loading is False


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


def test_a_kept_answer_is_served_only_while_its_source_is_in_the_same_state(sources):
    """A source that can tell cheaply that it changed is asked anew; an unchanged one is not."""
    state, calls = ["one"], list[str]()
    found = sources(source(counting(calls), mark=lambda _link: state[0]))
    found.gather(ACME, LATER)
    found.gather(ACME, LATER)
    state[0] = "two"
    found.gather(ACME, LATER)

    assert len(calls) == 2


def test_a_source_that_cannot_tell_its_state_is_asked(sources):
    """An unmounted folder is found out by asking, and is no crash."""
    found = sources(source(says(), mark=raises(UpstreamUnset("no folder"))))

    assert found.gather(ACME, LATER)["billing"].facts is not None
