"""Read one Chargebee subscription: its own `mrr` and `arr` as they are, never recomputed.

https://apidocs.chargebee.com/docs/api/subscriptions/subscription-object
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from plugin.revenue.policy import Policy
from plugin.revenue.prices import PERIODS_A_YEAR
from plugin.revenue.standing import COUNTING, OVER, WAITING, RevenuePart, Standing
from plugin.revenue.terms import day
from plugin.sources.billing.minor_units import chargebee_units
from plugin.sources.billing.values import (
    Missing,
    currency,
    maybe_instant,
    name,
    number,
    truth,
    whole,
    word,
)

COUNTED = ("active", "non_renewing")
LIVE = (*COUNTED, "future", "in_trial", "paused")
STATUSES = frozenset({*LIVE, "cancelled", "transferred"})
NOTHING = Fraction(0)
A_YEAR = timedelta(days=365)
_OWN_FIELDS = ("currency_code", "subscription_items", "base_currency_code", "billing_period_unit")


def is_chargebee(body: Mapping[str, Any]) -> bool:
    """Whether a subscription is Chargebee's: Stripe's has other names for these fields."""
    return any(field in body for field in _OWN_FIELDS) or (
        "items" not in body and ("mrr" in body or "arr" in body)
    )


def _figures(body: Mapping[str, Any], code: str) -> tuple[Fraction, Fraction]:
    """Return (arr, mrr) in the major unit; older sites have only `mrr`."""
    units = chargebee_units(code)
    if body.get("arr") is None and body.get("mrr") is None:
        raise Missing("mrr and arr are missing")
    arr, mrr = (
        None if body.get(field) is None else number(body[field], field) / units
        for field in ("arr", "mrr")
    )
    if arr is None:
        arr = (mrr or NOTHING) * 12
    return arr, arr / 12 if mrr is None else mrr


def _contract_end(body: Mapping[str, Any]) -> tuple[date | None, bool, bool]:
    """Return the end of an active contract term, whether it is short, and whether it is the end."""
    contract = body.get("contract_term")
    if not isinstance(contract, Mapping) or contract.get("status") != "active":
        return None, False, False
    start = maybe_instant(contract.get("contract_start"), "contract_start")
    end = maybe_instant(contract.get("contract_end"), "contract_end")
    is_short = start is not None and end is not None and end - start < A_YEAR
    return day(end), is_short, contract.get("action_at_term_end") == "cancel"


def _is_short(body: Mapping[str, Any]) -> bool:
    """Whether the billing term is below one year; what is not known counts as short."""
    if body.get("billing_period_unit") is not None:
        unit = word(body["billing_period_unit"], PERIODS_A_YEAR, "billing_period_unit")
        return PERIODS_A_YEAR[unit] > whole(body.get("billing_period", 1), "billing_period")
    start = maybe_instant(body.get("current_term_start"), "current_term_start")
    end = maybe_instant(body.get("current_term_end"), "current_term_end")
    return start is None or end is None or end - start < A_YEAR


def _flags(body: Mapping[str, Any], status: str) -> set[str]:
    due = body.get("due_invoices_count")
    seen = {
        "payment_risk": due is not None and whole(due, "due_invoices_count") > 0,
        "ending": status == "non_renewing",
        "paused": status == "paused",
        "has_scheduled_changes": truth(body.get("has_scheduled_changes"), "has_scheduled_changes"),
    }
    return {flag for flag, holds in seen.items() if holds}


def _counted(body: Mapping[str, Any], part: RevenuePart, flags: set[str]) -> Standing:
    term_end = day(maybe_instant(body.get("current_term_end"), "current_term_end"))
    contract_end, contract_short, contract_stops = _contract_end(body)
    if "ending" in flags or contract_stops:
        ends = term_end if "ending" in flags else contract_end
        return Standing(COUNTING, (part,), frozenset({*flags, "ending"}), ends_at=ends)
    short = contract_short if contract_end else _is_short(body)
    return Standing(COUNTING, (part,), frozenset(flags), contract_end or term_end, short)


def _plan(body: Mapping[str, Any]) -> str | None:
    items = body.get("subscription_items")
    first = items[0] if isinstance(items, list) and items else body
    found = first if isinstance(first, Mapping) else body
    return name(found.get("item_price_id")) or name(body.get("plan_id"))


def _priced(body: Mapping[str, Any], idle: RevenuePart, code: str) -> RevenuePart:
    """Return the part with its figures; without them its dates, quantity and interval stay."""
    try:
        arr, mrr = _figures(body, code)
    except Missing as missing:
        return replace(idle, arr=None, mrr=None, missing=str(missing))
    return replace(idle, arr=arr, mrr=mrr)


def _shape(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return quantity and interval as far as the subscription tells them."""
    items = body.get("subscription_items")
    first = items[0] if isinstance(items, list) and items else body
    said = first if isinstance(first, Mapping) else body
    quantity = said.get("quantity", body.get("plan_quantity"))
    unit, count = body.get("billing_period_unit"), body.get("billing_period")
    return {
        "quantity": quantity if isinstance(quantity, int) else None,
        "interval": unit if isinstance(unit, str) and unit in PERIODS_A_YEAR else None,
        "interval_count": count if isinstance(count, int) else None,
    }


def _trial(body: Mapping[str, Any], part: RevenuePart) -> Standing:
    ends = day(maybe_instant(body.get("trial_end"), "trial_end"))
    if body.get("arr") or body.get("mrr"):
        part = replace(part, potential=_figures(body, str(part.currency))[0])
    flag = f"converts_on={ends}" if ends else "converts_on"
    return Standing(WAITING, (part,), frozenset({flag}), converts_on=ends)


def _stopped(body: Mapping[str, Any], policy: Policy, now: datetime) -> Standing | None:
    """Return whether a subscription that is set to end counts no more, as its end date."""
    end = maybe_instant(body.get("current_term_end"), "current_term_end")
    over = policy.cancellation == "at_once" or (end is not None and end <= now)
    return Standing(WAITING, (), ends_at=day(end)) if over else None


def read(body: Mapping[str, Any], policy: Policy, now: datetime) -> Standing:
    """Return one subscription's standing; the policy only says when a cancelled one stops.

    Raises Missing when its status, currency, figures or dates cannot be read.
    """
    status = word(body.get("status"), STATUSES, "the status")
    code = currency(body.get("currency_code"), "currency_code")
    idle = RevenuePart(
        name(body.get("id")), None, status, code, _plan(body), arr=NOTHING, mrr=NOTHING
    )
    idle = replace(idle, **_shape(body))
    if status == "in_trial":
        return _trial(body, idle)
    flags = _flags(body, status) if status in LIVE else set()
    stopped = _stopped(body, policy, now) if status == "non_renewing" else None
    if stopped is not None:
        return replace(stopped, parts=(idle,), flags=frozenset(flags))
    if status in COUNTED:
        return _counted(body, _priced(body, idle, code), flags)
    if status in LIVE:
        return Standing(WAITING, (idle,), frozenset(flags))
    return Standing(OVER, (idle,), ends_at=day(maybe_instant(body.get("cancelled_at"), "end")))
