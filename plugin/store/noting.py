"""Note behind an answer what it showed: states, restricted figures, entries of the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from plugin.account.context import AccountContext
from plugin.frame import Viewer
from plugin.rules.signal import Signals
from plugin.rules.states import SHOWN
from plugin.store.audit import AuditEvent
from plugin.store.memory import Memory, Recall
from plugin.store.outcomes import Outcome
from plugin.store.tables import LONGEST_KEY
from plugin.store.transitions import Judging

_RESULTS = {"plan_up": "expanded", "seats_up": "expanded", "cancel_withdrawn": "saved"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer: the account, who saw it, and which restricted fields were among what they saw.

    `install_id` is where the viewer is known; "" for who comes by no helpdesk.
    """

    account_id: str
    viewer: Viewer
    context: AccountContext
    signals: Signals
    recall: Recall
    restricted: tuple[str, ...] = ()
    install_id: str = ""


def viewer_name(viewer: Viewer, install_id: str = "") -> str | None:
    """Return how a viewer is named in memory: the install, then their e-mail or the helpdesk's id.

    Two helpdesks give one id to two people, so none is known without its install; whoever comes
    by no helpdesk (an API key, the command line) has no install. A name that is too long for a
    key stands there by its digest.
    """
    said = viewer.email or viewer.id
    if said is None:
        return None
    name = f"{install_id}/{said}" if install_id else said
    if len(name) <= LONGEST_KEY:
        return name
    return f"{name[:100]}…{hashlib.sha256(name.encode()).hexdigest()}"


def _who(shown: Shown) -> str:
    named = viewer_name(shown.viewer, shown.install_id)
    return named or (f"somebody at {shown.install_id}" if shown.install_id else "somebody")


def _entry_id(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:32]


def _lit_anew(shown: Shown, told_by: str, now: datetime) -> Iterator[Outcome]:
    """Yield an entry for each signal that a person sees for the first time since it lit."""
    for signal in shown.signals.visible():
        row, before = shown.signals.rows.get(signal.rule), shown.recall.states.get(signal.rule)
        if row is None or (before is not None and before.state in SHOWN):
            continue
        entry = _entry_id(shown.account_id, signal.rule, row.since)
        yield Outcome(entry, shown.account_id, "shown", now, told_by, "widget", signal.rule)


def _by_contract(shown: Shown, now: datetime) -> Iterator[Outcome]:
    """Yield what the contract's own changes say of the account's fate."""
    account_id = shown.account_id
    for change in shown.context.contract.changes or ():
        result = _RESULTS.get(change.kind or "")
        if result is not None and change.at is not None:
            entry = _entry_id(account_id, change.kind, change.at.isoformat())
            yield Outcome(
                entry, account_id, "outcome", change.at, "contract", "contract", outcome=result
            )
    if shown.context.account.stage == "churned":
        ends = shown.context.contract.ends_at
        entry = _entry_id(account_id, "churned", ends)
        yield Outcome(entry, account_id, "outcome", now, "contract", "contract", outcome="churned")


def note(memory: Memory, shown: Shown, now: datetime) -> None:
    """Queue what is to be remembered of an answer; it never waits and never fails."""
    account_id, who = shown.account_id, _who(shown)
    judging = Judging(shown.signals.ruleset, shown.context.contract.arr)
    memory.keep_states(account_id, shown.recall, shown.signals.rows, now, judging)
    memory.keep_outcomes(account_id, list(_lit_anew(shown, who, now)))
    if memory.is_first(("contract", account_id)):
        memory.keep_outcomes(account_id, list(_by_contract(shown, now)))
    role = shown.viewer.role
    if shown.restricted and memory.is_first(("seen", account_id, who, role)):
        fields = {"fields": list(shown.restricted)}
        memory.keep_event(account_id, AuditEvent(now, who, "viewed_restricted", "", role, fields))
