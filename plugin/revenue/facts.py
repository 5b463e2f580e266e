"""Revenue as facts of the vocabulary: what assembly puts into the contract, and what it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from plugin.account.money import Money
from plugin.revenue.policy import Policy
from plugin.revenue.totals import Revenue, revenue
from plugin.sources.billing.minor_units import rounded
from plugin.upstream import BadValue, Facts

MONEY = ("contract.arr", "contract.mrr", "contract.billing_arr")


def _paid_in(revenue: Revenue) -> list[str]:
    """Return the currencies that bring money; where none does, one that says so."""
    paying = [code for code, total in revenue.currencies.items() if total.arr != 0]
    return paying or sorted(revenue.currencies)[:1]


def _money(revenue: Revenue) -> dict[str, Any]:
    codes = _paid_in(revenue)
    if not revenue.is_complete or len(codes) != 1:
        return {}
    total = revenue.currencies[codes[0]]
    if total.arr is None or total.mrr is None:
        return {}
    about = any(part.approximate and part.arr for part in revenue.parts)
    arr = Money(rounded(total.arr, codes[0]), codes[0], about)
    mrr = Money(rounded(total.mrr, codes[0]), codes[0], about)
    return {"contract.arr": arr, "contract.mrr": mrr, "contract.billing_arr": arr}


def _is_usage_based(revenue: Revenue) -> bool | None:
    """Return whether there are metered items; None where the items themselves were not read."""
    if "has_usage_based" in revenue.flags:
        return True
    read = revenue.is_complete and all(
        part.interval is not None and part.item is not None for part in revenue.parts
    )
    return False if read and revenue.parts else None


def contract_facts(revenue: Revenue) -> Mapping[str, Any]:
    """Return path → value for what is known; a path that is absent is in `contract_gaps` or empty.

    `contract.renewal_at` is billing's date for terms of a year or more: a CRM's date wins over it.
    """
    dates = {
        "contract.renewal_at": revenue.contract_renewal_at,
        "contract.billing_renewal_at": revenue.contract_renewal_at,
        "contract.ends_at": revenue.ends_at or revenue.ended_on,
        "contract.trial_ends_at": revenue.trial_ends_at,
        "contract.is_usage_based": _is_usage_based(revenue),
    }
    known = {path: value for path, value in dates.items() if value is not None}
    return {**_money(revenue), **known}


def contract_gaps(revenue: Revenue) -> Mapping[str, str]:
    """Return path → gap reason for the money that cannot be told as one amount.

    `incomplete` when a part is missing; `no_exchange_rate` when several currencies pay.
    """
    if not revenue.is_complete:
        gaps = dict.fromkeys(MONEY, "incomplete")
        metered = _is_usage_based(revenue) is True
        return gaps if metered else {**gaps, "contract.is_usage_based": "incomplete"}
    several = len(_paid_in(revenue)) > 1
    return dict.fromkeys(MONEY, "no_exchange_rate") if several else {}


def _why(found: Revenue) -> str:
    missing = next((part.missing for part in found.parts if part.missing), None)
    if not found.is_complete:
        return missing or "further pages were not read"
    return "subscriptions in several currencies are never added"


def with_revenue(facts: Facts, policy: Policy, now: datetime) -> Facts:
    """Return a billing system's facts together with what its subscriptions come to.

    What the facts say themselves stays: a table of accounts has its own renewal date.

    Facts without subscriptions stay as they are: other sources give amounts ready-made.
    """
    if not facts.subscriptions:
        return facts
    found = revenue(facts.subscriptions, policy, now)
    values = contract_facts(found)
    bad = [
        BadValue(path, "subscriptions", _why(found), reason)
        for path, reason in contract_gaps(found).items()
    ]
    return replace(
        facts,
        values={**values, **facts.values},
        fields={**dict.fromkeys(values, "subscriptions"), **facts.fields},
        bad=(*facts.bad, *bad),
    )
