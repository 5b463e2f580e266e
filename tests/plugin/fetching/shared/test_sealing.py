"""Only what we signed, under the very name that we signed it for, is read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plugin.fetching.entries import CacheEntry, Failure
from plugin.fetching.shared.sealing import Sealed, keys_from, seal, unseal

KEYS = keys_from(["newest", "older"])
times = st.floats(0, 4e9)
entries = st.builds(
    CacheEntry,
    times,
    times,
    times,
    st.none() | st.binary(max_size=40),
    st.none() | st.builds(Failure, st.sampled_from(["broken", "rate_limited"]), st.none() | times),
    times,
    st.lists(st.text(max_size=5), max_size=3).map(tuple),
)
seals = st.builds(Sealed, entries, st.tuples(st.integers(0), st.integers(0)))


@given(seals, st.text(max_size=20))
def test_comes_back_as_it_was(sealed, name):
    """Times, failure, tags and body survive; the generation is each process's own."""
    assert unseal(KEYS, name, seal(KEYS, name, sealed)) == sealed


@given(seals, st.data())
def test_no_changed_byte_is_believed(sealed, data):
    """A bit flipped anywhere makes the value worthless."""
    value = bytearray(seal(KEYS, "name", sealed))
    value[data.draw(st.integers(0, len(value) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    assert unseal(KEYS, "name", bytes(value)) is None


@given(st.binary(max_size=120) | st.none() | st.integers())
def test_other_bytes_are_worth_nothing(value):
    """Short, long or no bytes at all: none of them raises."""
    assert unseal(KEYS, "name", value) is None


@given(st.text(max_size=9), st.text(max_size=9))
def test_a_value_is_worth_nothing_under_another_name(one, two):
    """What was stored for a tenant cannot be moved to the next one."""
    moved = unseal(KEYS, two, seal(KEYS, one, Sealed(CacheEntry(0.0), (0, 0))))

    assert (moved is not None) == (one == two)


def test_each_of_our_keys_verifies_and_the_newest_signs():
    """A rotation keeps the cache warm, until the old secret is taken out."""
    value = seal(KEYS[1:], "name", Sealed(CacheEntry(0.0), (0, 0)))

    assert unseal(KEYS, "name", value) is not None
    assert unseal(KEYS[:1], "name", value) is None
    assert unseal(KEYS[:1], "name", seal(KEYS, "name", Sealed(CacheEntry(0.0), (0, 0)))) is not None
