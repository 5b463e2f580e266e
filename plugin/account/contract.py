"""What must be protected: the contract, its invoices and deals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from plugin.account import words
from plugin.account.fact import fact
from plugin.account.money import Money


@dataclass(frozen=True, slots=True)
class Change:
    """One change of plan, seats or cancellation."""

    kind: str | None = fact("Kind", "what changed", word=words.CHANGE)
    at: datetime | None = fact("When", "when it changed")
    before: str | None = fact("Before", "as shown, before")
    after: str | None = fact("After", "as shown, after")
    ratio: float | None = fact("Ratio", "new ÷ old seats or price", unit="ratio")


@dataclass(frozen=True, slots=True)
class Contract:
    """What must be protected."""

    plan: str | None = fact("Plan", "plan name")
    arr: Money | None = fact("ARR", "yearly recurring revenue under the policy", restricted=True)
    mrr: Money | None = fact("MRR", "monthly recurring revenue under the policy", restricted=True)
    arr_band: str | None = fact(
        "ARR band",
        "the band that ARR falls into",
        derived_from=("contract.arr",),
        layer="firmographic",
    )
    renewal_at: date | None = fact(
        "Renewal date", "the CRM's date, else billing's for terms of a year or more", upstream="crm"
    )
    ends_at: date | None = fact("Ends", "a known end without renewal")
    started_at: date | None = fact("Started", "start of the contract", upstream="crm")
    trial_ends_at: date | None = fact("Trial ends", "end of the trial")
    notice_days: int | None = fact(
        "Notice period", "days before the renewal", unit="days", upstream="crm"
    )
    auto_renews: bool | None = fact("Renews by itself", "without a new signature", upstream="crm")
    term_months: int | None = fact("Term", "length of a term", unit="months", upstream="crm")
    notice_deadline: date | None = fact(
        "Notice due",
        "last day to give notice",
        upstream="crm",
        derived_from=("contract.renewal_at", "contract.notice_days"),
    )
    seats_paid: int | None = fact("Seats paid", "licensed seats", unit="seats")
    true_up_terms: str | None = fact(
        "True-up terms", "what is agreed for seats above those paid", upstream="crm"
    )
    payment_status: str | None = fact(
        "Payment", "state in the billing system", word=words.PAYMENT_STATUS
    )
    in_dunning: bool | None = fact("In dunning", "a failed payment is being retried")
    is_usage_based: bool | None = fact("Usage-based", "has metered items")
    crm_renewal_at: date | None = fact("Renewal in the CRM", "as the CRM says", upstream="crm")
    billing_renewal_at: date | None = fact("Renewal in billing", "as billing says")
    crm_arr: Money | None = fact(
        "ARR in the CRM", "as the CRM says", restricted=True, upstream="crm"
    )
    billing_arr: Money | None = fact("ARR in billing", "as billing says", restricted=True)
    crm_seats: int | None = fact(
        "Seats in the CRM", "as the CRM says", unit="seats", upstream="crm"
    )
    billing_seats: int | None = fact("Seats in billing", "as billing says", unit="seats")
    changes: tuple[Change, ...] | None = fact("Changes", "of the contract, newest first")


@dataclass(frozen=True, slots=True)
class Invoice:
    """One open invoice."""

    id: str | None = fact("Invoice", "number or id")
    status: str | None = fact("Status", "open, or a charge declined", word=words.INVOICE_STATUS)
    amount: Money | None = fact("Amount due", "what is still due", restricted=True)
    due_at: date | None = fact("Due", "day it falls due")
    days_overdue: int | None = fact("Days overdue", "0 until due", unit="days")
    attempts: int | None = fact("Attempts", "failed attempts to collect", unit="attempts")
    on_hold: bool | None = fact("On hold", "waits for a purchase order or an approval")


@dataclass(frozen=True, slots=True)
class Deal:
    """One opportunity in the CRM."""

    id: str | None = fact("Deal", "id in the CRM")
    name: str | None = fact("Name", "name in the CRM")
    kind: str | None = fact("Kind", "new business, renewal or expansion", word=words.DEAL_KIND)
    stage: str | None = fact("Stage", "the CRM's own stage")
    status: str | None = fact("Status", "what the stage amounts to", word=words.DEAL_STATUS)
    amount: Money | None = fact("Amount", "size of the deal")
    close_at: date | None = fact("Closes", "expected or actual closing day")
