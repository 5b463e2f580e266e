"""A rule's lamp over time: what was stored, what is found now, what is stored next.

Unknown never lights and never clears: a lit lamp stays for a grace period, then it is unknown.
Without a store nothing of this is used.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from plugin.account.words import SEVERITY
from plugin.rules.rules import Timing

GRACE = timedelta(hours=24)  # how long a lit lamp outlives a source that does not answer
UNOBSERVED = timedelta(days=7)  # after so long a silence `dwell` starts anew
SHOWN = frozenset({"lit", "recovering"})
Changes = dict[str, Any]  # of a row: what is set anew, by column


@dataclass(frozen=True, slots=True)
class StoredState:
    """One row per workspace, account and rule; `since` is when the lamp's state began.

    `recovering` keeps the `since` of the lamp that is going out. `last_eval_at` is the last time
    that the rule could be judged. `snoozed_until` and `dismissed` (a feedback word) are laid over
    the state; `marked_…` say what held when they were set.
    """

    rule: str
    state: str = "normal"
    since: datetime | None = None
    true_since: datetime | None = None
    last_true_at: datetime | None = None
    last_eval_at: datetime | None = None
    version: str = ""
    input_hash: str = ""
    severity: str = "info"
    snoozed_until: datetime | None = None
    dismissed: str | None = None
    marked_severity: str | None = None
    marked_version: str | None = None
    marked_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What judging brought now: True, False or None (unknown), for `when` and `clear_when`.

    `clears` is None too where there is no such condition: then `when` alone decides.
    """

    rule: str
    value: bool | None
    severity: str = "info"
    version: str = ""
    input_hash: str = ""
    has_clear: bool = False
    clears: bool | None = None
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """The row to store; whether the lamp is shown, and whether only for its grace period."""

    row: StoredState
    shown: bool
    in_grace: bool = False


def _rank(severity: str | None) -> int:
    return SEVERITY.index(severity) if severity in SEVERITY else -1


def _cooling(row: StoredState, found: Verdict, timing: Timing, now: datetime) -> bool:
    """Return whether the lamp must stay dark: it went out lately, and no worse than before."""
    if timing.cooldown is None or row.since is None or row.last_true_at is None:
        return False
    return now - row.since < timing.cooldown and _rank(found.severity) <= _rank(row.severity)


def _entered(row: StoredState, state: str, now: datetime) -> Changes:
    """Return what changes in the row of a lamp that enters a state, which it may be in already."""
    if row.state == state:
        return {}
    if row.state in SHOWN and state in SHOWN:
        return {"state": state}
    if row.state in SHOWN and state == "normal":  # what was dismissed may light anew
        return {"state": state, "since": now, "dismissed": None, "true_since": None}
    return {"state": state, "since": now}


def _when_true(row: StoredState, found: Verdict, timing: Timing, now: datetime) -> Changes:
    observed = row.last_true_at is not None and now - row.last_true_at <= UNOBSERVED
    began = row.true_since if observed and row.true_since is not None else now
    seen: Changes = {"true_since": began, "last_true_at": now, "last_eval_at": now}
    if row.state == "normal" and _cooling(row, found, timing, now):
        return {**seen, "last_true_at": row.last_true_at}
    waits = timing.dwell is not None and now - began < timing.dwell
    if waits and row.state not in SHOWN:
        return {**seen, **_entered(row, "pending", now)}
    return {**seen, "severity": found.severity, **_entered(row, "lit", now)}


def _held(row: StoredState, timing: Timing, now: datetime) -> bool:
    if timing.hold_for is None or row.last_true_at is None:
        return False
    return now < row.last_true_at + timing.hold_for


def _when_false(row: StoredState, found: Verdict, timing: Timing, now: datetime) -> Changes:
    if row.state not in SHOWN:
        last = None if row.state == "pending" else row.last_true_at  # it never lit: no cooldown
        dark: Changes = {"last_eval_at": now, "true_since": None, "last_true_at": last}
        return {**dark, **_entered(row, "normal", now)}
    if row.state == "lit" and found.has_clear and found.clears is not True:
        return {"last_eval_at": now}
    held = "recovering" if _held(row, timing, now) else "normal"
    return {"last_eval_at": now, **_entered(row, held, now)}


def _when_unknown(row: StoredState, found: Verdict, now: datetime) -> Changes:
    checked = row.last_eval_at or row.last_true_at or row.since
    if row.state in SHOWN and checked is not None and now - checked < GRACE:
        return {}
    return _entered(row, "abstained" if found.is_stale else "no_data", now)


def _is_unclear(row: StoredState, found: Verdict) -> bool:
    """Return whether nothing can be said now, neither that it holds nor that it is over."""
    if found.value is None:
        return True
    waits = found.value is False and row.state == "lit" and found.has_clear
    return waits and found.clears is None


def step(row: StoredState | None, found: Verdict, timing: Timing, now: datetime) -> Step:
    """Return the next row; pure, so that tests and back-tests repeat."""
    before = row or StoredState(found.rule)
    unclear = _is_unclear(before, found)
    if unclear:
        changes = _when_unknown(before, found, now)
    elif found.value:
        changes = _when_true(before, found, timing, now)
    else:
        changes = _when_false(before, found, timing, now)
    hashed = found.input_hash or before.input_hash
    after = dataclasses.replace(before, **changes, version=found.version, input_hash=hashed)
    shown = after.state in SHOWN
    return Step(after, shown, shown and unclear)


def is_snoozed(row: StoredState | None, found: Verdict, now: datetime) -> bool:
    """Return whether a snooze holds: a worse severity or a new version of the rule ends it."""
    if row is None or row.snoozed_until is None or now >= row.snoozed_until:
        return False
    worse = row.marked_severity is not None and _rank(found.severity) > _rank(row.marked_severity)
    return not worse and row.marked_version in (None, found.version)


def dismissal(row: StoredState | None, found: Verdict) -> str | None:
    """Return the word by which the signal is dismissed, as long as its inputs are the same."""
    if row is None or row.dismissed is None:
        return None
    changed = row.marked_hash is not None and row.marked_hash != found.input_hash
    return None if changed else row.dismissed
