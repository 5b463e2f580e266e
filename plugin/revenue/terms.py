"""When a subscription renews, ends, converts or changes; days are UTC for billing instants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from plugin.sources.billing.values import instant, mapping, maybe_instant, sequence, truth, word

PAUSES = ("keep_as_draft", "mark_uncollectible", "void")


@dataclass(frozen=True, slots=True)
class Period:
    """One item's billing period: how often it comes in a year, and when the current one ends."""

    periods_a_year: Fraction
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Term:
    """The dates of a subscription: `is_ending` with `ends` unknown is possible."""

    period_end: datetime | None
    is_short: bool
    is_ending: bool
    ends: datetime | None

    def has_ended(self, now: datetime) -> bool:
        """Whether the end is reached."""
        return self.ends is not None and self.ends <= now


def day(moment: datetime | None) -> date | None:
    """Return the calendar day in UTC."""
    return None if moment is None else moment.date()


def _longest(periods: Iterable[Period]) -> Period | None:
    """Return the longest interval's period, the first to end where several are as long."""
    every = list(periods)
    if not every:
        return None
    longest = min(period.periods_a_year for period in every)
    ends = [period.ends for period in every if period.periods_a_year == longest and period.ends]
    return Period(longest, min(ends, default=None))


def period_of(item: Mapping[str, Any], subscription: Mapping[str, Any]) -> datetime | None:
    """Return the end of an item's current period; before 2025-03-31 the subscription had it."""
    own = item.get("current_period_end", subscription.get("current_period_end"))
    return maybe_instant(own, "current_period_end")


def term(subscription: Mapping[str, Any], periods: Iterable[Period]) -> Term:
    """Return when a subscription renews or ends: an earlier `cancel_at` beats the period end."""
    longest = _longest(periods)
    period_end = longest.ends if longest else None
    is_short = longest is not None and longest.periods_a_year > 1
    at_period_end = truth(subscription.get("cancel_at_period_end"), "cancel_at_period_end")
    cancel_at = maybe_instant(subscription.get("cancel_at"), "cancel_at")
    known = [moment for moment in (cancel_at, period_end if at_period_end else None) if moment]
    is_ending = at_period_end or cancel_at is not None
    return Term(period_end, is_short, is_ending, min(known, default=None))


def pause(subscription: Mapping[str, Any], now: datetime) -> str | None:
    """Return how collection is paused now, None if it is not."""
    raw = subscription.get("pause_collection")
    if raw is None:
        return None
    paused = mapping(raw, "pause_collection")
    resumes = maybe_instant(paused.get("resumes_at"), "pause_collection.resumes_at")
    if resumes is not None and resumes <= now:
        return None
    return word(paused.get("behavior"), PAUSES, "pause_collection.behavior")


def has_scheduled_changes(subscription: Mapping[str, Any], now: datetime) -> bool:
    """Whether an expanded schedule has a phase that is still to come."""
    schedule = subscription.get("schedule")
    if not isinstance(schedule, Mapping) or schedule.get("phases") is None:
        return False
    phases = sequence(schedule["phases"], "schedule.phases")
    starts = [mapping(phase, "a phase").get("start_date") for phase in phases]
    return any(instant(start, "a phase's start") > now for start in starts)
