"""Read what Stripe says of an account besides its revenue: plan, seats, payment, invoices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from plugin.account.contract import Change, Invoice
from plugin.sources.billing.minor_units import money, stripe_units
from plugin.sources.billing.pages import Body, Listed, for_revenue
from plugin.sources.billing.values import (
    Missing,
    currency,
    instant,
    maybe_instant,
    name,
    number,
    whole,
)
from plugin.sources.untold import untold
from plugin.upstream import BadValue, Facts

PAYING = ("active", "past_due", "unpaid")
LIVE = (*PAYING, "trialing", "paused", "incomplete")
FIELDS = {
    "contract.plan": "items.data.price.product.name",
    "contract.seats_paid": "items.data.quantity",
    "contract.billing_seats": "items.data.quantity",
    "contract.payment_status": "subscription.status, invoice.attempt_count",
    "contract.in_dunning": "invoice.next_payment_attempt",
    "contract.started_at": "subscription.start_date",
    "contract.changes": "subscription.canceled_at",
    "invoices": "invoices",
}
# What revenue is computed from; the rest of a subscription is not kept.
KEPT = frozenset(
    {
        "id",
        "object",
        "status",
        "currency",
        "customer",
        "items",
        "discount",
        "discounts",
        "cancel_at",
        "cancel_at_period_end",
        "canceled_at",
        "ended_at",
        "trial_end",
        "current_period_end",
        "pause_collection",
        "schedule",
        "default_tax_rates",
        "start_date",
    }
)


@dataclass(frozen=True, slots=True)
class StripeAnswer:
    """What Stripe answered for one account; `invoices` None when it may not be asked for them."""

    subscriptions: Listed
    invoices: Listed | None


def _items(bodies: Iterable[Body]) -> list[Body]:
    """Return the licensed items of subscriptions: those with a quantity."""
    found: list[Any] = []
    for body in bodies:
        listed = body.get("items")
        rows = listed.get("data") if isinstance(listed, Mapping) else None
        found += rows if isinstance(rows, list) else []
    return [row for row in found if isinstance(row, Mapping) and row.get("quantity") is not None]


def _price(item: Body) -> Body:
    price = item.get("price", item.get("plan"))
    return price if isinstance(price, Mapping) else {}


def _product(price: Body) -> tuple[str | None, str | None]:
    product = price.get("product")
    if isinstance(product, Mapping):
        return name(product.get("id")), name(product.get("name"))
    return name(product), None


def _plan(items: Iterable[Body]) -> str | None:
    """Return the names of what is subscribed to, each once: `Growth + Analytics`."""
    prices = [_price(item) for item in items]
    names = [_product(price)[1] or name(price.get("nickname")) for price in prices]
    return " + ".join(dict.fromkeys(found for found in names if found)) or None


def _is_named(price: Body, counted: Sequence[str]) -> bool:
    return price.get("id") in counted or _product(price)[0] in counted


def _seats(items: Sequence[Body], counted: Sequence[str]) -> int | None:
    """Return the seats: of the prices and products named in settings, else of the only item.

    A quantity of 1 is most often a flat price, so it is no number of seats without a setting.
    """
    named = [item for item in items if _is_named(_price(item), counted)]
    chosen = named if counted else items
    try:
        seats = sum(whole(item["quantity"], "the quantity") for item in chosen)
    except Missing:
        return None
    if counted:
        return seats if named else None
    return seats if len(chosen) == 1 and seats > 1 else None


def _due(body: Body) -> date | None:
    """Return the day an invoice falls due: one that is charged is due when it is finalised."""
    moments = body.get("status_transitions")
    finalized = moments.get("finalized_at") if isinstance(moments, Mapping) else None
    for moment in (body.get("due_date"), finalized, body.get("created")):
        if moment is not None:
            return instant(moment, "the due date").date()
    return None


def _left(body: Body) -> Any:
    left = body.get("amount_remaining")
    return body.get("amount_due") if left is None else left


def _invoice(body: Body) -> Invoice:
    code = currency(body.get("currency"), "the currency")
    due = money(number(_left(body), "amount_remaining"), stripe_units(code), code)
    attempts = whole(body.get("attempt_count", 0), "attempt_count")
    charged = body.get("collection_method") != "send_invoice"
    return Invoice(
        id=name(body.get("number")) or name(body.get("id")),
        status="failed" if attempts and charged else "open",
        amount=due,
        due_at=_due(body),
        attempts=attempts,
    )


def _invoices(rows: Iterable[Body]) -> tuple[tuple[Invoice, ...], tuple[BadValue, ...]]:
    read: list[Invoice] = []
    bad: list[BadValue] = []
    for body in rows:
        if body.get("status") != "open":
            continue
        try:
            read.append(_invoice(body))
        except Missing as missing:
            where = f"invoice {name(body.get('id')) or 'without id'}"
            bad.append(BadValue("invoices[].amount", where, str(missing)))
    ordered = sorted(read, key=lambda one: (one.due_at is None, one.due_at or date.max))
    return tuple(ordered), tuple(bad)


def _payment(statuses: set[Any], invoices: Iterable[Invoice] | None, today: date) -> str | None:
    known = list(invoices or ())
    if "unpaid" in statuses or any(invoice.status == "failed" for invoice in known):
        return "failed"
    late = any(invoice.due_at is not None and invoice.due_at < today for invoice in known)
    if "past_due" in statuses or late:
        return "past_due"
    return "ok" if statuses & set(PAYING) and invoices is not None else None


def _is_retried(rows: Iterable[Body]) -> bool:
    """Whether a charge was declined and Stripe will try again."""
    return any(
        body.get("status") == "open"
        and bool(body.get("attempt_count"))
        and body.get("next_payment_attempt") is not None
        for body in rows
    )


def _cancellations(bodies: Iterable[Body]) -> tuple[Change, ...]:
    """Return when subscriptions were set to end; other changes are not in these objects."""
    found: list[Change] = []
    for body in bodies:
        ending = body.get("cancel_at_period_end") is True or body.get("cancel_at") is not None
        try:
            at = maybe_instant(body.get("canceled_at"), "canceled_at")
        except Missing:
            continue
        if ending and at is not None:
            found.append(Change(kind="cancel_set", at=at))
    return tuple(sorted(found, key=lambda change: str(change.at), reverse=True))


def _started(bodies: Iterable[Body]) -> date | None:
    days = []
    for body in bodies:
        try:
            days.append(instant(body.get("start_date"), "start_date").date())
        except Missing:
            continue
    return min(days, default=None)


def read(answer: StripeAnswer, seat_prices: Sequence[str], now: datetime) -> Facts:
    """Return the facts; the subscriptions go along for their revenue to be computed."""
    live = [body for body in answer.subscriptions.rows if body.get("status") in LIVE]
    items = _items(live)
    rows = answer.invoices.rows if answer.invoices else ()
    invoices, bad = _invoices(rows)
    seats = _seats(items, seat_prices)
    if bad and not invoices:  # none could be read, which is not "no invoices"
        bad = (BadValue("invoices", bad[0].where, bad[0].message), *bad)
    known = invoices if answer.invoices and (invoices or not bad) else None
    values = {
        "contract.plan": _plan(items),
        "contract.seats_paid": seats,
        "contract.billing_seats": seats,
        "contract.payment_status": _payment(
            {body.get("status") for body in live if isinstance(body.get("status"), str)},
            known,
            now.date(),
        ),
        "contract.in_dunning": _is_retried(rows) if answer.invoices else None,
        "contract.started_at": _started(live),
        "contract.changes": _cancellations(live),
        "invoices": known,
    }
    partial = {"contract.changes"}
    if answer.invoices is not None and (answer.invoices.is_partial or bad):
        partial.add("invoices")
    return Facts(
        values={path: value for path, value in values.items() if value is not None},
        as_of=now,
        fields=FIELDS,
        partial=frozenset(partial),
        bad=bad,
        subscriptions=for_revenue(answer.subscriptions, KEPT),
        untold=untold("contract.changes", ("kind", "at")),
    )
