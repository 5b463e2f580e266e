"""The rules that ship: what they show on Northwind, and that their tests prove all of them."""

from __future__ import annotations

import pytest

from plugin.rules.conversion import Moment
from plugin.rules.coverage import cover
from plugin.rules.evaluation import evaluate
from plugin.rules.generated_tests import run_generated
from plugin.rules.rendered import render
from plugin.rules.rule_file import load_rules, shipped_text
from plugin.rules.rule_format import format_text
from plugin.rules.rule_test_account import bind_account
from plugin.rules.rule_test_run import run_test
from plugin.rules.rule_tests import RuleTest, TestFile, load_tests
from plugin.rules.rules import BUILT_IN, RuleSet
from plugin.rules.schema import Schema, vocabulary_schema
from plugin.rules.values import binding_values

LIVE = {"R01", "R13", "R22", "R25", "E06"}
CODES = (
    {f"R{number:02}" for number in range(1, 34)}
    | {f"E{number:02}" for number in range(1, 8)}
    | {f"H{number:02}" for number in range(1, 5)}
)
_LOADED = load_tests(shipped_text("default_test"), "default_test.yaml", vocabulary_schema()).tests
WRITTEN = _LOADED.tests if _LOADED is not None else ()


@pytest.fixture
def seen(pack: RuleSet, pack_tests: TestFile, schema: Schema, moment: Moment):
    """Return Northwind's signals for a role."""
    binding = bind_account(pack_tests.accounts["northwind"], {}, schema, moment)
    return lambda role: evaluate(pack, binding, moment, role)


@pytest.mark.parametrize("role", ["agent", "csm"])
def test_northwind_shows_its_three_signals_in_order(seen, role: str) -> None:
    """Agent and CSM see the renewal risk first, then the billing questions, then the growth."""
    shown = [(signal.rule, signal.severity) for signal in seen(role).shown]

    assert shown == [
        ("renewal_window_open_bug", "high"),
        ("repeated_billing_questions", "medium"),
        ("entitled_module_unused", "low"),
    ]


def test_the_account_executive_sees_growth_first(seen) -> None:
    """The AE's first signal is the one to grow with; the risks follow."""
    rules = [signal.rule for signal in seen("ae").shown]

    assert rules[0] == "entitled_module_unused"
    assert rules[1:] == ["renewal_window_open_bug", "repeated_billing_questions"]


def test_northwind_reads_as_promised(seen, pack_tests, schema, moment) -> None:
    """The headline names the bug and the days left; the play says what to do."""
    binding = bind_account(pack_tests.accounts["northwind"], {}, schema, moment)
    texts = render(seen("csm").shown[0], binding_values(binding, moment), "en")

    assert texts.headline == "Renews in 60 days with an open bug: CSV export fails"
    assert texts.detail == "Open for 12 days. $30,000 a year, renewal 20 Jan 2027."
    assert texts.play == "Name a fix date, and tell the CSM before you reply."
    assert texts.owner == "agent"


def test_every_rule_of_the_taxonomy_ships(pack: RuleSet) -> None:
    """Thirty-three risks, seven for growth, four for hygiene; five of them are live."""
    assert {rule.code for rule in pack.rules} == CODES
    assert {rule.code for rule in pack.rules if rule.is_live} == LIVE
    assert {rule.status for rule in pack.rules} == {"live", "shadow"}


def test_every_rule_says_what_to_do(pack: RuleSet) -> None:
    """Each rule has one play with one owner, live or not."""
    assert [rule.id for rule in pack.rules if rule.play is None or not rule.play.owner] == []


def test_the_pack_has_no_findings(schema: Schema) -> None:
    """The shipped file gives neither an error nor a warning."""
    assert load_rules(shipped_text("default"), "default.yaml", schema).findings == ()


@pytest.mark.parametrize("name", ["default", "built_in"])
def test_the_pack_is_in_canonical_form(name: str) -> None:
    """`fmt` has nothing to change in what ships."""
    text = shipped_text(name)

    assert format_text(text, f"{name}.yaml").text == text


@pytest.mark.parametrize("test", WRITTEN, ids=lambda test: test.name)
def test_pack(test: RuleTest, pack_tests: TestFile, pack: RuleSet, schema: Schema) -> None:
    """Every test beside the pack holds."""
    assert run_test(test, pack_tests, pack, schema).problems == ()


def test_no_fact_that_is_lost_turns_a_rule(pack, pack_tests, schema) -> None:
    """A lost fact, half a list or another order never turns firing into off or back."""
    generated = run_generated(pack_tests, pack, schema)

    assert generated.problems == ()
    assert generated.passed > 500


def test_each_rule_is_seen_firing_silent_and_unknown(pack, pack_tests, schema) -> None:
    """Coverage of the three results is complete, for shadow rules too."""
    covered = cover([pack_tests], pack, schema)

    assert [each.problem() for each in covered if each.lacks()] == []
    assert {each.rule for each in covered} == {rule.id for rule in pack.rules} - {BUILT_IN}


@pytest.mark.parametrize(
    ("rule", "hides"),
    [
        ("entitled_module_unused", ("feature_non_adoption",)),
        ("old_high_priority", ("ticket_pileup",)),
        ("repeated_bugs", ("ticket_pileup",)),
        ("invoice_overdue", ("payment_failed",)),
        ("health_low", ("health_drop",)),
    ],
)
def test_the_taxonomy_says_what_supersedes_what(pack, rule: str, hides: tuple[str, ...]) -> None:
    """The stronger signal names the weaker one that it makes superfluous."""
    assert pack.rule(rule).supersedes == hides


def test_an_account_of_which_nothing_is_known_lights_nothing(pack, schema, moment) -> None:
    """Every fact missing: nothing fires, nothing reassures, and nothing fails."""
    gaps = dict.fromkeys((path.partition(".")[0] for path in schema), "timed_out")
    binding = bind_account({}, {"gap": gaps}, schema, moment)
    signals = evaluate(pack, binding, moment, "csm")

    assert signals.visible() == ()
    assert (signals.judged, signals.not_judged) == (0, 5)
    assert [signal.rule for signal in signals.unknown] == [
        "cancel_language",
        "renewal_window_open_bug",
    ]
