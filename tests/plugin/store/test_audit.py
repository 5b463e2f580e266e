"""The audit's chain: whatever is changed, moved, taken out or cut off is found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, update

from plugin.store import audit
from plugin.store.tables import AUDIT, AUDIT_HEADS
from tests.plugin.store.conftest import NOW, OTHER, WORKSPACE


def _events(transaction: Connection, count: int = 3) -> None:
    for number in range(count):
        event = audit.AuditEvent(NOW, "kim", "pinned", f"t{number}", "agent", {"n": number})
        audit.append(transaction, WORKSPACE, event)


def test_an_untouched_chain_verifies(transaction):
    """Each workspace has a chain of its own."""
    _events(transaction)
    audit.append(transaction, OTHER, audit.AuditEvent(NOW, "lee", "unpinned"))

    assert audit.verify(transaction, WORKSPACE) == (3, [])
    assert audit.verify(transaction, OTHER) == (1, [])


@pytest.mark.parametrize(
    "change", [{"actor": "lee"}, {"detail": {"n": 9}}, {"target": "x"}, {"hash": "0" * 64}]
)
def test_a_changed_entry_is_found(transaction, change):
    """Whatever was changed."""
    _events(transaction)
    transaction.execute(update(AUDIT).where(AUDIT.c.seq == 2).values(**change))

    assert 2 in {found.seq for found in audit.verify(transaction, WORKSPACE)[1]}


@pytest.mark.parametrize("gone", [[1], [2], [3], [2, 3], [1, 2, 3]])
def test_a_missing_entry_is_found(transaction, gone):
    """Nothing may be taken out of the beginning, the middle or the end."""
    _events(transaction)
    transaction.execute(AUDIT.delete().where(AUDIT.c.seq.in_(gone)))

    assert audit.verify(transaction, WORKSPACE)[1] != []


def test_entries_that_changed_places_are_found(transaction):
    """Their order is part of what they say."""
    _events(transaction)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        transaction.execute(update(AUDIT).where(AUDIT.c.seq == old).values(seq=new))

    assert {found.seq for found in audit.verify(transaction, WORKSPACE)[1]} == {2, 3}


def test_an_entry_of_another_workspace_does_not_pass_for_ones_own(transaction):
    """The workspace is part of each hash."""
    _events(transaction)
    transaction.execute(update(AUDIT).values(workspace=OTHER))
    transaction.execute(update(AUDIT_HEADS).values(workspace=OTHER))

    assert {found.seq for found in audit.verify(transaction, OTHER)[1]} == {1, 2, 3}


def test_a_chain_that_was_written_anew_is_found_by_an_earlier_head(transaction):
    """The hashes hold by themselves; what was noted elsewhere does not."""
    _events(transaction)
    known = audit.head_of(transaction, WORKSPACE)
    assert known is not None
    assert audit.verify(transaction, WORKSPACE, known) == (3, [])
    transaction.execute(AUDIT.delete())
    transaction.execute(AUDIT_HEADS.delete())
    audit.append(transaction, WORKSPACE, audit.AuditEvent(NOW, "lee", "pinned"))
    _events(transaction, 3)

    assert audit.verify(transaction, WORKSPACE) == (4, [])
    assert [found.seq for found in audit.verify(transaction, WORKSPACE, known)[1]] == [3]


def test_a_lost_note_of_the_end_is_a_finding_and_stops_nobody(transaction):
    """Acts go on, after the last entry that is there."""
    _events(transaction)
    transaction.execute(AUDIT_HEADS.delete())
    assert [found.seq for found in audit.verify(transaction, WORKSPACE)[1]] == [3]
    audit.append(transaction, WORKSPACE, audit.AuditEvent(NOW, "kim", "pinned"))

    assert audit.verify(transaction, WORKSPACE) == (4, [])


def test_a_swept_chain_still_verifies(transaction):
    """The sweep itself is an entry that says where the chain begins now."""
    _events(transaction)
    audit.append(transaction, WORKSPACE, audit.AuditEvent(NOW + timedelta(days=2), "kim", "pinned"))
    gone, mark = audit.sweep(transaction, WORKSPACE, NOW + timedelta(days=1))
    audit.append(
        transaction, WORKSPACE, audit.AuditEvent(NOW, "sidelight", audit.SWEPT, detail=mark)
    )

    assert gone == 3
    assert audit.verify(transaction, WORKSPACE) == (2, [])


def test_a_sweep_keeps_the_newest_entry_whatever_its_age(transaction):
    """The next one follows it, and an earlier head that was swept away is no break."""
    _events(transaction)
    known = audit.Head(1, "0" * 64)
    gone, mark = audit.sweep(transaction, WORKSPACE, NOW + timedelta(days=1))
    audit.append(
        transaction, WORKSPACE, audit.AuditEvent(NOW, "sidelight", audit.SWEPT, detail=mark)
    )

    assert gone == 2
    assert audit.verify(transaction, WORKSPACE, known) == (2, [])
    assert audit.sweep(transaction, WORKSPACE, NOW) == (0, {})
