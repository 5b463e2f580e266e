"""Read subscription rows: what they say themselves, and what revenue is counted from.

The sums are no business of a table: rows go on as plain subscriptions, which revenue counts by
the same code as those of a billing system. A cell that cannot be read costs what it tells; an
ended row spoils nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from plugin.sources.tabular.export import ASK
from plugin.sources.tabular.found import RowFindings, spoiled, whole_table
from plugin.sources.tabular.problems import TableProblem
from plugin.sources.tabular.table import Row, Table
from plugin.upstream import BadValue

A_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "half_year": 2, "year": 1}
COUNTS = ("active", "past_due")
SUMS = ("contract.arr", "contract.mrr", "contract.billing_arr")
ROW = "row of a table"  # what `object_of` a plain subscription says
_WORST = ("failed", "past_due", "ok")
_PAYMENT = {"active": "ok", "past_due": "past_due", "unpaid": "failed"}
_COLUMNS = {
    "contract.plan": "plan",
    "contract.seats_paid": "quantity",
    "contract.billing_seats": "quantity",
    "contract.payment_status": "status",
    "contract.billing_renewal_at": "renewal_at",
    "contract.in_dunning": "in_dunning",
    "contract.is_usage_based": "usage_based",
}
_PRICED = ("amount", "unit_amount", "currency", "interval", "interval_count")
_SEATS = ("contract.seats_paid", "contract.billing_seats")
Values = dict[str, Any]
Plain = Mapping[str, Any]


def _is_over(row: Row, today: date) -> bool:
    """Say whether a subscription has ended, whatever its status still says."""
    ends = row.values.get("ends_at")
    if ends is not None:
        return bool(ends <= today)
    return row.values.get("status") == "cancelled"


def _running(rows: Sequence[Row], today: date) -> list[Row]:
    return [row for row in rows if not _is_over(row, today)]


def _unpriced(table: Table, row: Row) -> str | None:
    """Return why it cannot be said what a row costs; None where it can."""
    culprit = next((row.bad[name] for name in (*_PRICED, "status") if name in row.bad), None)
    if culprit:
        return f"{culprit.where}: {culprit.message}"
    amount, unit = row.values.get("amount"), row.values.get("unit_amount")
    quantity, meaning = row.values.get("quantity"), table.said.amount
    why = None
    if (amount is None) == (unit is None):
        why = "has neither amount nor unit_amount, or it has both"
    elif quantity is None and (unit is not None or meaning == "each"):
        culprit = row.bad.get("quantity")
        why = culprit.message if culprit else "has a price for each and no quantity"
    elif meaning == ASK and (quantity or 1) > 1:
        why = (
            f"{amount.amount if amount else unit} beside a quantity of {quantity} may be for one"
            ' or for all: set amount = "each" or amount = "all" in the mapping of subscriptions'
        )
    return f"{table.file}, line {row.line}: {why}" if why else None


def _plain(table: Table, row: Row) -> Plain:
    """Return a row as a subscription that keeps in a cache: texts, whole numbers, yes and no."""
    values, missing = row.values, _unpriced(table, row)
    is_each = "unit_amount" in values or table.said.amount == "each"
    price = values.get("unit_amount") or values.get("amount")
    days = {
        name: values[name].isoformat()
        for name in ("renewal_at", "ends_at", "trial_ends_at")
        if name in values
    }
    told = {
        name: values[name]
        for name in ("plan", "status", "quantity", "interval", "interval_count", "usage_based")
        if name in values
    }
    money = {"price": str(price.amount), "currency": price.currency} if price else {}
    more = {"approximate": bool(values.get("approximate")), "is_each": is_each}
    key = values.get("id") or f"line {row.line}"
    why = {"missing": missing} if missing else {}
    return {
        "object": "subscription",
        "object_of": ROW,
        "id": key,
        **told,
        **days,
        **money,
        **more,
        **why,
    }


def _worth(row: Row) -> tuple[int, Any]:
    rank = {"active": 2, "past_due": 2, "trialing": 1}.get(row.values.get("status", ""), 0)
    price = row.values.get("amount") or row.values.get("unit_amount")
    units = row.values.get("quantity", 1) if "unit_amount" in row.values else 1
    times = A_YEAR.get(row.values.get("interval", ""), 0)
    return rank, price.amount * units * times / row.values.get("interval_count", 1) if price else 0


def _plan(rows: Sequence[Row], today: date) -> str | None:
    """Return the plan of the largest subscription that counts, else of a trial, else any."""
    named = [row for row in rows if row.values.get("plan")]
    ranked = sorted(_running(named, today) or named, key=_worth)
    return str(ranked[-1].values["plan"]) if ranked else None


def _payment(rows: Sequence[Row]) -> str | None:
    said = {
        row.values.get("payment_status") or _PAYMENT.get(row.values.get("status", ""))
        for row in rows
    }
    return next((word for word in _WORST if word in said), None)


def _any(rows: Sequence[Row], column: str) -> bool | None:
    said = [row.values[column] for row in rows if column in row.values]
    return any(said) if said else None


def _seats(table: Table, rows: Sequence[Row]) -> int | str | None:
    """Return the seats of what counts, or why they cannot be told: units are not seats."""
    counted = [row for row in rows if row.values.get("status") in COUNTS]
    named = table.said.seats
    chosen = [row for row in counted if not named or row.values.get("plan") in named]
    bad = next((row.bad["quantity"] for row in chosen if "quantity" in row.bad), None)
    if bad:
        return f"{bad.where}: {bad.message}"
    units = [row for row in chosen if "quantity" in row.values]
    plans = sorted({str(row.values.get("plan")) for row in units})
    if not named and len(plans) > 1:
        listed = " and ".join(plans)
        return f"quantities of {listed} are not added: name those that are seats, seats = [...]"
    return sum(row.values["quantity"] for row in units) if units else None


def _renewal(rows: Sequence[Row]) -> date | None:
    """Return the earliest renewal of what counts and goes on."""
    counted = [row for row in rows if row.values.get("status") in COUNTS]
    going_on = [row.values for row in counted if "ends_at" not in row.values]
    return min((said["renewal_at"] for said in going_on if "renewal_at" in said), default=None)


def _terms(table: Table, rows: Sequence[Row], today: date) -> tuple[Values, list[BadValue]]:
    running = _running(rows, today)
    seats = _seats(table, running)
    bad: list[BadValue] = []
    if isinstance(seats, str):
        bad += spoiled(_SEATS, TableProblem(table.file, 0, "quantity", seats), "incomplete")
        seats = None
    said = {
        "contract.plan": _plan(rows, today),
        "contract.seats_paid": seats,
        "contract.billing_seats": seats,
        "contract.payment_status": _payment(running),
        "contract.billing_renewal_at": _renewal(running),
        "contract.in_dunning": _any(running, "in_dunning"),
        "contract.is_usage_based": _any(running, "usage_based"),
    }
    return said, bad


def _unread(rows: Sequence[Row], said: Values) -> Iterator[BadValue]:
    """Yield a gap for each fact whose own cell could not be read, where no other row told it."""
    paths = {column: path for path, column in _COLUMNS.items()} | {
        "ends_at": "contract.ends_at",
        "trial_ends_at": "contract.trial_ends_at",
    }
    for row in rows:
        for name, problem in row.bad.items():
            if name in paths and said.get(paths[name]) is None:
                yield from spoiled([paths[name]], problem)


def _custom(table: Table, rows: Sequence[Row]) -> RowFindings:
    """Return the workspace's own columns, where all rows say the same."""
    values: Values = {}
    bad: list[BadValue] = []
    for name in (name for name in table.columns if name.startswith("custom.")):
        path = name.partition(":")[0]
        told = list(dict.fromkeys(row.values[name] for row in rows if name in row.values))
        if len(told) == 1:
            values[path] = told[0]
        elif told:
            lines = ", ".join(str(row.line) for row in rows if name in row.values)
            problem = TableProblem(table.file, 0, name, f"lines {lines} say different things")
            bad += spoiled([path], problem)
        bad += [one for row in rows if name in row.bad for one in spoiled([path], row.bad[name])]
    return RowFindings(values, {path: f"{table.file}: {path}" for path in values}, tuple(bad))


def _repeats(rows: Sequence[Row]) -> bool:
    """Say whether rows cannot be told apart: several without an id, or one id twice."""
    ids = [row.values.get("id") for row in rows]
    return len(rows) > 1 and (None in ids or len(set(ids)) < len(ids))


def read_contract(
    table: Table, rows: tuple[Row, ...], today: date
) -> tuple[RowFindings, tuple[Plain, ...]]:
    """Return what the account's rows say themselves, and the subscriptions that they are."""
    if _repeats(rows):
        why = "each of several subscriptions needs an id of its own"
        return whole_table(table, rows, why), ()
    said, bad = _terms(table, rows, today)
    custom = _custom(table, rows)
    bad += _unread(rows, said)
    values = {path: value for path, value in said.items() if value is not None}
    fields = {path: f"{table.file}: {_COLUMNS[path]}" for path in values}
    found = RowFindings(
        {**values, **custom.values}, {**fields, **custom.fields}, (*bad, *custom.bad)
    )
    return found, tuple(_plain(table, row) for row in rows)
