"""Revenue as facts of the vocabulary: what assembly puts into the contract, and what it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from plugin.account.money import Money, decimals
from plugin.context.revenue.totals import Revenue

MONEY = ("contract.arr", "contract.mrr", "contract.billing_arr")


def rounded(amount: Fraction, currency: str) -> Decimal:
    """Return the amount half-up to the currency's own number of decimals."""
    places = decimals(currency)
    scaled = amount * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(units).scaleb(-places)


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
    arr = Money(rounded(total.arr, codes[0]), codes[0])
    mrr = Money(rounded(total.mrr, codes[0]), codes[0])
    return {"contract.arr": arr, "contract.mrr": mrr, "contract.billing_arr": arr}


def _is_usage_based(revenue: Revenue) -> bool | None:
    if "has_usage_based" in revenue.flags:
        return True
    return False if revenue.is_complete and revenue.parts else None


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
        known = _is_usage_based(revenue) is not None
        return gaps if known else {**gaps, "contract.is_usage_based": "incomplete"}
    several = len(_paid_in(revenue)) > 1
    return dict.fromkeys(MONEY, "no_exchange_rate") if several else {}
