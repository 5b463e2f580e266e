"""Judging an account: guards, overrides, exceptions, severity, and what hides what."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from plugin.account.context import AccountContext, UpstreamState, Withheld
from plugin.account.contract import Contract, Invoice
from plugin.account.money import Money
from plugin.signals.binding import bind, with_gap, with_partial
from plugin.signals.conversion import Moment
from plugin.signals.evaluation import evaluate
from plugin.signals.formats import Count
from plugin.signals.judging import judge
from plugin.signals.rendered import render
from plugin.signals.rule_file import load_rules
from plugin.signals.rule_test_account import bind_account
from plugin.signals.schema import vocabulary_schema
from plugin.signals.stale_source import stale_sources
from plugin.signals.states import StoredState
from plugin.signals.values import viewer_values, visible_read

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LIVE = "version: 1\nextends: default\noverride:\n  - {{id: {}, replace: {{status: live}}}}\n"


@pytest.fixture
def judged(rules_of, account):
    """Return how one rule judges values: result and severity."""

    def judge_one(values, head: str = "", **changes):
        rule = rules_of(head, **changes).rules[0]
        return judge(rule, account(values))

    return judge_one


@pytest.mark.parametrize(
    ("seats", "value"), [(4, True), (5, False), (None, None)], ids=["few", "many", "unknown"]
)
def test_a_rule_fires_is_off_or_unknown(judged, seats, value) -> None:
    """A missing number is neither few nor many."""
    assert judged({"contract.seats_paid": seats}).value is value


@pytest.mark.parametrize(
    ("least", "value", "reason"),
    [("{contract.seats_paid: 3}", None, "too_little_data"), ("{contract.seats_paid: 2}", True, "")],
)
def test_too_little_data_is_unknown_not_off(judged, least: str, value, reason: str) -> None:
    """Below its least number a field does not count."""
    found = judged({"contract.seats_paid": 2}, min_data=least)

    assert found.value is value
    assert [gap.reason for gap in found.missing] == [reason] * bool(reason)


def test_min_data_counts_the_items_of_a_list(judged) -> None:
    """Two tickets are too few to compare when three are wanted."""
    tickets = {"tickets": [{"status": "open"}, {"status": "open"}]}
    when = "tickets.filter(t, t.status == 'open').size() >= 2"

    assert judged(tickets, when=when, headline="x").value is True
    assert judged(tickets, when=when, headline="x", min_data="{tickets: 3}").value is None


@pytest.mark.parametrize(("age", "value"), [(3, True), (4, None)])
def test_an_old_value_is_not_judged(rules_of, account, age: int, value) -> None:
    """Past `max_input_age` a value counts as unknown; at the limit it still counts."""
    rule = rules_of(max_input_age="{contract.seats_paid: 3d}").rules[0]
    as_of = {"contract.seats_paid": NOW - timedelta(days=age)}
    binding = dataclasses.replace(account({"contract.seats_paid": 2}), as_of=as_of)

    assert judge(rule, binding).value is value


@pytest.mark.parametrize(
    ("tier", "since", "value"),
    [
        ("1", "2026-01-01", True),
        ("2", "2026-01-01", False),
        (None, "2026-01-01", None),
        ("2", None, False),
        ("1", "2026-11-01", False),
    ],
)
def test_applies_to_is_part_of_the_condition(judged, tier, since, value) -> None:
    """A rule for tier 1 is off elsewhere, and unknown while the tier is."""
    facts = {"contract.seats_paid": 2, "account.tier": tier, "account.customer_since": since}

    assert judged(facts, applies_to="{tier: ['1'], tenure_min: 60d}").value is value


@pytest.mark.parametrize(
    ("account_id", "until", "value"),
    [
        ("0018", "2026-11-21", False),
        ("0018", "2026-11-20", True),
        ("0042", "2026-11-21", True),
    ],
)
def test_an_exception_is_data(judged, account_id: str, until: str, value) -> None:
    """An excepted account is off up to and including the day."""
    exempt = f'[{{account: "0018", until: {until}, why: Survey pilot}}]'
    found = judged({"contract.seats_paid": 2, "account.id": account_id}, except_=exempt)

    assert found.value is value
    assert found.exempt == ("" if value else "Survey pilot")


@pytest.mark.parametrize(
    ("seats", "severity"), [(4, "medium"), (3, "high"), (1, "critical"), (2, "high")]
)
def test_the_highest_true_severity_wins(judged, seats: int, severity: str) -> None:
    """escalate_when raises; what is unknown changes nothing."""
    steps = "{high: contract.seats_paid <= 3, critical: contract.seats_paid <= 1}"
    unsure = "{high: account.employees > 1}"

    assert judged({"contract.seats_paid": seats}, escalate_when=steps).severity == severity
    assert judged({"contract.seats_paid": seats}, escalate_when=unsure).severity == "medium"


OVERRIDE = "[{for: {tier: ['1']}, params: {few: 10}, severity: high}]"


@pytest.mark.parametrize(
    ("seats", "tier", "value", "severity"),
    [
        (7, "1", True, "high"),
        (7, "2", False, "medium"),
        (7, None, None, "medium"),
        (3, None, True, "medium"),
        (12, None, False, "medium"),
        (3, "1", True, "high"),
    ],
)
def test_an_override_per_tier(judged, seats: int, tier, value, severity: str) -> None:
    """While the tier is unknown a result stands only where base and override agree."""
    found = judged(
        {"contract.seats_paid": seats, "account.tier": tier},
        "params:\n  few: {default: 5, min: 1, max: 20}\n",
        when="contract.seats_paid < params.few",
        overrides=OVERRIDE,
    )

    assert (found.value, found.severity) == (value, severity)
    assert value is not None or [gap.field for gap in found.missing] == ["account.tier"]


def test_a_param_of_one_rule_leaves_the_others_alone(judged) -> None:
    """`params` in a rule gives values for this rule."""
    head = "params:\n  few: {default: 5, min: 1, max: 20}\n"
    changes = {"when": "contract.seats_paid < params.few"}

    assert judged({"contract.seats_paid": 7}, head, **changes).value is False
    assert judged({"contract.seats_paid": 7}, head, **changes, params="{few: 10}").value is True


def test_a_text_signal_expires_after_its_newest_hit(judged) -> None:
    """What was said longer ago than `expires_after` no longer counts."""
    said = {"mentions": [{"id": "m", "kind": "cancel", "at": "2026-10-01T00:00:00Z"}]}
    changes = {"when": "mentions.exists(m, m.kind == 'cancel')", "headline": "x"}

    assert judged(said, **changes, expires_after="60d").value is True
    assert judged(said, **changes, expires_after="50d").value is False


LIST = """
version: 1
groups:
  - name: g
    rules:
"""


def rule_line(name: str, kind: str, severity: str, more: str = "", status: str = "live") -> str:
    """Return a rule that fires where the account has employees, as one line."""
    fires = "when: account.employees > 0"
    play = "play: {text: Do it., owner: csm}"
    rest = f", {more}" if more else ""
    keys = f"id: {name}, kind: {kind}, severity: {severity}, status: {status}"
    return f"      - {{{keys}, {fires}, headline: {name}, {play}{rest}}}\n"


def shown(lines: list[str], values=None, states=None, role="csm"):
    """Return what a set of such rules shows on an account."""
    loaded = load_rules(LIST + "".join(lines), "x.yaml", vocabulary_schema())
    assert loaded.rules is not None, [str(finding) for finding in loaded.findings]
    context = AccountContext()
    binding = bind(context, loaded.rules.schema, Moment(NOW, answered=frozenset()))
    known = {"account.employees": 5, **(values or {})}
    binding = dataclasses.replace(binding, values=known)
    return evaluate(loaded.rules, binding, Moment(NOW), role, states)


def names(signals) -> list[str]:
    """Return the rules of signals, in order."""
    return [signal.rule for signal in signals]


def test_order_is_kind_then_severity_then_file() -> None:
    """Risk and competition first, then growth, then hygiene; three in the first view."""
    lines = [
        rule_line("tidy", "hygiene", "critical"),
        rule_line("grow", "expansion", "high"),
        rule_line("low_risk", "risk", "low"),
        rule_line("rival", "competitive", "high"),
        rule_line("high_risk", "risk", "high"),
    ]
    signals = shown(lines)

    assert names(signals.shown) == ["rival", "high_risk", "low_risk"]
    assert names(signals.more) == ["grow", "tidy"]
    assert names(signals.for_role("ae").shown) == ["grow", "rival", "high_risk"]
    assert names(signals.for_role("stranger").shown) == names(signals.shown)


def test_a_critical_risk_hides_growth() -> None:
    """Nobody is pitched to while a critical risk is lit."""
    signals = shown([rule_line("grow", "expansion", "high"), rule_line("r", "risk", "critical")])

    assert names(signals.shown) == ["r"]
    assert signals.hidden[0].hidden_by == "critical r"


def test_a_critical_risk_in_shadow_hides_nothing() -> None:
    """Shadow rules are counted, and have no say."""
    risk = rule_line("r", "risk", "critical", status="shadow")
    signals = shown([rule_line("grow", "expansion", "high"), risk])

    assert names(signals.shown) == ["grow"]
    assert names(signals.shadow) == ["r"]


def test_superseding_reaches_through_rules_that_are_off() -> None:
    """A hides b and, through it, c."""
    off = rule_line("b", "risk", "low", "supersedes: [c]").replace("> 0", "< 0")
    lines = [rule_line("a", "risk", "high", "supersedes: [b]"), off, rule_line("c", "risk", "low")]

    assert names(shown(lines).shown) == ["a"]


@pytest.mark.parametrize(
    ("first", "visible"),
    [
        (rule_line("a", "risk", "high", "supersedes: [b]", status="shadow"), ["b"]),
        (
            rule_line("a", "risk", "high", "supersedes: [b], suppress_when: account.employees > 1"),
            ["b"],
        ),
        (
            rule_line("a", "risk", "high", "supersedes: [b]").replace(
                "employees > 0", "children > 0"
            ),
            ["b"],
        ),
        (rule_line("a", "risk", "high", "supersedes: [b]"), ["a"]),
    ],
    ids=["shadow", "suppressed", "unknown", "lit"],
)
def test_only_a_lit_live_rule_supersedes(first: str, visible: list[str]) -> None:
    """Shadow, suppressed and unknown rules hide nothing."""
    assert names(shown([first, rule_line("b", "risk", "low")]).shown) == visible


@pytest.mark.parametrize(("kind", "visible"), [("expansion", []), ("risk", ["a"])])
def test_an_unknown_suppression_hides_growth_only(kind: str, visible: list[str]) -> None:
    """While nobody knows whether a pitch is welcome there is none; a risk is still named."""
    line = rule_line("a", kind, "low", "suppress_when: health.score < 40")

    assert names(shown([line]).shown) == visible


def test_suppress_if_asks_for_a_lit_live_rule() -> None:
    """A rule may stand back behind others by name."""
    lines = [rule_line("a", "risk", "low", "suppress_if: [b]"), rule_line("b", "risk", "low")]
    shadow = [lines[0], rule_line("b", "risk", "low", status="shadow")]

    assert names(shown(lines).shown) == ["b"]
    assert names(shown(shadow).shown) == ["a"]


@pytest.mark.parametrize(
    ("row", "visible"),
    [
        ({"snoozed_until": NOW + timedelta(days=1)}, []),
        ({"dismissed": "known"}, []),
        ({"dismissed": "wrong"}, ["b"]),
    ],
)
def test_what_was_put_aside_still_hides_unless_it_was_wrong(row, visible) -> None:
    """A snoozed or dismissed signal keeps its power; one dismissed as wrong loses it."""
    stored = {"a": StoredState("a", "lit", **row)}
    lines = [rule_line("a", "risk", "high", "supersedes: [b]"), rule_line("b", "risk", "low")]

    assert names(shown(lines, states=stored).shown) == visible


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
        contract=Contract(arr_band="$25–50k"),
        withheld=(Withheld("invoices[].amount", ("csm",)), Withheld("contract.arr", ("csm",))),
    )
    values = viewer_values(redacted, schema, moment)

    assert render(signal, values, "en").detail == "withheld due since unknown."
    assert visible_read({"contract.arr": 30000.0, "matches": 3}, values) == {
        "contract.arr": "$25–50k",
        "matches": 3,
    }


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
