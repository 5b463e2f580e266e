"""How they use it, and how healthy that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from plugin.account import words
from plugin.account.fact import fact


@dataclass(frozen=True, slots=True)
class Module:
    """Adoption of one module."""

    name: str | None = fact("Module", "its name")
    entitled: bool | None = fact("Entitled", "in the plan", upstream="billing")
    is_core: bool | None = fact("Core", "counted as core by the workspace")
    events_90d: int | None = fact("Events", "events in 90 days", unit="events")
    users_28d: int | None = fact("Users", "people in 28 days", unit="people")
    last_used_at: datetime | None = fact("Last used", "latest event")


@dataclass(frozen=True, slots=True)
class Limit:
    """Use of one metered limit."""

    name: str | None = fact("Limit", "what is metered")
    used: float | None = fact("Used", "in this cycle")
    limit: float | None = fact("Limit", "what the plan allows", upstream="billing")
    ratio: float | None = fact("Share used", "used ÷ limit, now", unit="ratio")
    ratio_prior_cycle: float | None = fact(
        "Share used before", "used ÷ limit in the last full cycle", unit="ratio"
    )
    cycle_ends_at: date | None = fact("Cycle ends", "end of this cycle")


@dataclass(frozen=True, slots=True)
class Milestone:
    """One step of onboarding; an account is activated when all are reached."""

    name: str | None = fact("Milestone", "its name")
    due: date | None = fact("Due", "planned day")
    reached_at: date | None = fact("Reached", "day it was reached")
    paused: bool | None = fact("Paused", "put on hold by agreement")


@dataclass(frozen=True, slots=True)
class UpgradeInterest:
    """One sign of interest in more."""

    kind: str | None = fact("Kind", "what was looked at", word=words.INTEREST)
    at: datetime | None = fact("When", "when it happened")
    actor: str | None = fact("Who", "who did it; our own staff left out")


@dataclass(frozen=True, slots=True)
class OffboardingEvent:
    """One step that looks like leaving."""

    kind: str | None = fact("Kind", "what was removed", word=words.OFFBOARDING)
    count: int | None = fact("Count", "how many")
    at: datetime | None = fact("When", "when it happened")


@dataclass(frozen=True, slots=True)
class Usage:
    """How they use the product."""

    active_users_28d: int | None = fact("Active users", "in the last 28 days", unit="people")
    active_users_prior_28d: int | None = fact(
        "Active users before", "in the 28 days before", unit="people"
    )
    active_users_90d_ago: int | None = fact(
        "Active users a quarter ago", "in the 28 days that ended 90 days ago", unit="people"
    )
    weekly_active: tuple[int, ...] | None = fact(
        "Weekly active", "people a week, newest last, at most 26", unit="people"
    )
    change_ratio: float | None = fact(
        "Usage trend",
        "mean of the last four weeks ÷ mean of the eight before",
        unit="ratio",
        derived_from=("usage.weekly_active",),
    )
    seats_active: int | None = fact("Active seats", "with activity in 30 days", unit="seats")
    seats_active_30d_ago: int | None = fact(
        "Active seats before", "the same, 30 days ago", unit="seats"
    )
    daily_power_users: int | None = fact(
        "Daily power users", "active on most working days", unit="people"
    )
    top_user_share: float | None = fact(
        "Busiest person's share", "of 90 days' activity", unit="share"
    )
    last_seen_at: datetime | None = fact("Last seen", "latest activity of anyone")
    median_gap_days: float | None = fact(
        "Usual gap", "usual pause between two active days", unit="days"
    )
    exports_7d: int | None = fact("Exports", "bulk exports in 7 days", unit="exports")
    exports_median_7d: float | None = fact(
        "Usual exports", "in the account's median week", unit="exports"
    )
    modules: tuple[Module, ...] | None = fact("Modules", "adoption, one item a module")
    limits: tuple[Limit, ...] | None = fact("Limits", "metered use against the plan")
    milestones: tuple[Milestone, ...] | None = fact("Milestones", "onboarding and activation")
    upgrade_interest: tuple[UpgradeInterest, ...] | None = fact(
        "Upgrade interest", "pricing page seen, gated feature tried"
    )
    offboarding_events: tuple[OffboardingEvent, ...] | None = fact(
        "Offboarding", "keys, admins or integrations removed"
    )


@dataclass(frozen=True, slots=True)
class Health:
    """An explained score, derived or from a CS tool."""

    score: float | None = fact("Health", "explained score", unit="points of 100")
    score_7d_ago: float | None = fact("Health a week ago", "same version only", unit="points")
    score_30d_ago: float | None = fact("Health 30 days ago", "same version only", unit="points")
    weekly: tuple[float, ...] | None = fact("Health by week", "newest last, at most 26")
    band: str | None = fact(
        "Health band", "0–50, 51–75, 76–100", word=words.HEALTH_BAND, derived_from=("health.score",)
    )
    drag: str | None = fact("Biggest drag", "the component that pulls most")
    version: str | None = fact("Formula", "version of the formula")
