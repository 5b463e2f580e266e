"""Read subscription rows into the contract: exact sums, and never a part for the whole.

An interval is charged 365 (day), 52 (week), 12, 4, 2 or 1 times a year. Only active and past-due
subscriptions count; a trial, a pause and an end count 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from plugin.account.money import Money
from plugin.sources.tabular.found import RowFindings, first_problem, spoiled, whole_table
from plugin.sources.tabular.problems import TableProblem
from plugin.sources.tabular.table import Row, Table

A_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "half_year": 2, "year": 1}
COUNTS = ("active", "past_due")
_SUMS = ("contract.arr", "contract.mrr", "contract.billing_arr")
_WORST = ("failed", "past_due", "ok")
_PAYMENT = {"active": "ok", "past_due": "past_due", "unpaid": "failed"}
_COLUMNS = {
    "contract.plan": "plan",
    "contract.arr": "amount",
    "contract.mrr": "amount",
    "contract.billing_arr": "amount",
    "contract.seats_paid": "quantity",
    "contract.billing_seats": "quantity",
    "contract.payment_status": "status",
    "contract.billing_renewal_at": "renewal_at",
    "contract.ends_at": "ends_at",
    "contract.trial_ends_at": "trial_ends_at",
    "contract.in_dunning": "in_dunning",
    "contract.is_usage_based": "usage_based",
}
Values = dict[str, Any]


def _yearly(row: Row) -> Fraction | None:
    """Return what one subscription costs a year; None where its amount is not known."""
    amount, unit = row.values.get("amount"), row.values.get("unit_amount")
    quantity = row.values.get("quantity") if unit is not None else 1
    price = amount if unit is None else unit
    if price is None or quantity is None or (amount is not None and unit is not None):
        return None
    times = Fraction(A_YEAR[row.values["interval"]], row.values.get("interval_count") or 1)
    return Fraction(price.amount) * quantity * times


def _counting(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.values["status"] in COUNTS]


def _money(total: Fraction, currency: str, *, about: bool) -> Values:
    exact = Decimal(total.numerator) / Decimal(total.denominator)
    arr = Money(exact, currency, about)
    mrr = Money(exact / 12, currency, about)
    return {
        "contract.arr": arr,
        "contract.mrr": Money(mrr.rounded(), currency, about),
        "contract.billing_arr": arr,
    }


def _revenue(rows: Sequence[Row]) -> Values | str:
    """Return ARR and MRR, or a sentence saying why the sum is not known."""
    priced = [row.values.get("amount") or row.values.get("unit_amount") for row in rows]
    currencies = sorted({money.currency for money in priced if money})
    counting = _counting(rows)
    amounts = [_yearly(row) for row in counting]
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts):
        return "a row has neither amount nor unit_amount with quantity, or it has both"
    if len(currencies) > 1:
        return f"amounts in {' and '.join(currencies)} are not added"
    if not currencies:
        return {}
    about = any(row.values.get("approximate") for row in counting)
    return _money(sum(known, Fraction(0)), currencies[0], about=about)


def _plan(rows: Sequence[Row]) -> str | None:
    """Return the plan of the largest subscription that counts, else of a trial, else any."""
    rank = {"active": 2, "past_due": 2, "trialing": 1}
    named = [row for row in rows if row.values.get("plan")]
    ranked = sorted(named, key=lambda row: (rank.get(row.values["status"], 0), _yearly(row) or 0))
    return str(ranked[-1].values["plan"]) if ranked else None


def _payment(rows: Sequence[Row]) -> str | None:
    said = {row.values.get("payment_status") or _PAYMENT.get(row.values["status"]) for row in rows}
    return next((word for word in _WORST if word in said), None)


def _dates(rows: Sequence[Row]) -> Values:
    """Return the earliest renewal of what renews; the latest end where nothing does."""
    counting = _counting(rows)
    renewing = [row for row in counting if "ends_at" not in row.values]
    renewals = [row.values["renewal_at"] for row in renewing if "renewal_at" in row.values]
    ends = [row.values["ends_at"] for row in counting or rows if "ends_at" in row.values]
    trials = [
        row.values["trial_ends_at"]
        for row in rows
        if row.values["status"] == "trialing" and "trial_ends_at" in row.values
    ]
    return {
        "contract.billing_renewal_at": min(renewals, default=None),
        "contract.ends_at": max(ends, default=None) if not renewing else None,
        "contract.trial_ends_at": min(trials, default=None),
    }


def _any(rows: Sequence[Row], column: str) -> bool | None:
    said = [row.values[column] for row in rows if column in row.values]
    return any(said) if said else None


def _terms(rows: Sequence[Row]) -> Values:
    seats = [row.values["quantity"] for row in _counting(rows) if "quantity" in row.values]
    total = sum(seats) if seats else None
    return {
        "contract.plan": _plan(rows),
        "contract.seats_paid": total,
        "contract.billing_seats": total,
        "contract.payment_status": _payment(rows),
        "contract.in_dunning": _any(rows, "in_dunning"),
        "contract.is_usage_based": _any(rows, "usage_based"),
    }


def _repeats(rows: Sequence[Row]) -> bool:
    """Say whether rows cannot be told apart: several without an id, or one id twice."""
    ids = [row.values.get("id") for row in rows]
    return len(rows) > 1 and (None in ids or len(set(ids)) < len(ids))


def year_renewal(rows: Sequence[Row]) -> date | None:
    """Return the earliest renewal of terms of a year or more; shorter ones are no contract."""
    long = [
        row
        for row in _counting([row for row in rows if not row.lost])
        if A_YEAR[row.values["interval"]] <= (row.values.get("interval_count") or 1)
    ]
    found = _dates(long)["contract.billing_renewal_at"]
    return found if isinstance(found, date) else None


def read_contract(table: Table, rows: tuple[Row, ...]) -> RowFindings:
    """Return the contract that the account's subscription rows add up to."""
    problem = first_problem(rows)
    if problem:
        return RowFindings(bad=tuple(spoiled(table.sheet.paths, problem)))
    if _repeats(rows):
        return whole_table(table, rows, "each of several subscriptions needs an id of its own")
    revenue = _revenue(rows)
    bad: tuple[Any, ...] = ()
    if isinstance(revenue, str):
        lines = TableProblem(table.file, rows[0].line, "amount", revenue)
        bad, revenue = tuple(spoiled(_SUMS, lines, "incomplete")), {}
    said = _terms(rows) | _dates(rows) | revenue
    values = {path: value for path, value in said.items() if value is not None}
    fields = {path: f"{table.file}: {_COLUMNS[path]}" for path in values}
    return RowFindings(values, fields, bad)
