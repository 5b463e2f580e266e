"""Read what Chargebee says of an account besides its revenue: plan, seats, payment, invoices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from plugin.account.contract import Change, Invoice
from plugin.sources.billing.minor_units import chargebee_units, money
from plugin.sources.billing.pages import Body, Listed, for_revenue
from plugin.sources.billing.values import Missing, currency, instant, name, number, whole
from plugin.sources.untold import untold
from plugin.upstream import BadValue, Facts

LIVE = ("active", "non_renewing", "in_trial", "future", "paused")
PAYING = ("active", "non_renewing")
DECLINED = ("in_progress", "exhausted")
FIELDS = {
    "contract.plan": "subscription_items.item_price_id",
    "contract.seats_paid": "subscription_items.quantity",
    "contract.billing_seats": "subscription_items.quantity",
    "contract.payment_status": "invoice.status, invoice.dunning_status",
    "contract.in_dunning": "invoice.dunning_status",
    "contract.started_at": "subscription.started_at",
    "contract.changes": "subscription.cancel_schedule_created_at",
    "invoices": "invoices",
}
# What revenue is computed from; the rest of a subscription is not kept.
KEPT = frozenset(
    {
        "id",
        "object",
        "status",
        "currency_code",
        "mrr",
        "arr",
        "plan_id",
        "subscription_items",
        "billing_period",
        "billing_period_unit",
        "current_term_start",
        "current_term_end",
        "contract_term",
        "trial_end",
        "cancelled_at",
        "due_invoices_count",
        "has_scheduled_changes",
    }
)


@dataclass(frozen=True, slots=True)
class ChargebeeAnswer:
    """What Chargebee answered for one account."""

    subscriptions: Listed
    invoices: Listed


def _items(bodies: Iterable[Body]) -> list[Body]:
    """Return what is subscribed to; sites of the first catalogue have a plan and addons."""
    found: list[Body] = []
    for body in bodies:
        items = body.get("subscription_items")
        if isinstance(items, list):
            found += [item for item in items if isinstance(item, dict)]
        elif body.get("plan_id") is not None:
            plan = {"item_price_id": body["plan_id"], "quantity": body.get("plan_quantity")}
            found.append({"item_type": "plan", **plan})
    return found


def _plan(items: Iterable[Body]) -> str | None:
    plans = [name(item.get("item_price_id")) for item in items if item.get("item_type") == "plan"]
    return " + ".join(dict.fromkeys(plan for plan in plans if plan)) or None


def _seats(items: Sequence[Body], counted: Sequence[str]) -> int | None:
    """Return the seats: of the item prices named in settings, else of the only plan.

    A quantity of 1 is most often a flat price, so it is no number of seats without a setting.
    """
    plans = [item for item in items if item.get("item_type") == "plan"]
    named = [item for item in items if item.get("item_price_id") in counted]
    chosen = named if counted else plans
    try:
        seats = sum(whole(item.get("quantity"), "quantity") for item in chosen)
    except Missing:
        return None
    known = bool(chosen) if counted else len(chosen) == 1 and seats > 1
    return seats if known else None


def _attempts(body: Body) -> int | None:
    attempts = body.get("dunning_attempts")
    return len(attempts) if isinstance(attempts, list) else None


def _invoice(body: Body) -> Invoice:
    code = currency(body.get("currency_code"), "currency_code")
    due = body.get("due_date")
    declined = body.get("status") == "not_paid" or body.get("dunning_status") in DECLINED
    return Invoice(
        id=name(body.get("id")),
        status="failed" if declined else "open",
        amount=money(number(body.get("amount_due"), "amount_due"), chargebee_units(code), code),
        due_at=None if due is None else instant(due, "due_date").date(),
        attempts=_attempts(body),
    )


def _invoices(rows: Iterable[Body]) -> tuple[tuple[Invoice, ...], tuple[BadValue, ...]]:
    read: list[Invoice] = []
    bad: list[BadValue] = []
    for body in rows:
        if body.get("status") not in ("payment_due", "not_paid"):
            continue
        try:
            read.append(_invoice(body))
        except Missing as missing:
            where = f"invoice {name(body.get('id')) or 'without id'}"
            bad.append(BadValue("invoices[].amount", where, str(missing)))
    ordered = sorted(read, key=lambda one: (one.due_at is None, one.due_at or date.max))
    return tuple(ordered), tuple(bad)


def _payment(paying: Sequence[Body], invoices: Iterable[Invoice] | None, today: date) -> str | None:
    known = list(invoices or ())
    if any(invoice.status == "failed" for invoice in known):
        return "failed"
    if any(invoice.due_at is not None and invoice.due_at < today for invoice in known):
        return "past_due"
    return "ok" if paying and invoices is not None else None


def _cancellations(bodies: Iterable[Body]) -> tuple[Change, ...]:
    """Return when subscriptions were set to end; other changes are not in these objects."""
    found = []
    for body in bodies:
        try:
            at = instant(body.get("cancel_schedule_created_at"), "cancel_schedule_created_at")
        except Missing:
            continue
        if body.get("status") == "non_renewing":
            found.append(Change(kind="cancel_set", at=at))
    return tuple(sorted(found, key=lambda change: str(change.at), reverse=True))


def _started(bodies: Iterable[Body]) -> date | None:
    days = []
    for body in bodies:
        try:
            days.append(instant(body.get("started_at"), "started_at").date())
        except Missing:
            continue
    return min(days, default=None)


def _values(answer: ChargebeeAnswer, seat_prices: Sequence[str], now: datetime) -> dict[str, Any]:
    live = [body for body in answer.subscriptions.rows if body.get("status") in LIVE]
    paying = [body for body in live if body.get("status") in PAYING]
    items = _items(live)
    seats = _seats(items, seat_prices)
    read, bad = _invoices(answer.invoices.rows)
    invoices = read if read or not bad else None  # none that can be read is not "no invoices"
    return {
        "contract.plan": _plan(items),
        "contract.seats_paid": seats,
        "contract.billing_seats": seats,
        "contract.payment_status": _payment(paying, invoices, now.date()),
        "contract.in_dunning": any(
            body.get("dunning_status") == "in_progress" for body in answer.invoices.rows
        ),
        "contract.started_at": _started(live),
        "contract.changes": _cancellations(live),
        "invoices": invoices,
    }


def read(answer: ChargebeeAnswer, seat_prices: Sequence[str], now: datetime) -> Facts:
    """Return the facts; the subscriptions go along for their revenue to be read."""
    values = _values(answer, seat_prices, now)
    bad = _invoices(answer.invoices.rows)[1]
    if values["invoices"] is None:
        bad = (BadValue("invoices", bad[0].where, bad[0].message), *bad)
    partial = {"contract.changes"} | ({"invoices"} if answer.invoices.is_partial or bad else set())
    return Facts(
        values={path: value for path, value in values.items() if value is not None},
        as_of=now,
        fields=FIELDS,
        partial=frozenset(partial),
        bad=bad,
        subscriptions=for_revenue(answer.subscriptions, KEPT),
        untold=untold("contract.changes", ("kind", "at")),
    )
