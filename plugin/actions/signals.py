"""Say something of a signal, or put it off: both hold until they are over, and can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from plugin.account.words import FEEDBACK
from plugin.actions.context import (
    ActionContext,
    ActionRequest,
    ActionResult,
    MemoryChange,
    carry_out,
)
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


def _split(action_request: ActionRequest) -> tuple[str, str]:
    """Return the rule and the word of a value such as "renewal_at_risk:known"."""
    rule, _, word = action_request.value.rpartition(":")
    if not rule or not word:
        raise BadRequest(f"{action_request.action} needs a value such as RULE:WORD")
    return rule, word


def _is_open(record: Record, rule: str) -> bool:
    """Tell whether a source that did not answer leaves open if the signal is lit."""
    if record.signals is None:
        return bool(record.match.gaps)
    blind = (*record.signals.unknown, *record.signals.unjudged)
    return any(signal.rule == rule for signal in blind)


def _signal(
    context: ActionContext, action_request: ActionRequest, rule: str
) -> tuple[str, Signal, str]:
    """Return the account, the signal that this viewer sees or has hidden, and its inputs."""
    record = know(context.request, context.runtime, context.now, context.deadline)
    signals, account_id = record.signals, record.match.account_id
    lit = (*signals.visible(), *signals.hidden) if signals is not None else ()
    found = next((signal for signal in lit if signal.rule == rule), None)
    if found is None and _is_open(record, rule):
        raise Unanswered("whether this signal is lit cannot be told now")
    if found is None or signals is None or account_id is None:
        context.refuse(action_request, "no such signal is lit on this account")
    row = signals.rows.get(rule)
    return account_id, found, row.input_hash if row else ""


def entry_id(feedback_id: str) -> str:
    """Return the ledger's id of what was said."""
    return f"feedback:{feedback_id}"


def _entry(
    context: ActionContext, action_request: ActionRequest, account_id: str, rule: str, word: str
) -> outcomes.Outcome:
    """Return what a word means in the ledger: seen and taken up, or done."""
    return outcomes.Outcome(
        entry_id(action_request.key),
        account_id,
        _STAGES[word],
        context.now,
        context.actor,
        "widget",
        rule,
        note=action_request.note or None,
    )


def give_feedback(action_request: ActionRequest, context: ActionContext) -> ActionResult:
    """Keep what a person says of a signal; wrong, known and handled hide it for a while."""
    rule, word = _split(action_request)
    if word not in FEEDBACK:
        raise BadRequest(f"feedback is one of {', '.join(FEEDBACK)}")
    account_id, signal, inputs = _signal(context, action_request, rule)
    said = feedback.Feedback(
        id=action_request.key,
        account_id=account_id,
        rule=rule,
        word=word,
        given_by=context.actor,
        role=context.request.viewer.role,
        at=context.now,
        note=action_request.note,
        severity=signal.severity,
        version=signal.version,
        input_hash=inputs,
    )
    workspace = context.memory.workspace

    def make(connection: Connection) -> None:
        feedback.add(connection, workspace, said)
        if word in _STAGES:
            entry = _entry(context, action_request, account_id, rule, word)
            outcomes.add(connection, workspace, entry)

    event = context.event("feedback", rule, word=word)
    return carry_out(
        context, action_request, MemoryChange(_SAID[word], account_id, {"rule": rule}, event, make)
    )


def _days(context: ActionContext, rule: str, word: str) -> int:
    """Return for how many days; raise when the rule does not let this role put it off so long."""
    if not (word.isascii() and word.isdecimal()) or int(word) not in snoozes.DAYS:
        raise BadRequest("a snooze is for 1, 7 or 30 days")
    found = context.runtime.rules.rule(rule)
    if found is None:
        return int(word)
    notes, role = found.notes, context.request.viewer.role
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


def snooze(action_request: ActionRequest, context: ActionContext) -> ActionResult:
    """Put a signal off for some days, for everybody who looks at the account."""
    rule, word = _split(action_request)
    days = _days(context, rule, word)
    account_id, signal, _ = _signal(context, action_request, rule)
    until = context.now + timedelta(days=days)
    put = snoozes.Snooze(
        account_id,
        rule,
        until,
        context.actor,
        context.now,
        action_request.note,
        signal.severity,
        signal.version,
    )
    workspace = context.memory.workspace

    def make(connection: Connection) -> dict[str, Any] | None:
        before = snoozes.of_account(connection, workspace, account_id).get(rule)
        snoozes.put(connection, workspace, put)
        return as_json(before)

    for_days = "1 day" if days == 1 else f"{days} days"
    event = context.event("snoozed", rule, days=days)
    change = MemoryChange(f"Snoozed for {for_days}.", account_id, {"rule": rule}, event, make)
    return carry_out(context, action_request, change)
