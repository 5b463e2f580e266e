"""Revenue as JSON for people and programs: what `sidelight arr` prints."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from plugin.revenue.standing import RevenuePart
from plugin.revenue.totals import Revenue
from plugin.sources.billing.minor_units import rounded


def _amount(amount: Fraction | None, currency: str | None) -> str | None:
    if amount is None:
        return None
    return f"{rounded(amount, currency or ''):f}"


def _date(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _item(part: RevenuePart) -> dict[str, Any]:
    described = {
        "subscription": part.subscription,
        "item": part.item,
        "status": part.status,
        "plan": part.plan,
        "quantity": part.quantity,
        "interval": part.interval,
        "interval_count": part.interval_count,
        "currency": part.currency,
    }
    amounts = {
        "list_amount": part.gross,
        "amount": part.amount,
        "mrr": part.mrr,
        "arr": part.arr,
        "potential_arr": part.potential,
    }
    told = {key: _amount(value, part.currency) for key, value in amounts.items()}
    return {**described, **told, "missing": part.missing}


def report(revenue: Revenue) -> dict[str, Any]:
    """Return the JSON object: amounts as decimal strings, what is unknown as null, never 0."""
    return {
        "policy": revenue.policy.name,
        "label": revenue.policy.label,
        "status": revenue.status,
        "currencies": {
            code: {"mrr": _amount(total.mrr, code), "arr": _amount(total.arr, code)}
            for code, total in revenue.currencies.items()
        },
        "renewal_at": _date(revenue.renewal_at),
        "ends_at": _date(revenue.ends_at),
        "flags": list(revenue.flags),
        "potential_arr": {
            code: _amount(amount, code) for code, amount in revenue.potential.items()
        },
        "items": [_item(part) for part in revenue.parts],
    }
