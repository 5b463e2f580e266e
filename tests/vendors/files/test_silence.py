"""What a file has no column for is unknown to the rules, field by field."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugin.account.context import AccountContext
from plugin.facts.assemble import assemble
from plugin.facts.offers import Offer
from plugin.rules.binding import bind
from plugin.rules.conversion import Moment
from plugin.rules.judged import judge_rules
from plugin.rules.rule_file import load_rules
from plugin.rules.schema import vocabulary_schema
from plugin.settings.records import Workspace
from plugin.upstream import AccountRef, BadValue, Facts
from plugin.vendors.files.source import files
from tests.vendors.files.files_folder import NOW, connect, fetch, problems, write

ACCOUNTS = "account_id,name,domain\na-1,Acme,acme.example\n"
PACK = Path("plugin/rules/packs/default.yaml")
BARE = "id,account_id,status,created_at\n7,a-1,open,2026-11-20\n8,a-1,open,2026-11-19\n"
FULL = (
    "id,account_id,status,created_at,reopens,sla_breached,escalated,text\n"
    "7,a-1,open,2026-11-20,0,false,false,All is well\n"
)


def _context(folder: Path, **tables: str) -> AccountContext:
    link = connect(write(folder, NOW, accounts_csv=ACCOUNTS, **tables))
    said = fetch(link, "a-1")
    offer = Offer("crm", "Files", files.covers(link.options), said)
    return assemble(AccountRef("a-1", "Acme"), [offer], Workspace("acme", "Acme"), NOW)


def _fires(context: AccountContext) -> dict[str, bool | None]:
    """Return what each shipped rule says: fires, off, or None for unknown."""
    schema, moment = vocabulary_schema(), Moment(NOW)
    rules = load_rules(PACK.read_text(encoding="utf-8"), str(PACK), schema).rules
    assert rules is not None
    judged = judge_rules(rules, bind(context, schema, moment), moment)
    return {one.rule.id: one.judgement.value for one in judged}


@pytest.mark.parametrize(
    "rule", ["sla_breach", "reopened_issue", "escalation", "negative_sentiment"]
)
def test_a_rule_that_reads_a_column_that_is_not_there_is_unknown(tmp_path: Path, rule: str):
    """Without the column nobody said no; with it the rule is off."""
    (tmp_path / "bare").mkdir()
    (tmp_path / "full").mkdir()

    assert _fires(_context(tmp_path / "bare", tickets_csv=BARE))[rule] is None
    if rule in ("sla_breach", "negative_sentiment"):
        assert _fires(_context(tmp_path / "full", tickets_csv=FULL))[rule] is False


def test_the_gap_names_the_field_and_the_connection(tmp_path: Path):
    """The record says of each field of an item that nobody tells it, and of no other."""
    gaps = {
        (gap.field, gap.upstream, gap.reason)
        for gap in _context(tmp_path, tickets_csv=BARE).gaps
        if "[]" in gap.field
    }

    assert ("tickets[].reopens", "crm", "not_configured") in gaps
    assert "tickets[].status" not in {field for field, *_ in gaps}


def test_who_gave_titles_told_roles(tmp_path: Path):
    """A role follows from the title, so a title column is enough; without either it is unknown."""
    (tmp_path / "titled").mkdir()
    titled = "account_id,email,title\na-1,a@acme.example,Janitor\n"
    plain = "account_id,email\na-1,a@acme.example\n"

    assert "contacts[].role" not in {
        gap.field for gap in _context(tmp_path / "titled", contacts_csv=titled).gaps
    }
    assert "contacts[].role" in {gap.field for gap in _context(tmp_path, contacts_csv=plain).gaps}


def test_an_invoice_counts_unless_somebody_holds_it(tmp_path: Path):
    """A file that knows no holds has none: its overdue invoices still light the lamp."""
    late = "id,account_id,status,due_at,amount,currency\nI-1,a-1,open,2026-06-01,100,usd\n"

    assert _fires(_context(tmp_path, invoices_csv=late))["invoice_overdue"] is True


def test_a_table_that_is_named_and_gone_is_unknown_and_said(tmp_path: Path):
    """Its facts are a gap of this connection, not an empty answer, and the check names it."""
    link = connect(write(tmp_path, accounts_csv=ACCOUNTS), parts=["accounts", "contacts"])
    gone = {bad.field: bad.reason for bad in fetch(link, "a-1").bad}

    assert gone["contacts"] == "broken"
    assert any("names contacts, and" in problem for problem in problems(link))


def test_an_amount_that_cannot_be_read_is_not_called_unconnected(tmp_path: Path):
    """Where the accounts stand in for subscriptions, their bad cell is the reason."""
    told = "account_id,name,crm_arr,currency\na-1,Acme,lots,usd\n"
    link = connect(write(tmp_path, accounts_csv=told))
    first = next(bad for bad in fetch(link, "a-1").bad if bad.field == "contract.arr")

    assert first.reason == "bad_data"


def test_a_value_that_stands_in_keeps_the_reason_of_the_first():
    """The record tells that the preferred source could not be read."""
    told = BadValue("contract.plan", "billing.csv", "is no plan")
    offers = [
        Offer("billing", "Billing", frozenset({"contract"}), Facts({}, NOW, bad=(told,))),
        Offer("crm", "CRM", frozenset({"contract"}), Facts({"contract.plan": "Pro"}, NOW)),
    ]
    context = assemble(AccountRef("a-1", "Acme"), offers, Workspace("acme", "Acme"), NOW)

    assert context.contract.plan == "Pro"
    assert ("contract.plan", "billing", "bad_data") in {
        (gap.field, gap.upstream, gap.reason) for gap in context.gaps
    }
