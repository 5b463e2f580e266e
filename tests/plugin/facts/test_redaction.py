"""Who sees what: fields are taken out by role, and a workspace grants some of them back."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from plugin.account.company import Account
from plugin.account.context import AccountContext
from plugin.account.contract import Contract, Invoice
from plugin.account.money import Money
from plugin.account.support import Ticket
from plugin.account.vocabulary import FIELDS
from plugin.facts.redaction import WITHHELD, redact, restricted_seen, unknown_grants
from plugin.settings.records import Workspace

SPACE = Workspace("acme", "Acme")
TICKET = Ticket(id="T-1", subject="Broken", url="https://x.example", component="export")


def test_every_withheld_path_is_a_field_of_the_vocabulary():
    """A misspelt one would keep nothing back."""
    known = {f"{path}[].{item.path}" for path, field in FIELDS.items() for item in field.items}

    assert frozenset().union(*WITHHELD.values()) <= known | set(FIELDS)


@pytest.mark.parametrize("role", ["somebody", "", "cs_lead"])
def test_an_unknown_role_sees_what_an_agent_sees(role):
    """The least."""
    context = AccountContext(deals=(), tickets=(TICKET,))

    assert redact(context, role, SPACE).withheld == redact(context, "agent", SPACE).withheld


def test_an_account_executive_sees_what_tickets_are_about_and_not_what_was_written():
    """Topics and counts, until the workspace grants more."""
    context = AccountContext(tickets=(TICKET,))
    granted = replace(SPACE, grants={"ae": frozenset({"tickets[].subject"})})
    plain, more = (redact(context, "ae", space).tickets for space in (SPACE, granted))

    assert plain == (replace(TICKET, subject=None, url=None),)
    assert more == (replace(TICKET, url=None),)


def test_every_amount_of_the_account_has_its_band():
    """An agent learns the size of each, and the exact amount of none; of invoices neither."""
    money = Money(Decimal("31847.23"), "usd")
    contract = Contract(arr=money, mrr=money, crm_arr=money, billing_arr=money)
    account = Account(annual_revenue=money)
    context = AccountContext(account=account, contract=contract, invoices=(Invoice(amount=money),))
    bands = {one.field: one.band for one in redact(context, "agent", SPACE).withheld}

    assert bands.pop("invoices[].amount") is None
    assert bands == dict.fromkeys(
        (
            "account.annual_revenue",
            "contract.arr",
            "contract.billing_arr",
            "contract.crm_arr",
            "contract.mrr",
        ),
        "$25–50k",
    )


def test_what_is_unknown_is_a_gap_and_is_not_called_withheld():
    """Withheld says that there is something."""
    assert redact(AccountContext(), "agent", SPACE).withheld == ()
    assert restricted_seen(AccountContext(), "csm", SPACE) == ()


def test_a_grant_of_nothing_is_a_problem_with_a_hint():
    """A typing mistake must not look like a decision."""
    wrong = {"agent": frozenset({"contract.ar"}), "ae": frozenset({"deals"})}
    (problem,) = unknown_grants(replace(SPACE, grants=wrong))

    assert (problem.key, problem.hint) == (
        "workspaces.acme.grants.agent",
        "did you mean 'contract.arr'?",
    )


def test_the_page_for_admins_says_who_sees_what():
    """docs/roles.md has a row for each withheld field, and it is right."""
    page = (Path(__file__).parents[3] / "docs/roles.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| `")]
    told = {
        path: dict(zip(("agent", "csm", "ae"), cells, strict=True))
        for words, *cells in rows
        for path in re.findall(r"`([^`]+)`", words)
        if len(cells) == len(WITHHELD)
    }

    assert set(told) == frozenset().union(*WITHHELD.values())
    for path, by_role in told.items():
        for role, cell in by_role.items():
            assert (cell == "yes") == (path not in WITHHELD[role]), (path, role)
