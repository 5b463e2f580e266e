"""Northwind Analytics as a customer success manager, an agent and an account executive see it."""

from __future__ import annotations

import dataclasses

from widgets.widget import (
    Action,
    Badge,
    Badges,
    Bar,
    Choice,
    Figure,
    Figures,
    Header,
    Link,
    More,
    Person,
    Reason,
    Row,
    Search,
    Section,
    SignalCard,
    SourceChip,
    Sparkline,
    Text,
    Widget,
)

ADMIN = "billing.admin@northwind.example"
TICKET = "https://acme.zendesk.com/agent/tickets/9"

RENEWAL = SignalCard(
    rule="renewal_window_open_bug",
    tone="risk",
    word="High risk",
    headline="Renews in 60 days with an open export bug, 12 days old",
    detail="The renewal on 20 Jan 2027 falls while “CSV export fails” is still open.",
    play="Tell the CSM before replying; give a date for the fix",
    owner="CSM",
    since="Lit since 9 Nov 2026 · rule of 14 Nov",
    reasons=(
        Reason(
            "The renewal is at most 90 days away",
            (Row("Renews", "20 Jan 2027", "CRM, 4 min ago"), Row("Days left", "60")),
        ),
        Reason(
            "A bug has been open for 7 days or more",
            (Row("Age", "12 days", "Zendesk, 20 s ago"),),
            (Link("CSV export fails", TICKET),),
        ),
    ),
    actions=(
        Action("feedback", "Useful", "renewal_window_open_bug:useful"),
        Action("feedback", "Wrong", "renewal_window_open_bug:wrong"),
        Action("feedback", "Known", "renewal_window_open_bug:known"),
        Action("feedback", "Handled", "renewal_window_open_bug:handled"),
        Action("snooze", "1 day", "renewal_window_open_bug:1"),
        Action("snooze", "7 days", "renewal_window_open_bug:7"),
        Action("snooze", "30 days", "renewal_window_open_bug:30"),
    ),
)
BILLING = SignalCard(
    rule="repeated_billing_questions",
    tone="warning",
    word="Medium risk",
    headline="3 billing questions in 90 days",
    play="Offer the billing admin a short walk-through",
    owner="agent",
    since="Lit since 3 Nov 2026",
    reasons=(
        Reason(
            "3 or more tickets about billing in 90 days",
            (Row("Tickets", "3", "Zendesk, 20 s ago"),),
            (
                Link("Question about the invoice", "https://acme.zendesk.com/agent/tickets/4"),
                Link("VAT number", "https://acme.zendesk.com/agent/tickets/6"),
                Text("Proration after adding a seat"),
            ),
        ),
    ),
)
UNUSED = SignalCard(
    rule="entitled_module_unused",
    tone="growth",
    word="Room to grow",
    headline="Reporting every day, Integrations never",
    play="Show one integration that saves an export",
    owner="AE",
    reasons=(
        Reason(
            "A module of the plan has had no event in 90 days",
            (Row("Integrations", "0 events", "Usage, 6 h ago"),),
        ),
    ),
)
CONTACTS = SignalCard(
    rule="contacts_unseen",
    tone="muted",
    word="To tidy up",
    headline="2 of 5 contacts unseen for 90 days",
    play="Check whether they still work there",
    owner="CS ops",
)

HEALTH = Sparkline((72, 73, 71, 70, 68, 64, 61, 58), "Health, 30 days: from 72 to 58", "risk")
MONEY = (
    Figure("ARR", "≈ $30K", title="$30,000.00 a year, rounded by billing · 9 min ago"),
    Figure("Renews", "20 Jan 2027", "60 d", title="CRM, renewal date · 4 min ago"),
    Figure("Health", "58", "▼ 14 in 30 d", "risk", "Held back most by usage", spark=HEALTH),
    Figure("Notice due", "21 Dec", "30 d", title="21 Dec 2026: 30 days before the renewal"),
)
WRITES = Section(
    "support",
    "Writes about",
    (
        Badges((Badge("billing", count=3), Badge("export", count=1), Badge("1 open of 4"))),
        Row("CSV export fails", "open", "12 d", url=TICKET),
    ),
)
USAGE = Section(
    "usage",
    "Usage, 90 days",
    (
        Bar("Reporting", "1,180", 0.92, "Reporting: 1,180 events in 90 days"),
        Bar("Dashboards", "512", 0.41, "Dashboards: 512 events in 90 days"),
        Bar(
            "Integrations", "0", 0, "Integrations: no event in 90 days", note="In the plan, unused"
        ),
    ),
)
PEOPLE = Section(
    "people",
    "People",
    (
        Badges(
            (
                Badge("2 power users"),
                Badge("1 billing admin"),
                Badge("no sponsor known", "warning", title="No sponsor in the CRM"),
            )
        ),
        More(
            "3 people",
            (
                Person("Analyst", "power user", "today"),
                Person("Analyst", "power user", "today"),
                Person(
                    "Billing admin",
                    "owns billing",
                    "writes now",
                    "normal",
                    "billing.admin@northwind.example",
                ),
            ),
        ),
    ),
)
COMPANY = Section(
    "company",
    "Company",
    (
        Row("Industry", "Vertical SaaS"),
        Row("Employees", "80"),
        Row("Customer since", "14 Mar 2023", "3 y 8 m"),
        Row("CSM", "Dana Petrov"),
        Row("Headquarters", "unknown", title="Not filled in the CRM"),
    ),
    folded=True,
)
SOURCES = (
    SourceChip("CRM", "4 min", "muted", "21 Nov 2026, 08:56 UTC", "2026-11-21T08:56:00Z"),
    SourceChip("Billing", "9 min", "muted", "21 Nov 2026, 08:51 UTC", "2026-11-21T08:51:00Z"),
    SourceChip("Usage", "6 h", "muted", "21 Nov 2026, 03:00 UTC", "2026-11-21T03:00:00Z"),
    SourceChip("Zendesk", "20 s", "muted", "21 Nov 2026, 08:59 UTC", "2026-11-21T08:59:40Z"),
)
HEADER = Header(
    "Northwind Analytics",
    (Badge("Growth"), Badge("Tier 2")),
    match="Matched by contact e-mail",
    match_title=f"{ADMIN} is a contact of this account in the CRM.",
    correction=(
        Choice("a-17", "Northwind Traders", "northwind.com", "Name is alike", "pin"),
        Search("Another account", "Search"),
    ),
)


def _signals(*cards: SignalCard, more: SignalCard | None = None) -> Section:
    behind = (More("+1 more", (more,)),) if more else ()
    return Section("signals", "", (*cards, *behind))


CSM = Widget(
    state="resolved",
    header=HEADER,
    sections=(
        _signals(RENEWAL, BILLING, UNUSED, more=CONTACTS),
        Section("money", "", (Figures(MONEY),)),
        WRITES,
        PEOPLE,
        USAGE,
        COMPANY,
    ),
    sources=SOURCES,
    judged="31 checks, 2 could not run",
    link=Link("Open in the CRM", "https://crm.example/accounts/northwind"),
)
BANDED = (
    Figure("ARR", "$25–50k", title="Exact ARR is for CSM and AE", state="withheld"),
    *MONEY[1:3],
    Figure("Notice due", "unknown", title="Billing has no notice period", state="unknown"),
)
AGENT = dataclasses.replace(
    CSM,
    sections=(
        WRITES,
        _signals(RENEWAL, BILLING),
        Section("money", "", (Figures(BANDED),)),
        PEOPLE,
        USAGE,
        COMPANY,
    ),
    link=None,
)
AE = dataclasses.replace(
    CSM,
    sections=(
        _signals(UNUSED, RENEWAL, BILLING),
        Section("money", "", (Figures(MONEY),)),
        PEOPLE,
        WRITES,
        USAGE,
        Section("seats", "Seats", (Bar("Seats", "18 of 25", 0.72, "18 of 25 seats are used"),)),
        COMPANY,
    ),
)
