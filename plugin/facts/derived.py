"""Facts that follow from other facts; each takes its oldest input's age and its inputs' gaps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from plugin.account.context import Gap, HealthPart
from plugin.facts import bands, health
from plugin.facts.gaps import gap_of
from plugin.facts.offers import Offer, Sources, Values
from plugin.facts.stage import INPUTS as STAGE_INPUTS
from plugin.facts.stage import stage
from plugin.facts.ticket_history import with_history
from plugin.facts.titles import role_of, seniority_of
from plugin.settings.records import Workspace

_WEEKS_NEEDED = 12


@dataclass(frozen=True, slots=True)
class Derivation:
    """What derivations read and fill: values and sources so far, and the gaps they leave."""

    values: Values
    sources: Sources
    gaps: list[Gap]
    offers: Sequence[Offer]
    workspace: Workspace
    now: datetime
    today: date
    health_parts: list[HealthPart] = field(default_factory=list)

    def put(self, path: str, value: Any, inputs: Sequence[str]) -> None:
        """Store a derived value with the age of its oldest input."""
        known = [self.sources[name] for name in inputs if name in self.sources]
        self.values[path] = value
        if known:
            oldest = min(known, key=lambda source: source.as_of)
            self.sources[path] = replace(
                oldest, field=path, provenance="derived", inputs=tuple(inputs)
            )

    def miss(self, path: str, inputs: Sequence[str], reason: str | None = None) -> None:
        """Leave a gap that names the first input that is missing."""
        missing = next((name for name in inputs if name not in self.values), inputs[0])
        own = gap_of(missing, self.offers)
        known = [gap for gap in self.gaps if gap.field == missing]
        gap = known[0] if known else own
        self.gaps.append(replace(gap, field=path, reason=reason or gap.reason))


def _notice_deadline(state: Derivation) -> None:
    inputs = ("contract.renewal_at", "contract.notice_days")
    renewal, days = (state.values.get(path) for path in inputs)
    if renewal is None or days is None:
        state.miss("contract.notice_deadline", inputs)
    else:
        state.put("contract.notice_deadline", renewal - timedelta(days=days), inputs)


def _arr_band(state: Derivation) -> None:
    arr = state.values.get("contract.arr")
    if arr is None:
        state.miss("contract.arr_band", ("contract.arr",))
    else:
        text = bands.band(arr, state.workspace.arr_bands)
        state.put("contract.arr_band", text, ("contract.arr",))


def _change_ratio(state: Derivation) -> None:
    path, inputs = "usage.change_ratio", ("usage.weekly_active",)
    weeks = state.values.get("usage.weekly_active") or ()
    if not weeks:
        state.miss(path, inputs)
    elif len(weeks) < _WEEKS_NEEDED:
        state.miss(path, inputs, "incomplete")
    elif sum(weeks[-12:-4]) == 0:
        state.miss(path, inputs, "bad_data")
    else:
        state.put(path, sum(weeks[-4:]) / 4 / (sum(weeks[-12:-4]) / 8), inputs)


def _invoice_days(state: Derivation) -> None:
    invoices = state.values.get("invoices")
    if invoices is not None:
        state.values["invoices"] = tuple(
            replace(invoice, days_overdue=max(0, (state.today - invoice.due_at).days))
            if invoice.due_at
            else invoice
            for invoice in invoices
        )


def _limit_ratios(state: Derivation) -> None:
    limits = state.values.get("usage.limits")
    if limits is not None:
        state.values["usage.limits"] = tuple(
            replace(limit, ratio=limit.used / limit.limit)
            if limit.ratio is None and limit.used is not None and limit.limit
            else limit
            for limit in limits
        )


def _people(state: Derivation) -> None:
    contacts = state.values.get("contacts")
    if contacts is None:
        return
    replies = [offer.facts.replies for offer in state.offers if offer.facts]
    state.values["contacts"] = tuple(_person(_heard(one, replies)) for one in contacts)


def _heard(contact: Any, replies: Sequence[Mapping[str, datetime]]) -> Any:
    """Return the contact with the latest of what any upstream says of its last reply."""
    email = (contact.email or "").lower()
    told = [each[email] for each in replies if email in each]
    known = [contact.last_reply_at] if contact.last_reply_at else []
    return replace(contact, last_reply_at=max(told + known)) if told else contact


def _person(contact: Any) -> Any:
    guessed = role_of(contact.title) if contact.role is None else None
    return replace(
        contact,
        role=contact.role or guessed,
        role_inferred=guessed is not None
        if contact.role_inferred is None
        else contact.role_inferred,
        seniority=contact.seniority or seniority_of(contact.title),
    )


def _tickets(state: Derivation) -> None:
    tickets = state.values.get("tickets")
    if tickets is not None:
        state.values["tickets"] = with_history(tickets)


def _stage(state: Derivation) -> None:
    found = stage(state.values, state.today)
    if found is None:
        state.miss("account.stage", ("account.customer_since",))
    else:
        known = [path for path in STAGE_INPUTS if path in state.values]
        state.put("account.stage", found, known)


def _health(state: Derivation) -> None:
    weights = state.workspace.health
    found = health.health(state.values, state.now, weights)
    parts = health.parts(state.values, state.now, weights)
    state.health_parts.extend(parts if found else ())
    read = health.inputs(parts)
    for path, value in found.items():
        state.put(path, value, read)
    missing = ["score", "score_7d_ago", "score_30d_ago", "drag", "version", "weekly"]
    inputs = ("usage.weekly_active", "tickets")
    for path in (f"health.{name}" for name in missing):
        if path not in found:
            known = all(name in state.values for name in inputs)
            is_short = known and path.startswith("health.score")  # of weeks, so of history
            state.miss(path, inputs, "incomplete" if is_short else None)


def _health_band(state: Derivation) -> None:
    score = state.values.get("health.score")
    if score is None:
        state.miss("health.band", ("health.score",))
    else:
        state.put("health.band", health.band(score), ("health.score",))


# Path whose value in a good answer wins → how it follows otherwise; in this order.
_STEPS: tuple[tuple[str | None, Callable[[Derivation], None]], ...] = (
    (None, _people),
    (None, _tickets),
    (None, _invoice_days),
    (None, _limit_ratios),
    ("contract.notice_deadline", _notice_deadline),
    ("contract.arr_band", _arr_band),
    ("usage.change_ratio", _change_ratio),
    ("account.stage", _stage),
    ("health.score", _health),
    ("health.band", _health_band),
)


def derive(state: Derivation) -> None:
    """Fill every derived field that no upstream gave."""
    for path, step in _STEPS:
        if path is None or path not in state.values:
            step(state)
