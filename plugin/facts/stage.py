"""The lifecycle stage of an account, where no system of record states one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from plugin.facts.offers import Values

ONBOARDING = timedelta(days=30)
RENEWING = timedelta(days=90)
ADOPTING = timedelta(days=180)

INPUTS = (
    "contract.ends_at",
    "usage.milestones",
    "account.customer_since",
    "contract.renewal_at",
)


def _activated(milestones: tuple[Any, ...] | None, age: timedelta | None) -> bool | None:
    """Tell whether every milestone is reached; without milestones, whether 30 days are over."""
    if milestones:
        return all(step.reached_at is not None for step in milestones)
    return None if age is None else age > ONBOARDING


def stage(values: Values, today: date) -> str | None:
    """Return the first stage that holds, None while the start of the relationship is unknown."""
    ends, renewal = values.get("contract.ends_at"), values.get("contract.renewal_at")
    since = values.get("account.customer_since")
    age = None if since is None else today - since
    if ends is not None and ends < today:
        return "churned"
    activated = _activated(values.get("usage.milestones"), age)
    if activated is False:
        return "onboarding"
    if renewal is not None and timedelta(0) <= renewal - today <= RENEWING:
        return "renewing"
    if age is None:
        return None
    return "adopting" if age <= ADOPTING else "established"
