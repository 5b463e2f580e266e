"""Payment and terms: what is owed, what was agreed, and where the sources disagree."""

from __future__ import annotations

from datetime import date

from plugin.account.money import Money
from plugin.account.vocabulary import Invoice
from plugin.view.section import Scene, ViewSection
from widgets.widget import Component, Row, Section

_PAYMENT = {
    "ok": ("paid up", "normal"),
    "past_due": ("past due", "warning"),
    "failed": ("failed", "risk"),
}
_CHANGES = {
    "plan_up": "Moved to a higher plan",
    "plan_down": "Moved to a lower plan",
    "seats_up": "Added seats",
    "seats_down": "Dropped seats",
    "cancel_set": "Cancellation set",
    "cancel_withdrawn": "Cancellation withdrawn",
}


def _payment(scene: Scene) -> list[Component]:
    contract = scene.context.contract
    if contract.payment_status is None:
        return []
    text, tone = _PAYMENT[contract.payment_status]
    return [Row("Payment", text, "being retried" if contract.in_dunning else "", tone)]


def _invoice(scene: Scene, invoice: Invoice) -> Row:
    amount = scene.wording.exact_money(invoice.amount) if invoice.amount else ""
    days = invoice.days_overdue
    if invoice.on_hold:
        state, tone = "on hold", "muted"
    elif days:
        state, tone = f"{days} days overdue", "risk"
    else:
        state = f"due {scene.wording.in_days(invoice.due_at)}" if invoice.due_at else "open"
        tone = "normal"
    return Row(
        f"Invoice {invoice.id or ''}".strip(), amount or state, state if amount else "", tone
    )


def _unread_invoices(scene: Scene) -> list[Component]:
    """Return what is said of invoices that could not be read, none or not all of them."""
    unread = scene.unread("invoices") if scene.context.invoices is None else ""
    partly = scene.partly("invoices")
    return [Row("Invoices", "unknown", unread)] if unread else [partly] if partly else []


def _terms(scene: Scene) -> list[Component]:
    contract, words = scene.context.contract, scene.wording
    rows: list[Component] = []
    if contract.seats_paid is not None:
        rows.append(Row("Seats", words.number(contract.seats_paid), contract.true_up_terms or ""))
    if contract.auto_renews is not None:
        rows.append(Row("Renews by itself", "yes" if contract.auto_renews else "no"))
    if contract.term_months is not None:
        rows.append(Row("Term", f"{contract.term_months} months"))
    if contract.started_at is not None:
        rows.append(Row("Started", words.day(contract.started_at)))
    return rows


def _said(scene: Scene, value: date | Money | float) -> str:
    if isinstance(value, Money):
        return scene.wording.exact_money(value)
    if isinstance(value, date):
        return scene.wording.day(value)
    return scene.wording.number(value)


def _conflicts(scene: Scene) -> list[Component]:
    contract = scene.context.contract
    pairs = (
        ("Renewal", contract.crm_renewal_at, contract.billing_renewal_at),
        ("ARR", contract.crm_arr, contract.billing_arr),
        ("Seats", contract.crm_seats, contract.billing_seats),
    )
    return [
        Row(
            f"{label} differs",
            f"CRM {_said(scene, crm)}",
            f"billing {_said(scene, billing)}",
            "warning",
        )
        for label, crm, billing in pairs
        if crm is not None and billing is not None and _said(scene, crm) != _said(scene, billing)
    ]


def _changes(scene: Scene) -> list[Component]:
    return [
        Row(
            _CHANGES.get(change.kind or "", "Changed"),
            " → ".join(text for text in (change.before, change.after) if text),
            scene.wording.since(change.at) if change.at else "",
        )
        for change in (scene.context.contract.changes or ())[:3]
    ]


def _build(scene: Scene) -> Section | None:
    invoices: list[Component] = [_invoice(scene, item) for item in scene.context.invoices or ()]
    invoices += _unread_invoices(scene)
    rows = _conflicts(scene) + _payment(scene) + invoices + _changes(scene) + _terms(scene)
    return Section("billing", "Billing and terms", tuple(rows), folded=True) if rows else None


billing = ViewSection("billing", "Billing and terms", ("contract.", "invoices"), _build)
