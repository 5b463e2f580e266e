"""What the source cache promises: fresh, stale, absent, once at a time."""

from __future__ import annotations

import pytest

from plugin.fetching.entries import FetchOutcome
from tests.plugin.fetching.conftest import START

NOW = START.timestamp()


def test_asks_the_upstream_once_while_its_answer_is_fresh(ledger):
    """A second opening within the budget costs the upstream nothing."""
    first = ledger.read()
    ledger.ticking.tick(59)

    assert (ledger.read(), ledger.calls) == (first, 1)


def test_serves_a_stale_answer_at_once_and_refreshes_behind(ledger):
    """Past the budget nobody waits: the old answer now, the new one at the next opening."""
    ledger.read()
    ledger.ticking.tick(61)
    ledger.say(b"newer")

    assert [ledger.read().body, ledger.read().body, ledger.calls] == [b"facts", b"newer", 2]


def test_forgets_an_answer_past_its_window(ledger):
    """What is older than its window is never shown, whatever the upstream does."""
    ledger.read()
    ledger.ticking.tick(3601)
    ledger.fail()

    assert ledger.read().body is None


def test_a_failed_refresh_keeps_the_usable_answer_and_says_why(ledger):
    """An upstream that fails does not take away what it said before."""
    ledger.read()
    ledger.ticking.tick(61)
    ledger.fail("timed_out")
    ledger.read()
    kept = ledger.read()

    assert (kept.body, kept.failure.reason) == (b"facts", "timed_out")


def test_a_failure_is_not_asked_about_again_for_some_seconds(ledger):
    """All who ask during an outage share one call each few seconds."""
    ledger.fail()
    for _ in range(5):
        ledger.read()
    ledger.ticking.tick(3.6)
    ledger.read()

    assert ledger.calls == 2


def test_recovers_after_a_failure(ledger):
    """The first good answer ends the failure."""
    ledger.fail()
    ledger.read()
    ledger.ticking.tick(4)
    ledger.say(b"facts")

    assert (ledger.read().body, ledger.ask().entry.failure) == (b"facts", None)


@pytest.mark.parametrize(("seconds", "calls"), [(29, 1), (61, 2)])
def test_no_such_account_lives_half_a_minute_to_a_minute(ledger, seconds, calls):
    """Somebody may be creating the account just now."""
    ledger.fail("not_found")
    ledger.read()
    ledger.ticking.tick(seconds)
    ledger.read()

    assert ledger.calls == calls


def test_no_such_account_replaces_a_stale_copy(ledger):
    """An account that was deleted upstream is not shown for another day."""
    ledger.read()
    ledger.ticking.tick(61)
    ledger.fail("not_found")
    ledger.read()

    assert ledger.read().body is None


def test_a_rate_limit_is_kept_until_it_ends(ledger):
    """After a 429 nobody asks before the time that the vendor named."""
    ledger.fail("rate_limited", NOW + 90)
    ledger.read()
    ledger.ticking.tick(89)
    before = ledger.ask().coming
    ledger.ticking.tick(2)
    ledger.read()

    assert (before, ledger.calls) == (None, 2)


def test_one_upstream_call_for_all_who_miss_at_once(ledger):
    """Whoever comes while the first answer is on its way waits for that one."""
    held = [ledger.ask() for _ in range(50)]
    ledger.run()

    assert ({each.coming.result(0).body for each in held}, ledger.calls) == ({b"facts"}, 1)


def test_all_who_wait_share_the_failure(ledger):
    """A failing upstream is asked once for all, not once for each in turn."""
    ledger.fail("timed_out")
    held = [ledger.ask() for _ in range(50)]
    ledger.run()

    reasons = {each.coming.result(0).failure.reason for each in held}
    assert (reasons, ledger.calls) == ({"timed_out"}, 1)


def test_a_fill_that_blows_up_leaves_nobody_waiting(ledger):
    """Even a fault of our own ends the wait, and the next one asks afresh."""

    def explode() -> FetchOutcome:
        raise MemoryError

    ledger.answer = explode
    held = ledger.ask()
    with pytest.raises(MemoryError):
        ledger.run()
    ledger.ticking.tick(4)
    ledger.say(b"facts")

    assert (held.coming.result(0).failure.reason, ledger.read().body) == ("broken", b"facts")


def test_no_room_behind_the_bulkhead_is_a_failure_that_is_not_kept(ledger):
    """A question that was never asked says nothing about the upstream."""
    ledger.full = True
    shed = ledger.ask().coming.result(0)
    ledger.full = False

    assert (shed.failure.local, ledger.read().body) == (True, b"facts")


def test_an_invalidation_makes_the_next_one_ask(ledger):
    """After a webhook the old answer is gone, for this account alone."""
    ledger.read()
    ledger.read("globex")
    ledger.cache.invalidate("north", "billing", "acme")
    ledger.say(b"newer")

    assert (ledger.read().body, ledger.read("globex").body) == (b"newer", b"facts")


def test_a_fill_from_before_an_invalidation_is_not_kept(ledger):
    """The slow answer with the old plan must not overwrite that the plan changed."""
    early = ledger.ask()
    ledger.cache.invalidate("north", "billing", "acme")
    ledger.run()
    ledger.say(b"newer")

    assert (early.coming.result(0).body, ledger.read().body) == (b"facts", b"newer")


def test_who_comes_after_an_invalidation_does_not_join_the_old_fill(ledger):
    """A reader who comes later gets an answer that was asked for later."""
    ledger.ask()
    ledger.cache.invalidate("north", "billing", "acme")
    late = ledger.ask()
    ledger.run()

    assert (late.coming.result(0).body, ledger.calls) == (b"facts", 2)


def test_an_old_fill_that_ends_last_does_not_win(ledger):
    """Fills may end in any order; the one that began last holds."""
    ledger.ask()
    (slow,) = ledger.jobs
    ledger.jobs.clear()
    ledger.cache.invalidate("north", "billing", "acme")
    ledger.say(b"newer")
    ledger.read()
    ledger.say(b"outdated")
    slow()

    assert ledger.ask().entry.body == b"newer"


def test_tags_from_the_answer_invalidate_it(ledger):
    """An answer to "whose address is this" is outdated when that account changes."""
    ledger.answer = lambda: FetchOutcome(b"facts", ("account-7",))
    ledger.read()
    ledger.cache.invalidate("north", "billing", "account-7")

    assert ledger.ask().entry is None


@pytest.mark.parametrize("workspace", ["north", "south"])
def test_purging_a_workspace_leaves_no_byte_of_it(ledger, workspace):
    """After an uninstall nothing is held, nor comes back from a fill under way."""
    for name in ("north", "south"):
        ledger.read("acme", name)
    under_way = ledger.question("globex", workspace)
    ledger.cache.ask([under_way])
    ledger.cache.purge(workspace)
    ledger.run()

    other = {"north": "south", "south": "north"}[workspace]
    assert (ledger.ask("acme", workspace).entry, ledger.ask("globex", workspace).entry) == (
        None,
        None,
    )
    assert ledger.ask("acme", other).entry.body == b"facts"
