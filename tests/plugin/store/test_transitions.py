"""Transitions: each change of a signal is told once, in order, and never changed again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from plugin.account.money import Money
from plugin.rules.states import StoredState
from plugin.store import erasing, sweeping, transitions
from plugin.store.audit import AuditEvent
from plugin.store.transitions import Judging
from tests.plugin.store.conftest import NOW, OTHER, WORKSPACE

LIT = StoredState("r1", "lit", NOW, NOW, NOW, NOW, "v1", "h1", "high")
DARK = replace(LIT, state="normal")
JUDGING = Judging("abc", Money(Decimal(120_000), "usd"))
HOUR = timedelta(hours=1)


@pytest.fixture
def told(memory, writer):
    """Judge an account at a time; return what is told of the workspace so far."""

    def _told(row, hours, judging=JUDGING):
        memory.keep_states("a1", memory.recall("a1"), {"r1": row}, NOW + hours * HOUR, judging)
        assert writer.flush()
        with memory.database.read() as connection:
            return list(transitions.of_workspace(connection, WORKSPACE))

    return _told


def test_a_change_is_told_with_all_that_led_to_it(told):
    """From, to, severity, cause, rule version, hash of the rules, ARR then."""
    (first,) = told(LIT, 0)

    assert (first.account_id, first.rule, first.seq, first.at) == ("a1", "r1", 1, NOW)
    assert (first.before, first.after, first.severity) == ("normal", "lit", "high")
    assert (first.cause, first.version, first.ruleset) == ("facts", "v1", "abc")
    assert (first.arr, first.is_shadow) == ("120000 usd", False)


def test_the_last_transition_ends_in_the_stored_state(told, memory):
    """Each begins where the one before ended, numbered without a gap."""
    rows = (LIT, DARK, LIT, replace(LIT, severity="critical"))
    rounds = [told(replace(row, last_eval_at=NOW + n * HOUR), n) for n, row in enumerate(rows)]
    found = rounds[-1]

    assert [one.seq for one in found] == [1, 2, 3, 4]
    assert [one.before for one in found] == ["normal", *(one.after for one in found[:-1])]
    assert found[-1].after == memory.recall("a1").states["r1"].state
    assert [one.severity for one in found][-2:] == ["high", "critical"]


def test_what_stays_as_it_is_is_told_once(told):
    """A signal that is checked again and again is one transition."""
    rounds = [told(replace(LIT, last_eval_at=NOW + n * HOUR), n) for n in range(5)]

    assert [len(found) for found in rounds] == [1] * 5


@pytest.mark.parametrize(
    ("after", "cause"),
    [
        (replace(LIT, state="no_data"), "source"),
        (replace(LIT, state="abstained"), "source"),
        (replace(DARK, version="v2"), "rule version"),
        (DARK, "facts"),
    ],
)
def test_a_transition_says_what_caused_it(told, after, cause):
    """A source that is missed is neither a change of facts nor one of the rule."""
    told(LIT, 0)

    assert told(after, 1)[-1].cause == cause


def test_an_answer_that_comes_late_tells_nothing(told):
    """What was judged before the stored state was leads to no transition."""
    told(LIT, 2)

    assert len(told(DARK, 1)) == 1


def test_rules_in_shadow_are_told_as_such(memory, writer):
    """Nobody saw them light, and reports keep them apart."""
    shadow = replace(JUDGING, is_shadow=True)
    memory.count_states("a1", memory.recall("a1"), lambda: {"r1": LIT}, NOW, shadow)
    assert writer.flush()

    with memory.database.read() as connection:
        (found,) = transitions.of_workspace(connection, WORKSPACE)
    assert found.is_shadow


def test_a_workspace_is_told_its_own_transitions(told, rival):
    """Equal ids of account and rule in two workspaces are two accounts."""
    told(LIT, 0)

    with rival.database.read() as connection:
        assert list(transitions.of_workspace(connection, OTHER)) == []


def test_transitions_end_with_their_account_and_their_time(told, memory):
    """An erased account leaves none, and a sweep removes the old ones alone."""
    told(LIT, 0)
    assert len(told(DARK, 24)) == 2
    kept = {"transitions": 3600.0}
    event = AuditEvent(NOW, "kim", "erased")
    with memory.database.write() as connection:
        removed = sweeping.sweep(connection, WORKSPACE, kept, NOW + 24 * HOUR)
        left = list(transitions.of_workspace(connection, WORKSPACE))
        erasing.erase(connection, WORKSPACE, "account", "a1", event)
        assert list(transitions.of_workspace(connection, WORKSPACE)) == []

    assert (removed, [one.seq for one in left]) == ({"transitions": 1}, [2])
