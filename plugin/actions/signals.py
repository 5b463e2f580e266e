"""Say something of a signal, or put it off: both hold until they are over, and can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from plugin.account.words import FEEDBACK
from plugin.actions.context import Change, Done, Place, Wish, carry_out
from plugin.errors import BadRequest, NotAllowed, Unanswered
from plugin.rules.signal import Signal
from plugin.store import feedback, outcomes, snoozes
from plugin.workspace.answering import Record, know

_STAGES = {"useful": "acknowledged", "known": "acknowledged", "handled": "done"}
_SAID = {
    "useful": "Thank you: marked as useful.",
    "wrong": "Marked as wrong; hidden until it changes.",
    "known": "Marked as known; hidden until it changes.",
    "handled": "Marked as handled; hidden until it changes.",
}


def _split(wish: Wish) -> tuple[str, str]:
    """Return the rule and the word of a value such as "renewal_at_risk:known"."""
    rule, _, word = wish.value.rpartition(":")
    if not rule or not word:
        raise BadRequest(f"{wish.action} needs a value such as RULE:WORD")
    return rule, word


def _is_open(record: Record, rule: str) -> bool:
    """Tell whether a source that did not answer leaves open if the signal is lit."""
    if record.signals is None:
        return bool(record.match.gaps)
    blind = (*record.signals.unknown, *record.signals.unjudged)
    return any(signal.rule == rule for signal in blind)


def _signal(place: Place, wish: Wish, rule: str) -> tuple[str, Signal, str]:
    """Return the account, the signal that this viewer sees or has hidden, and its inputs."""
    record = know(place.request, place.desk, place.now, place.deadline)
    signals, account_id = record.signals, record.match.account_id
    lit = (*signals.visible(), *signals.hidden) if signals is not None else ()
    found = next((signal for signal in lit if signal.rule == rule), None)
    if found is None and _is_open(record, rule):
        raise Unanswered("whether this signal is lit cannot be told now")
    if found is None or signals is None or account_id is None:
        place.refuse(wish, "no such signal is lit on this account")
    row = signals.rows.get(rule)
    return account_id, found, row.input_hash if row else ""


def entry_id(feedback_id: str) -> str:
    """Return the ledger's id of what was said."""
    return f"feedback:{feedback_id}"


def _entry(place: Place, wish: Wish, account_id: str, rule: str, word: str) -> outcomes.Outcome:
    """Return what a word means in the ledger: seen and taken up, or done."""
    return outcomes.Outcome(
        entry_id(wish.key),
        account_id,
        _STAGES[word],
        place.now,
        place.actor,
        "widget",
        rule,
        note=wish.note or None,
    )


def give_feedback(wish: Wish, place: Place) -> Done:
    """Keep what a person says of a signal; wrong, known and handled hide it for a while."""
    rule, word = _split(wish)
    if word not in FEEDBACK:
        raise BadRequest(f"feedback is one of {', '.join(FEEDBACK)}")
    account_id, signal, inputs = _signal(place, wish, rule)
    said = feedback.Feedback(
        id=wish.key,
        account_id=account_id,
        rule=rule,
        word=word,
        given_by=place.actor,
        role=place.request.viewer.role,
        at=place.now,
        note=wish.note,
        severity=signal.severity,
        version=signal.version,
        input_hash=inputs,
    )
    workspace = place.memory.workspace

    def make(connection: Connection) -> None:
        feedback.add(connection, workspace, said)
        if word in _STAGES:
            entry = _entry(place, wish, account_id, rule, word)
            outcomes.add(connection, workspace, entry)

    event = place.event("feedback", rule, word=word)
    return carry_out(place, wish, Change(_SAID[word], account_id, {"rule": rule}, event, make))


def _days(place: Place, rule: str, word: str) -> int:
    """Return for how many days; raise when the rule does not let this role put it off so long."""
    if not (word.isascii() and word.isdecimal()) or int(word) not in snoozes.DAYS:
        raise BadRequest("a snooze is for 1, 7 or 30 days")
    found = place.desk.rules.rule(rule)
    if found is None:
        return int(word)
    notes, role = found.notes, place.request.viewer.role
    if notes.snooze_roles and role not in notes.snooze_roles:
        raise NotAllowed(f"the rule {rule} may not be snoozed by this role")
    if notes.snooze_max is not None and timedelta(days=int(word)) > notes.snooze_max:
        raise BadRequest(f"the rule {rule} may be snoozed for {notes.snooze_max.days} days at most")
    return int(word)


def as_json(snooze: snoozes.Snooze | None) -> dict[str, Any] | None:
    """Return a snooze as an act keeps it."""
    if snooze is None:
        return None
    return {
        "until": snooze.until.isoformat(),
        "snoozed_by": snooze.snoozed_by,
        "at": snooze.at.isoformat(),
        "reason": snooze.reason,
        "severity": snooze.severity,
        "version": snooze.version,
    }


def from_json(account_id: str, rule: str, kept: Mapping[str, Any]) -> snoozes.Snooze:
    """Return the snooze that an act has kept."""
    times = {name: datetime.fromisoformat(kept[name]) for name in ("until", "at")}
    return snoozes.Snooze(account_id, rule, **{**kept, **times})


def snooze(wish: Wish, place: Place) -> Done:
    """Put a signal off for some days, for everybody who looks at the account."""
    rule, word = _split(wish)
    days = _days(place, rule, word)
    account_id, signal, _ = _signal(place, wish, rule)
    until = place.now + timedelta(days=days)
    put = snoozes.Snooze(
        account_id,
        rule,
        until,
        place.actor,
        place.now,
        wish.note,
        signal.severity,
        signal.version,
    )
    workspace = place.memory.workspace

    def make(connection: Connection) -> dict[str, Any] | None:
        before = snoozes.of_account(connection, workspace, account_id).get(rule)
        snoozes.put(connection, workspace, put)
        return as_json(before)

    for_days = "1 day" if days == 1 else f"{days} days"
    event = place.event("snoozed", rule, days=days)
    change = Change(f"Snoozed for {for_days}.", account_id, {"rule": rule}, event, make)
    return carry_out(place, wish, change)
