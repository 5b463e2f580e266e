"""Read one subscription that stands in a row of a table, by the rules of all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from plugin.revenue.policy import Policy
from plugin.revenue.standing import COUNTING, OVER, WAITING, RevenuePart, Standing
from plugin.sources.tabular.contracts import A_YEAR, ROW

NOTHING = Fraction(0)


def is_row(body: Mapping[str, Any]) -> bool:
    """Say whether a subscription comes from a table."""
    return body.get("object_of") == ROW


def _day(body: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(body[name]) if name in body else None


def _part(body: Mapping[str, Any]) -> RevenuePart:
    """Return the row's one part; its amounts are None where the table could not tell them."""
    about = bool(body.get("approximate"))
    part = RevenuePart(
        body.get("id"),
        None,
        body.get("status"),
        body.get("currency"),
        body.get("plan"),
        body.get("quantity"),
        body.get("interval"),
        body.get("interval_count"),
        approximate=about,
    )
    if body.get("missing"):
        return replace(part, missing=str(body["missing"]))
    amount = Fraction(body["price"]) * (body["quantity"] if body["is_each"] else 1)
    arr = amount * Fraction(A_YEAR[body["interval"]], body.get("interval_count") or 1)
    return replace(part, gross=amount, amount=amount, arr=arr, mrr=arr / 12)


def _idle(part: RevenuePart) -> RevenuePart:
    """Return the part of what brings nothing now, whatever its price."""
    return replace(part, arr=NOTHING, mrr=NOTHING, missing=None)


def _is_short(body: Mapping[str, Any]) -> bool:
    a_year = A_YEAR.get(str(body.get("interval")))
    return a_year is None or a_year > (body.get("interval_count") or 1)


def _flags(body: Mapping[str, Any], ends: date | None) -> frozenset[str]:
    seen = {
        "payment_risk": body.get("status") == "past_due",
        "ending": ends is not None,
        "paused": body.get("status") == "paused",
        "has_usage_based": body.get("usage_based") is True,
    }
    return frozenset(flag for flag, holds in seen.items() if holds)


def read(body: Mapping[str, Any], policy: Policy, now: datetime) -> Standing:
    """Return one subscription's standing: an end that has come counts before the status."""
    status, ends = body.get("status"), _day(body, "ends_at")
    part, flags = _part(body), _flags(body, ends)
    if ends is not None and ends <= now.date():
        return Standing(OVER, (_idle(part),), ends_at=ends)
    if status == "cancelled" and ends is None:
        return Standing(OVER, (_idle(part),))
    if status == "trialing":
        converts = _day(body, "trial_ends_at")
        became = replace(_idle(part), potential=part.arr)
        flag = f"converts_on={converts}" if converts else "converts_on"
        return Standing(WAITING, (became,), frozenset({flag}), ends_at=ends, converts_on=converts)
    is_stopped = policy.cancellation == "at_once" and ends is not None
    if status in ("unpaid", "paused") or is_stopped:
        return Standing(WAITING, (_idle(part),), flags, ends_at=ends)
    renews = None if ends else _day(body, "renewal_at")
    return Standing(
        COUNTING, (part,), flags, renews, _is_short(body), ends, is_read=status is not None
    )
