"""Which shared entries are outdated by what was told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.fetching.shared.changes import Changes, SharedChange


def change(at: int, tag: str = "acme") -> SharedChange:
    """Return a change of the billing connection of north."""
    return SharedChange("north", "billing", tag, (at, 0))


@pytest.mark.parametrize(("seen", "holds"), [((4, 0), False), ((5, 0), True), ((6, 0), True)])
def test_a_fill_must_know_of_the_change(seen, holds):
    """What began before it is outdated, what began after it is not."""
    changes = Changes()
    changes.hear(change(5))

    assert changes.hold("north", "billing", ["acme"], seen) is holds


def test_other_tags_and_tenants_are_untouched():
    """A change is about one account of one connection of one workspace."""
    changes = Changes()
    changes.hear(change(5))

    assert changes.hold("north", "billing", ["globex"], (1, 0))
    assert changes.hold("north", "crm", ["acme"], (1, 0))
    assert changes.hold("south", "billing", ["acme"], (1, 0))


def test_everything_means_every_entry_of_the_connection():
    """Credentials were changed: whatever it is about, it is outdated."""
    changes = Changes()
    changes.hear(change(5, "*"))

    assert not changes.hold("north", "billing", ["acme"], (4, 0))


def test_a_change_is_heard_once():
    """Two threads that read the same part of the stream act on it once."""
    changes = Changes()

    assert [changes.hear(change(at)) for at in (5, 5, 4, 6)] == [True, False, False, True]


def test_missed_changes_outdate_what_is_older():
    """Nobody knows what they were about."""
    changes = Changes()
    changes.miss_before((7, 0))

    assert not changes.hold("north", "billing", ["acme"], (6, 9))
    assert changes.hold("north", "billing", ["acme"], (7, 0))


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=30))
def test_forgotten_changes_still_count(tags):
    """With room for two, no entry from before a change is ever believed."""
    changes = Changes(most=2)
    for number, tag in enumerate(tags, 1):
        changes.hear(change(number, tag))

    for number, tag in enumerate(tags, 1):
        assert not changes.hold("north", "billing", [tag], (number - 1, 9))
