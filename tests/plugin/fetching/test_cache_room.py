"""How much the source cache holds, for how long, and what it counts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plugin.fetching.cache import jitter
from plugin.fetching.entries import windows
from tests.plugin.fetching.conftest import Ledger


def test_is_bounded_by_bytes(ticking):
    """The least recently used go first; the cache never outgrows its room."""
    ledger = Ledger(ticking, max_bytes=10_000)
    ledger.say(b"x" * 1000)
    for number in range(50):
        ledger.read(f"account-{number}")
    entries, size = ledger.cache.size()

    assert (1 <= entries <= 5, size <= 10_000) == (True, True)


def test_an_answer_larger_than_the_cache_is_served_and_not_kept(ticking):
    """One monstrous account does not drive out all others."""
    ledger = Ledger(ticking, max_bytes=10_000)
    ledger.read("globex")
    ledger.say(b"x" * 20_000)

    assert (len(ledger.read().body or b""), ledger.tally.total("refused_store")) == (20_000, 1)
    assert ledger.ask("globex").entry is not None


def test_entries_made_together_do_not_expire_together():
    """Mass expiry would hit upstreams, and hold the lock, all at once."""
    drawn = {jitter() for _ in range(200)}

    assert (min(drawn) >= 0.9, max(drawn) <= 1.1, len(drawn) > 100) == (True, True, True)


@given(fresh=st.floats(1, 1e6))
def test_nothing_is_kept_for_more_than_a_day_past_its_budget(fresh):
    """The window bounds what a broken upstream can still show."""
    lives = windows(fresh)

    assert lives.fresh <= lives.kept <= fresh + 86_400


def test_counts_what_happened(ledger):
    """The metrics page tells hits from misses, waits and failures."""
    ledger.ask()
    ledger.ask()
    ledger.run()
    ledger.read()
    ledger.ticking.tick(61)
    ledger.read()

    words = ("miss", "coalesced", "hit", "stale_hit", "fill")
    assert [ledger.tally.total(word) for word in words] == [1, 1, 1, 1, 2]
