"""A fixed cast of hand-made widgets, named by what is special about each."""

from __future__ import annotations

import dataclasses

from tests.widgets import northwind
from tests.widgets.every_text import every_text
from tests.widgets.pseudo import mirrored, rewrite, stretched
from widgets.widget import (
    Action,
    Badge,
    Badges,
    Bar,
    Choice,
    Divider,
    Figure,
    Figures,
    Header,
    Link,
    More,
    Notice,
    Person,
    Row,
    Search,
    Section,
    SourceChip,
    Sparkline,
    Text,
    Widget,
)

NOT_FOUND = {
    "no_email": "This ticket has no e-mail address to look for.",
    "unknown_domain": "No account of yours uses the domain fabrikam.example.",
    "free_mail": "gmail.com is a free-mail domain: it says nothing about the company.",
    "disposable": "This address comes from a disposable mail service.",
    "shared_domain": "Several firms share the domain coworking.example.",
    "own_domain": "This is one of your own addresses.",
}
SEARCH = Search("Name, domain or id of the account", "Search")
HOSTILE = (
    '<img src=x onerror="alert(1)">{{7*7}} [click](https://evil.test) **b** \u202egnp\x00\ud800'
)


def _none(reason: str, sentence: str) -> Widget:
    return Widget(
        state="none",
        header=Header("No account found"),
        sections=(
            Section(
                "reason",
                "",
                (Text(sentence), Search("Name, domain or id of the account", "Search")),
            ),
        ),
        sources=northwind.SOURCES[:1],
        judged=f"Looked for Jo Field, jo@{reason.replace('_', '-')}.example",
    )


PARTIAL = dataclasses.replace(
    northwind.CSM,
    state="partial",
    sections=(
        northwind.CSM.sections[0],
        Section(
            "money",
            "",
            (
                Figures(
                    (
                        Figure(
                            "ARR",
                            "≈ $30K",
                            title="From 14:02, before billing went silent",
                            state="stale",
                        ),
                        northwind.MONEY[1],
                        northwind.MONEY[2],
                        Figure(
                            "Notice due",
                            "unknown",
                            title="Billing has no notice period",
                            state="unknown",
                        ),
                    )
                ),
            ),
            Notice(
                "Billing did not answer — showing values from 14:02.",
                "warning",
                action=Action("refresh", "Retry"),
            ),
        ),
        northwind.WRITES,
        Section(
            "usage",
            "Usage, 90 days",
            (),
            Notice(
                "Product usage did not answer in time.",
                "warning",
                action=Action("refresh", "Retry"),
            ),
        ),
        northwind.PEOPLE,
    ),
    sources=(
        northwind.SOURCES[0],
        SourceChip("Billing", "3 h", "warning", "21 Nov 2026, 14:02 UTC: did not answer since"),
        SourceChip("Usage", "no answer", "warning", "Timed out after 2.5 s"),
    ),
    judged="Not judged: 6 checks need usage",
    refreshing=True,
)
AMBIGUOUS = Widget(
    state="ambiguous",
    header=Header("Which account?"),
    sections=(
        Section(
            "candidates",
            "",
            (
                Text(
                    "jo@contoso.example belongs to 3 accounts. Nothing is shown until you choose."
                ),
                Choice("a-1", "Contoso", "contoso.example", "Contact in the CRM", "pin"),
                Choice("a-2", "Contoso Retail GmbH", "contoso.example", "Owns the domain", "pin"),
                Choice(
                    "a-3",
                    "Contoso Logistics",
                    "contoso-log.example",
                    "Organisation on the ticket",
                    "pin",
                ),
            ),
        ),
    ),
    sources=northwind.SOURCES[:1],
)
CONSUMER = Widget(
    state="consumer",
    header=Header("A person, not a company"),
    sections=(
        Section(
            "reason",
            "",
            (Text("Jo Field is a customer of yours without a company: no account, no contract."),),
        ),
    ),
)
EXPIRED = Widget(
    state="expired",
    header=Header("This view has expired"),
    sections=(Section("reason", "", (Text("Reload the ticket to see the account again."),)),),
)
UNCONFIGURED = Widget(
    state="unconfigured",
    header=Header("Nothing to show yet"),
    sections=(
        Section(
            "missing",
            "",
            (
                Text("No source is connected. Without one, these facts are missing:"),
                Row("CRM", "account, renewal, owners"),
                Row("Billing", "plan, ARR, invoices"),
                Row("Product usage", "people, modules, limits"),
                Link("How an admin connects them", "https://sidelight.example/docs/upstreams"),
            ),
        ),
    ),
)
QUIET = dataclasses.replace(
    northwind.CSM,
    sections=(
        Section("signals", "", (Notice("No signals. 31 checks, 2 could not run."),)),
        *northwind.CSM.sections[1:],
    ),
    judged="",
)
EMPTY = Widget(state="none", header=Header(""))
EVERYTHING = Section(
    "everything",
    "Everything",
    (
        Text("Normal"),
        Text("Strong", strong=True),
        Divider(),
        Badge("Alone", "risk", 2, "Counted twice"),
        Badges((Badge("a", "growth"), Badge("b", "warning"), Badge("c", "muted"))),
        Figure("Alone", "1", "of 2"),
        Sparkline((1, 2, 3), "Rising"),
        Sparkline((), "Nothing known"),
        Bar("Over", "130 %", 1.3, "130 % of the limit", tone="risk"),
        Bar("Near", "81 %", 0.81, "81 % of the limit", "of 20,000", "warning"),
        Person("Ada Lee", "Economic buyer", "left", "risk", "ada@northwind.example"),
        More("+2 more", (Row("One", "1", tone="risk"), More("+1 more", (Row("Two", "2"),)))),
        Notice(
            "The CRM says 20 Jan, billing says 1 Feb", "warning", Link("Compare", northwind.TICKET)
        ),
        Link("Not safe", "javascript:alert(1)"),
        Choice("x", "Without action", "", ""),
    ),
    Notice("Notice of the section"),
    folded=True,
)
ALL_KINDS = dataclasses.replace(
    northwind.CSM, sections=(EVERYTHING,), banner="This account has a high risk."
)


LONG = rewrite(PARTIAL, stretched)
RIGHT_TO_LEFT = dataclasses.replace(rewrite(northwind.CSM, mirrored), locale="he", language="he")

CAST: dict[str, Widget] = {
    "northwind_csm": northwind.CSM,
    "northwind_agent": northwind.AGENT,
    "northwind_ae": northwind.AE,
    "partial": PARTIAL,
    **{f"none_{reason}": _none(reason, sentence) for reason, sentence in NOT_FOUND.items()},
    "ambiguous": AMBIGUOUS,
    "consumer": CONSUMER,
    "expired": EXPIRED,
    "unconfigured": UNCONFIGURED,
    "all_quiet": QUIET,
    "all_kinds": ALL_KINDS,
    "hostile": every_text(HOSTILE),
    "long": LONG,
    "right_to_left": RIGHT_TO_LEFT,
    "empty": EMPTY,
}
