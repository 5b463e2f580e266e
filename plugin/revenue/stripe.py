"""Read one Stripe subscription, in the shape of any API version, under a policy.

https://docs.stripe.com/api/subscriptions/object
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any, TypeVar

from plugin.revenue.items import PricedItems, Reading, parts_of, read_items, rows
from plugin.revenue.policy import Policy
from plugin.revenue.prices import periods_a_year
from plugin.revenue.standing import COUNTING, OVER, WAITING, RevenuePart, Standing
from plugin.revenue.terms import Period, Term, day, has_scheduled_changes, pause, period_of, term
from plugin.sources.billing.values import Missing, currency, mapping, maybe_instant, word

COUNTED = ("active", "past_due")
GONE = ("canceled", "incomplete_expired")
HELD = ("unpaid", "incomplete", "paused")  # they may come back, and count nothing until then
STATUSES = frozenset({*COUNTED, *GONE, *HELD, "trialing"})
NOTHING = Fraction(0)
Value = TypeVar("Value")


def named_currency(body: Mapping[str, Any]) -> str | None:
    """Return the currency as far as anything in the subscription names it."""
    own = body.get("currency")
    if own is not None:
        return currency(own, "the currency")
    for row in rows(body):
        for key in ("price", "plan"):
            price = row.get(key) if isinstance(row, Mapping) else None
            if isinstance(price, Mapping) and price.get("currency") is not None:
                return currency(price["currency"], "the currency")
    return None


def _stopped(parts: Sequence[RevenuePart]) -> tuple[RevenuePart, ...]:
    """Return the parts of a subscription that brings nothing now, whatever its price."""
    return tuple(replace(part, arr=NOTHING, mrr=NOTHING, missing=None) for part in parts)


def _silent(read: Callable[[Mapping[str, Any]], Value], body: Mapping[str, Any]) -> Value | None:
    """Return what `read` finds; of what does not count, nothing has to be readable."""
    try:
        return read(body)
    except Missing:
        return None


def _ended(body: Mapping[str, Any]) -> date | None:
    return day(maybe_instant(body.get("ended_at"), "ended_at"))


def _gone(reading: Reading) -> Standing:
    """Return what does not count, without asking anything else of it."""
    part = replace(reading.blank(None), currency=_silent(named_currency, reading.body))
    if reading.status in HELD:
        return Standing(WAITING, _stopped([part]))
    return Standing(OVER, _stopped([part]), ends_at=_silent(_ended, reading.body))


def _period(row: Any, reading: Reading) -> Period:
    body = mapping(row, "an item")
    return Period(periods_a_year(body), period_of(body, reading.body))


def _term(items: PricedItems, reading: Reading) -> Term:
    """Return the dates; an item of unknown period may be the one that tells the renewal."""
    try:
        periods = [_period(row, reading) for row in rows(reading.body)]
    except Missing:
        periods = []
    return term(reading.body, [] if items.is_partial else periods)


def _parts_anyway(items: PricedItems, reading: Reading) -> tuple[RevenuePart, ...]:
    """Return the parts of what does not count now; unknown amounts are no matter there."""
    try:
        return parts_of(items, reading)[0]
    except Missing as missing:
        return (reading.blank(str(missing)),)


def _trial(reading: Reading) -> Standing:
    """Return a trial: nothing now, and what it becomes if it converts."""
    ends = maybe_instant(reading.body.get("trial_end"), "trial_end")
    items = read_items(reading)
    terms = _term(items, reading)
    parts = _parts_anyway(items, reading)
    if terms.is_ending and (ends is None or terms.ends is None or terms.ends <= ends):
        last = day(terms.ends)
        return Standing(WAITING, _stopped(parts), frozenset({"ending"}), ends_at=last)
    became = [replace(part, potential=part.arr) for part in parts]
    flag = f"converts_on={ends.date()}" if ends else "converts_on"
    return Standing(WAITING, _stopped(became), frozenset({flag}), converts_on=day(ends))


def _flags(terms: Term, reading: Reading) -> frozenset[str]:
    seen = {
        "payment_risk": reading.status == "past_due",
        "ending": terms.is_ending,
        "paused": pause(reading.body, reading.now) is not None,
        "has_scheduled_changes": has_scheduled_changes(reading.body, reading.now),
    }
    return frozenset(flag for flag, holds in seen.items() if holds)


def _brings_nothing(terms: Term, reading: Reading) -> bool:
    if terms.is_ending and reading.policy.cancellation == "at_once":
        return True
    stopped = pause(reading.body, reading.now) in {"void", "mark_uncollectible"}
    return stopped or terms.has_ended(reading.now)


def _counted(reading: Reading) -> Standing:
    items = read_items(reading)
    terms = _term(items, reading)
    flags = _flags(terms, reading)
    last = day(terms.ends)
    if _brings_nothing(terms, reading):
        return Standing(WAITING, _stopped(_parts_anyway(items, reading)), flags, ends_at=last)
    try:
        parts, found = parts_of(items, reading)
    except Missing as missing:
        parts, found = (reading.blank(str(missing)),), frozenset()
    renews = None if terms.is_ending else day(terms.period_end)
    return Standing(COUNTING, parts, flags | found, renews, terms.is_short, last)


def read(body: Mapping[str, Any], policy: Policy, now: datetime) -> Standing:
    """Return one subscription's standing.

    Raises Missing when its status, items, currency or dates cannot be read at all.
    """
    status = word(body.get("status"), STATUSES, "the status")
    reading = Reading(body, status, None, policy, now)
    if status in (*GONE, *HELD):
        return _gone(reading)
    own = body.get("currency")
    reading = replace(reading, currency=None if own is None else currency(own, "the currency"))
    return _trial(reading) if status == "trialing" else _counted(reading)
