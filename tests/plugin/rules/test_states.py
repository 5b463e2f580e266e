"""A lamp over time: dwell, clearing, holding, cooling, and what unknown may not do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.account.words import FEEDBACK, SEVERITY, SIGNAL_STATE
from plugin.rules.rules import Timing
from plugin.rules.states import StoredState, Verdict, dismissal, is_snoozed, step

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK = Timing(dwell=7 * DAY)
HOLD = Timing(hold_for=7 * DAY)
COOL = Timing(cooldown=3 * DAY)
PLAIN = Timing()


def row(state: str, days: float = 1, **changes) -> StoredState:
    """Return a row that has been in `state` for some days and was observed an hour ago."""
    then = NOW - days * DAY
    seen = {"true_since": then, "last_true_at": NOW - HOUR, "last_eval_at": NOW - HOUR}
    return StoredState("r", state, since=then, **{**seen, **changes})


def found(value: str, **changes) -> Verdict:
    """Return what judging brought."""
    known = {"true": True, "false": False}
    return Verdict("r", known.get(value), **{"severity": "high", **changes})


CASES = [
    ("true lights at once", None, found("true"), PLAIN, "lit", True),
    ("false stays dark", None, found("false"), PLAIN, "normal", False),
    ("unknown never lights", None, found("unknown"), PLAIN, "no_data", False),
    ("too old a value abstains", None, found("unknown", is_stale=True), PLAIN, "abstained", False),
    ("dwell waits", None, found("true"), WEEK, "pending", False),
    ("dwell goes on", row("pending", 6.9), found("true"), WEEK, "pending", False),
    ("dwell is over", row("pending", 7), found("true"), WEEK, "lit", True),
    ("false ends the wait", row("pending", 6), found("false"), WEEK, "normal", False),
    (
        "seven days unobserved start the wait anew",
        row("pending", 20, last_true_at=NOW - 8 * DAY),
        found("true"),
        WEEK,
        "pending",
        False,
    ),
    ("unknown does not end the wait", row("no_data", 8), found("true"), WEEK, "lit", True),
    ("lit goes out", row("lit"), found("false"), PLAIN, "normal", False),
    (
        "lit waits to be clear",
        row("lit"),
        found("false", has_clear=True, clears=False),
        PLAIN,
        "lit",
        True,
    ),
    ("lit clears", row("lit"), found("false", has_clear=True, clears=True), PLAIN, "normal", False),
    (
        "true wins over clear",
        row("lit"),
        found("true", has_clear=True, clears=True),
        PLAIN,
        "lit",
        True,
    ),
    ("lit is held", row("lit"), found("false"), HOLD, "recovering", True),
    ("held lights again", row("recovering"), found("true"), HOLD, "lit", True),
    (
        "held for long enough",
        row("recovering", 9, last_true_at=NOW - 7 * DAY),
        found("false"),
        HOLD,
        "normal",
        False,
    ),
    ("unknown never clears", row("lit"), found("unknown"), PLAIN, "lit", True),
    ("nor while it is held", row("recovering"), found("unknown"), HOLD, "recovering", True),
    (
        "an unknown clearing neither",
        row("lit"),
        found("false", has_clear=True, clears=None),
        PLAIN,
        "lit",
        True,
    ),
    (
        "after a day lit is unknown",
        row("lit", last_eval_at=NOW - 24 * HOUR),
        found("unknown"),
        PLAIN,
        "no_data",
        False,
    ),
    ("unknown ends with an answer", row("no_data"), found("false"), PLAIN, "normal", False),
    (
        "cooldown keeps it dark",
        row("normal", 2, severity="high"),
        found("true"),
        COOL,
        "normal",
        False,
    ),
    ("cooldown is over", row("normal", 3, severity="high"), found("true"), COOL, "lit", True),
    (
        "worse breaks the cooldown",
        row("normal", 2, severity="low"),
        found("true"),
        COOL,
        "lit",
        True,
    ),
    (
        "what never lit need not cool",
        row("normal", 2, last_true_at=None),
        found("true"),
        COOL,
        "lit",
        True,
    ),
]


@pytest.mark.parametrize(
    ("stored", "now_found", "timing", "state", "shown"),
    [c[1:] for c in CASES],
    ids=[c[0] for c in CASES],
)
def test_step(stored, now_found: Verdict, timing: Timing, state: str, shown) -> None:
    """Each transition of the table gives its state, and says whether it is shown."""
    after = step(stored, now_found, timing, NOW)

    assert (after.row.state, after.shown) == (state, shown)


def test_a_lit_lamp_says_when_it_was_checked_last() -> None:
    """During the grace period the last check stays as it was."""
    after = step(row("lit"), found("unknown"), PLAIN, NOW)

    assert after.in_grace
    assert after.row.last_eval_at == NOW - HOUR


def test_since_is_kept_while_the_lamp_is_shown() -> None:
    """Going out and coming back within the hold is one episode."""
    held = step(row("lit", 5), found("false"), HOLD, NOW).row

    assert held.since == step(held, found("true"), HOLD, NOW).row.since == NOW - 5 * DAY


@pytest.mark.parametrize(
    ("changes", "now_found", "snoozed"),
    [
        ({"snoozed_until": NOW + DAY}, found("true"), True),
        ({"snoozed_until": NOW}, found("true"), False),
        ({"snoozed_until": NOW + DAY, "marked_severity": "high"}, found("true"), True),
        ({"snoozed_until": NOW + DAY, "marked_severity": "medium"}, found("true"), False),
        ({"snoozed_until": NOW + DAY, "marked_version": "1"}, found("true", version="2"), False),
        ({}, found("true"), False),
    ],
)
def test_a_snooze_ends_early_when_it_gets_worse(changes, now_found: Verdict, snoozed) -> None:
    """A snooze ends with its time, with a worse severity, or with a new version of the rule."""
    assert is_snoozed(row("lit", **changes), now_found, NOW) is snoozed


def test_a_dismissal_holds_while_the_inputs_are_the_same() -> None:
    """Other inputs bring the signal back."""
    dismissed = row("lit", dismissed="known", marked_hash="a")

    assert dismissal(dismissed, found("true", input_hash="a")) == "known"
    assert dismissal(dismissed, found("true", input_hash="b")) is None


def test_a_dismissal_ends_when_the_signal_clears() -> None:
    """What lights anew is shown anew."""
    cleared = step(row("lit", dismissed="known"), found("false"), PLAIN, NOW).row

    assert cleared.dismissed is None


DAYS = st.integers(0, 20).map(lambda days: NOW - days * DAY) | st.none()
ROWS = st.builds(
    StoredState,
    rule=st.just("r"),
    state=st.sampled_from(SIGNAL_STATE),
    since=DAYS,
    true_since=DAYS,
    last_true_at=DAYS,
    last_eval_at=DAYS,
    severity=st.sampled_from(SEVERITY),
    dismissed=st.sampled_from(FEEDBACK) | st.none(),
)
TIMES = st.builds(
    Timing,
    **dict.fromkeys(("dwell", "hold_for", "cooldown"), st.sampled_from([None, DAY, 7 * DAY])),
)


@settings(max_examples=100)
@given(ROWS, TIMES)
def test_unknown_never_lights_whatever_was_stored(stored: StoredState, timing: Timing) -> None:
    """Only a lamp that was shown before is shown while nothing is known."""
    after = step(stored, found("unknown"), timing, NOW)

    assert not after.shown or stored.state in {"lit", "recovering"}


@settings(max_examples=100)
@given(ROWS, TIMES, st.sampled_from(["true", "false", "unknown"]))
def test_the_same_moment_twice_changes_nothing_more(stored, timing, value) -> None:
    """A rule may be judged again at any time."""
    once = step(stored, found(value), timing, NOW)

    assert step(once.row, found(value), timing, NOW).shown == once.shown
