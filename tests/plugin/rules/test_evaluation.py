"""Judging an account: guards, overrides, exceptions, severity, and what hides what."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from plugin.account.context import AccountContext, UpstreamState, Withheld
from plugin.account.contract import Invoice
from plugin.account.money import Money
from plugin.rules.binding import bind, with_gap, with_partial
from plugin.rules.conversion import Moment
from plugin.rules.evaluation import evaluate
from plugin.rules.formats import Count
from plugin.rules.rendered import render
from plugin.rules.rule_test_account import bind_account
from plugin.rules.stale_source import stale_sources
from plugin.rules.states import StoredState
from plugin.rules.values import viewer_values, visible_read
from tests.plugin.rules.lamps import names, rule_line, shown

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LIVE = "version: 1\nextends: default\noverride:\n  - {{id: {}, replace: {{status: live}}}}\n"


def test_drafts_and_retired_rules_are_not_judged() -> None:
    """They neither fire nor count."""
    lines = [rule_line(s, "risk", "low", status=s) for s in ("draft", "retired", "live")]
    signals = shown(lines)

    assert names(signals.shown) == ["live"]
    assert (signals.judged, signals.not_judged, signals.shadow) == (1, 0, ())


@pytest.mark.parametrize(
    ("more", "severity", "named"),
    [
        ("", "high", []),
        ("on_unknown: show", "low", ["a"]),
        ("", "critical", ["a"]),
        ("on_unknown: hide", "critical", []),
    ],
)
def test_an_unknown_risk_is_named_where_it_matters(more: str, severity: str, named) -> None:
    """By default only a critical risk that could not be judged is named; all are counted."""
    line = rule_line("a", "risk", severity, more).replace("employees", "children")
    signals = shown([line])

    assert names(signals.unknown) == named
    assert (signals.judged, signals.not_judged) == (0, 1)
    assert names(signals.in_answer()) == ["a"]
    assert signals.in_answer()[0].state == "unknown"


def test_an_unknown_signal_says_what_is_missing(schema) -> None:
    """Its headline is a sentence with label, source and reason; there is no play."""
    line = rule_line("a", "risk", "critical").replace("employees", "children")
    signals = shown([line])
    values = viewer_values(AccountContext(), schema, Moment(NOW))
    texts = render(signals.unknown[0], values, "en")

    assert texts.headline == "Not judged. Child accounts: no source is connected for it"
    assert texts.play == ""


def test_without_a_store_times_are_ignored() -> None:
    """Dwell cannot wait where nothing is remembered; with a store it does."""
    line = rule_line("a", "risk", "high", "dwell: 7d")

    assert names(shown([line]).shown) == ["a"]
    assert names(shown([line], states={}).pending) == ["a"]
    assert shown([line], states={}).rows["a"].state == "pending"


def test_a_lit_signal_outlives_an_hour_without_an_answer() -> None:
    """It stays, with the time of its last check, and then becomes unknown."""
    line = rule_line("a", "risk", "high").replace("employees", "children")
    lit = StoredState("a", "lit", last_eval_at=NOW - timedelta(hours=1), severity="high")
    old = dataclasses.replace(lit, last_eval_at=NOW - timedelta(hours=25))

    assert shown([line], states={"a": lit}).shown[0].checked_at == NOW - timedelta(hours=1)
    assert shown([line], states={"a": old}).shown == ()


def test_attention_is_required_by_a_risk_of_medium() -> None:
    """Low risks and growth do not call for attention."""
    assert shown([rule_line("a", "risk", "medium")]).needs_attention()
    assert not shown([rule_line("a", "risk", "low")]).needs_attention()
    assert not shown([rule_line("a", "expansion", "high")]).needs_attention()


def test_a_source_past_its_budget_is_a_hygiene_signal(load, schema) -> None:
    """H01 needs no condition: it names the source, its age and its budget."""
    live = (
        "version: 1\nextends: default\noverride:\n  - {id: stale_source, replace: {status: live}}\n"
    )
    rules = load(live).rules
    state = UpstreamState("analytics", "Usage", NOW - timedelta(days=3), "stale")
    context = AccountContext(upstreams=(state,))
    stale = stale_sources(context, {"analytics": timedelta(hours=24)})
    moment = Moment(NOW)
    signals = evaluate(rules, bind(context, schema, moment), moment, "csm", stale=stale)
    texts = render(signals.shown[0], viewer_values(context, schema, moment), "en")

    assert texts.headline == "Usage data is 3 d old (budget 24 h)"
    assert (texts.play, texts.owner) == ("Repair the connection.", "admin")


def test_a_viewer_reads_bands_and_never_the_amount(load, schema) -> None:
    """Judged on all facts, written from what the viewer may see."""
    rules = load(LIVE.format("invoice_overdue")).rules
    invoice = Invoice(id="1042", status="open", amount=Money(Decimal(2500), "usd"), days_overdue=34)
    full = AccountContext(invoices=(invoice,))
    moment = Moment(NOW, answered=frozenset({"billing"}))
    signal = evaluate(rules, bind(full, schema, moment), moment, "agent").shown[0]
    redacted = AccountContext(
        withheld=(
            Withheld("invoices[].amount", ("csm",)),
            Withheld("contract.arr", ("csm",), band="$25–50k"),
        ),
    )
    values = viewer_values(redacted, schema, moment)

    assert render(signal, values, "en").detail == "withheld due since unknown."
    assert visible_read({"contract.arr": 30000.0, "matches": 3}, values) == {
        "contract.arr": "$25–50k",
        "matches": 3,
    }


def test_an_item_shows_its_amount_in_its_own_currency(load, schema) -> None:
    """Rules compare in the workspace's currency; people read what the invoice says."""
    rules = load(LIVE.format("invoice_overdue")).rules
    amount = Money(Decimal(2500), "eur")
    invoice = Invoice(id="1042", status="open", amount=amount, days_overdue=34)
    context = AccountContext(invoices=(invoice,))
    moment = Moment(NOW, rates={"eur": Decimal("1.2")}, answered=frozenset({"billing"}))
    signal = evaluate(rules, bind(context, schema, moment), moment, "csm").shown[0]
    texts = render(signal, viewer_values(context, schema, moment), "en")

    assert signal.facts.items["late"][1]["amount"] == 3000
    assert texts.detail == "€2,500 due since unknown."


def test_half_a_list_shows_what_it_surely_holds(pack, pack_tests, schema, moment) -> None:
    """Three billing questions of an incomplete list fire, and the headline says 3+."""
    binding = bind_account(pack_tests.accounts["northwind"], {}, schema, moment)
    signals = evaluate(pack, with_partial(binding, "tickets"), moment, "csm")
    billing = next(each for each in signals.shown if each.rule == "repeated_billing_questions")

    assert billing.facts.matches == Count(3, more=True)


def test_losing_the_renewal_date_leaves_the_risk_unknown(pack, pack_tests, schema, moment) -> None:
    """A CRM that is down never reads as all clear."""
    binding = bind_account(pack_tests.accounts["northwind"], {}, schema, moment)
    signals = evaluate(pack, with_gap(binding, "contract.renewal_at", "timed_out"), moment, "csm")

    assert names(signals.unknown) == ["renewal_window_open_bug"]
    assert signals.not_judged == 1
