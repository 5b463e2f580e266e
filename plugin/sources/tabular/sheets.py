"""The tables that a folder may hold: accounts first, everything else beside them."""

from __future__ import annotations

from plugin.account.vocabulary import (
    Account,
    Change,
    Contact,
    Contract,
    Deal,
    Health,
    Invoice,
    Limit,
    Milestone,
    Module,
    OffboardingEvent,
    Outreach,
    Survey,
    Ticket,
    UpgradeInterest,
    Usage,
)
from plugin.account.words import PAYMENT_STATUS
from plugin.sources.tabular.shape import Column, Sheet, columns_of, renamed
from plugin.sources.words import INTERVALS, INVOICE_STATUS, SUBSCRIPTION_STATUS

SETTLED = ("paid", "void")  # invoices that are no longer open: read and left out
AS_OF = Column("as_of", "date-time", "time for which the row holds; else the file's own time")
KEYS = (
    Column("account_id", "string", "whose row this is: the account's id", example="a-104"),
    Column("domain", "domain", "or the account's domain, where no id is at hand"),
)
PERSON = Column("email", "email", "or the address of one of its people")
MONEY = (
    Column("currency", "currency", "currency of every amount in the row", example="USD"),
    Column("approximate", "bool", "the amounts are rounded; shown with ≈"),
)
_DERIVED = frozenset(["icp_score", "change_ratio", "arr_band", "notice_deadline"])
_TICKET_DERIVED = frozenset(["duplicate_of", "repeats_90d"])
_CRM_TERMS = frozenset(
    ["ends_at", "started_at", "notice_days", "auto_renews", "term_months", "true_up_terms"]
)


_SEATS = ("contract.seats_paid", "contract.billing_seats")
_SUMS = ("contract.arr", "contract.mrr", "contract.billing_arr")
_SUBSCRIPTION = (
    *KEYS,
    PERSON,
    Column("id", "string", "id of the subscription; needed where an account has several"),
    Column("plan", "string", "plan name", ("contract.plan",), example="Growth"),
    Column(
        "amount",
        "money",
        "what the subscription costs each interval, all seats, net of tax",
        _SUMS,
    ),
    Column("unit_amount", "money", "or what one unit costs each interval", _SUMS),
    Column(
        "interval",
        "word",
        "how often it is charged",
        words=INTERVALS,
        required=True,
        example="year",
    ),
    Column(
        "interval_count",
        "whole",
        "intervals between two charges; empty means 1",
        limits=(1, 120),
    ),
    Column("quantity", "whole", "seats or units", _SEATS, example="25"),
    Column(
        "status",
        "word",
        "state in billing",
        ("contract.payment_status",),
        SUBSCRIPTION_STATUS,
        required=True,
        example="active",
    ),
    Column("renewal_at", "date", "end of the running term", ("contract.billing_renewal_at",)),
    Column("ends_at", "date", "a known end without renewal", ("contract.ends_at",)),
    Column("trial_ends_at", "date", "end of the trial", ("contract.trial_ends_at",)),
    Column(
        "payment_status",
        "word",
        "where it says more than the status",
        ("contract.payment_status",),
        PAYMENT_STATUS,
    ),
    Column("in_dunning", "bool", "a failed payment is being retried", ("contract.in_dunning",)),
    Column("usage_based", "bool", "has metered items", ("contract.is_usage_based",)),
    *MONEY,
    AS_OF,
)


def _with(columns: tuple[Column, ...], **required: str) -> tuple[Column, ...]:
    return tuple(
        renamed(column, required=True, example=required[column.name])
        if column.name in required
        else column
        for column in columns
    )


def _accounts() -> Sheet:
    own = columns_of("account", Account, prefix="account.", but=_DERIVED | {"id"})
    terms = tuple(
        column
        for column in columns_of("contract", Contract, prefix="contract.")
        if column.name in _CRM_TERMS | {"crm_arr", "crm_seats"}
    )
    both = ("contract.renewal_at", "contract.crm_renewal_at")
    renewal = Column("renewal_at", "date", "next renewal, as the CRM says", both)
    key = Column(
        "account_id",
        "string",
        "id of the account, unique",
        ("account.id",),
        required=True,
        example="a-104",
    )
    organization = Column("organization_id", "string", "the helpdesk's id of the same company")
    columns = (
        key,
        *_with(own, name="Acme Tools"),
        renewal,
        *terms,
        *columns_of("outreach", Outreach, prefix="outreach."),
        organization,
        *MONEY,
        AS_OF,
    )
    return Sheet("accounts", "one row an account; required", columns)


def _list(name: str, title: str, root: str, record: type, **options: int | bool) -> Sheet:
    own = columns_of(root, record, but=_TICKET_DERIVED)
    money = MONEY if any(column.kind == "money" for column in own) else ()
    cap = int(options.get("cap", 100))
    known = bool(options.get("known_empty", True))
    person = () if name in ("contacts", "tickets") else (PERSON,)  # these have one of their own
    return Sheet(name, title, (*KEYS, *person, *own, *money, AS_OF), root, cap, known)


def _single(name: str, title: str, root: str, record: type) -> Sheet:
    own = columns_of(root, record, prefix=f"{root}.", but=_DERIVED)
    return Sheet(name, title, (*KEYS, PERSON, *own, AS_OF))


def _invoices() -> Sheet:
    sheet = _list("invoices", "one row an invoice", "invoices", Invoice)
    status = sheet.column("status")
    columns = tuple(
        renamed(column, words=INVOICE_STATUS, required=True, example="open")
        if column is status
        else column
        for column in sheet.columns
    )
    return Sheet(sheet.name, sheet.title, _with(columns, id="INV-204"), sheet.root)


def _tickets() -> Sheet:
    sheet = _list("tickets", "one row a ticket", "tickets", Ticket, cap=200)
    text = Column("text", "string", "the customer's own words; mined, never shown whole")
    columns = _with(sheet.columns, id="T-204", status="open")
    return Sheet("tickets", sheet.title, (*columns[:-1], text, AS_OF), "tickets", 200)


def _rows_of(sheet: Sheet, **required: str) -> Sheet:
    return Sheet(
        sheet.name,
        sheet.title,
        _with(sheet.columns, **required),
        sheet.root,
        sheet.cap,
        sheet.known_empty,
    )


SHEETS: dict[str, Sheet] = {
    sheet.name: sheet
    for sheet in (
        _accounts(),
        _list("contacts", "one row a person", "contacts", Contact),
        Sheet("subscriptions", "one row a subscription", _SUBSCRIPTION),
        _single("usage", "one row an account", "usage", Usage),
        _invoices(),
        _tickets(),
        _single("survey", "one row an account: the last answers", "survey", Survey),
        _single("health", "one row an account: a score from elsewhere", "health", Health),
        _rows_of(_list("deals", "one row a deal", "deals", Deal), id="D-17"),
        _rows_of(
            _list("modules", "one row a module", "usage.modules", Module, known_empty=False),
            name="Reporting",
        ),
        _rows_of(
            _list("limits", "one row a limit", "usage.limits", Limit, known_empty=False),
            name="API calls",
        ),
        _rows_of(
            _list("milestones", "one row a step", "usage.milestones", Milestone, known_empty=False),
            name="Data source connected",
        ),
        _rows_of(
            _list(
                "interest", "one row a sign of interest", "usage.upgrade_interest", UpgradeInterest
            ),
            kind="pricing_page",
        ),
        _rows_of(
            _list(
                "offboarding", "one row a step away", "usage.offboarding_events", OffboardingEvent
            ),
            kind="api_key_deleted",
        ),
        _rows_of(_list("changes", "one row a change", "contract.changes", Change), kind="seats_up"),
    )
}
