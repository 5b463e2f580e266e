"""Tests beside rules: every change of an account, every expectation, every mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugin.rules.coverage import cover
from plugin.rules.generated_tests import run_generated, turned
from plugin.rules.language.tree import Logic
from plugin.rules.rule_file import default_rules
from plugin.rules.rule_test_run import run_test, run_tests
from plugin.rules.rule_tests import RuleTest, load_tests
from plugin.rules.rules import RuleSet
from plugin.rules.schema import vocabulary_schema

HEAD = """\
version: 1
rule_files: [default.yaml]
now: "2026-11-21T12:00:00Z"
accounts:
  north:
    account: {tier: "2"}
    contract: {arr: 30000, renewal_at: "2027-01-20"}
    health: {score: 58, score_7d_ago: 61, score_30d_ago: 72}
    mentions: []
    tickets:
      - {id: NW-31, kind: bug, status: open, topics: [bug], subject: Export fails,
         created_at: "2026-11-09T08:00:00Z"}
tests:
"""
R01 = "renewal_window_open_bug"
_READ = load_tests(
    Path("tests/data/rules/changes_test.yaml").read_bytes(), "changes", vocabulary_schema()
)
assert _READ.tests is not None
CHANGES = _READ.tests


def outcome(test: str, head: str = HEAD):
    """Return how one test goes."""
    schema = vocabulary_schema()
    loaded = load_tests(f"{head}  - {{name: n, account: north, {test}}}\n", "t.yaml", schema)
    assert loaded.tests is not None, [str(finding) for finding in loaded.findings]
    return next(run_tests(loaded.tests, default_rules(), schema))


@pytest.mark.parametrize("test", CHANGES.tests, ids=lambda test: test.name)
def test_a_change_brings_what_is_expected(test: RuleTest, pack: RuleSet) -> None:
    """Each way to change an account, and each expectation, does what it says."""
    assert run_test(test, CHANGES, pack, pack.schema).problems == ()


@pytest.mark.parametrize(
    ("test", "problem"),
    [
        ("expect: {fires: [health_drop]}", "health_drop is off; expected to fire"),
        (f"expect: {{silent: [{R01}]}}", f"{R01} fires; expected silence"),
        (f"expect: {{unknown: [{R01}]}}", f"{R01} fires; expected unknown"),
        ("expect: {shown: []}", f"{R01} is shown too"),
        (f"expect: {{shown: [{R01}, health_drop]}}", "health_drop is not shown"),
        (f"expect: {{severity: {{{R01}: low}}}}", f"{R01}: 'high'; expected 'low'"),
        (f"expect: {{headline: {{{R01}: x}}}}", "expected 'x'"),
        ("expect: {fires: [nope]}", "no rule 'nope'; expected to fire"),
        ("expect: {fires: [stale_source]}", "stale_source is not judged"),
        (f"down: [crm], expect: {{fires: [{R01}]}}", "for want of contract.renewal_at (timed_out)"),
        (
            f"down: [crm], expect: {{unknown: {{{R01}: [tickets]}}}}",
            "misses ['contract.renewal_at']",
        ),
        ("set: {health.score: 40}, expect: {fires: [health_low]}", "is pending"),
    ],
)
def test_a_failure_says_what_came_out_and_why(test: str, problem: str) -> None:
    """A failed test explains itself with the conditions that decided."""
    found = outcome(test)

    assert found.result == "failed"
    assert problem in found.problems[0]


def test_a_failure_shows_the_values_behind_it() -> None:
    """The explanation names the condition and what it read."""
    problem = outcome("expect: {fires: [health_drop]}").problems[0]

    assert "false: health.score_7d_ago - health.score >= params.health_fall_7d" in problem
    assert "health.score = 58" in problem


def test_a_todo_may_fail_and_is_reported_when_it_passes() -> None:
    """Neither makes the run fail."""
    failing = outcome("todo: true, expect: {fires: [health_drop]}")
    passing = outcome(f"todo: true, expect: {{fires: [{R01}]}}")

    assert (failing.result, passing.result) == ("todo", "todo")
    assert passing.problems == ("passes now: take `todo` away",)


def test_the_time_zone_of_the_file_decides_the_day() -> None:
    """At noon in UTC it is already tomorrow in Auckland."""
    head = HEAD.replace("accounts:", "time_zone: Pacific/Auckland\naccounts:")
    headline = "Renews in 59 days with an open bug: Export fails"

    assert outcome(f"expect: {{headline: {{{R01}: '{headline}'}}}}", head).problems == ()


def test_an_age_makes_old_input_unknown(load) -> None:
    """`age` dates a field; a rule with max_input_age then refuses it."""
    rules = load(
        "version: 1\nextends: default\noverride:\n"
        "  - {id: health_drop, replace: {max_input_age: {health.score: 3d}}}\n"
    ).rules
    body = (
        "  - {name: n, account: north, age: {health.score: 4d}, expect: {unknown: [health_drop]}}\n"
    )
    loaded = load_tests(HEAD + body, "t.yaml", rules.schema)
    assert loaded.tests is not None

    assert [each.problems for each in run_tests(loaded.tests, rules, rules.schema)] == [()]


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        ("  - {name: n, account: sorth, expect: {fires: [a]}}", "unknown-id", 14),
        ("  - {name: n, account: north, expect: {}}", "bad-value", 14),
        ("  - {name: n, account: north}", "missing-key", 14),
        ("  - {name: n, account: north, down: [crn], expect: {fires: [a]}}", "unknown-name", 14),
        (
            "  - {name: n, account: north, drop: [contract.arrr], expect: {fires: [a]}}",
            "unknown-field",
            14,
        ),
        (
            "  - {name: n, account: north, gap: {contract.arr: lost}, expect: {fires: [a]}}",
            "bad-value",
            14,
        ),
        ("  - {name: n, account: north, expects: {fires: [a]}}", "unknown-key", 14),
        (
            "  - {name: n, account: north, age: {health.score: 3}, expect: {fires: [a]}}",
            "bad-value",
            14,
        ),
    ],
)
def test_mistakes_in_tests_are_found_before_they_run(schema, body, code: str, line: int) -> None:
    """A misspelled account, upstream or field is a finding, not a test that passes by accident."""
    loaded = load_tests(f"{HEAD}{body}\n", "t.yaml", schema)

    assert loaded.tests is None
    assert (code, line) in [(finding.code, finding.line) for finding in loaded.findings]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("health: {score", "helth: {score", ("unknown-field", "warning")),
        ("health: {score", "health: {scor", ("unknown-field", "warning")),
        ("{id: NW-31, kind", "{id: NW-31, knd", ("unknown-field", "warning")),
        ("mentions: []", "mentions: []\n    mentions: []", ("duplicate-key", "error")),
        ("  north:\n", "  south: 5\n  north:\n", ("bad-value", "error")),
    ],
)
def test_a_misspelled_fixture_is_noticed(schema, old: str, new: str, found) -> None:
    """A test must not pass because its account says nothing."""
    body = "  - {name: n, account: north, expect: {silent: [health_low]}}\n"
    loaded = load_tests(HEAD.replace(old, new) + body, "t.yaml", schema)

    assert found in [(finding.code, finding.severity) for finding in loaded.findings]


def test_generated_tests_find_a_rule_that_mistakes_silence_for_no(pack_tests, rules_of, schema):
    """Were a lost fact to turn a rule, the generated tests would say so."""
    rules = rules_of(when='"!has(contract.seats_paid)"', headline="x")
    generated = run_generated(pack_tests, rules, schema)

    assert generated.problems == ()
    assert generated.passed > 0


def test_another_order_of_operands_is_really_another(rules_of) -> None:
    """The turned program has its operands in the opposite order."""
    rule = rules_of(when="contract.seats_paid < 5 && account.employees > 1").rules[0]
    program = rule.base.conditions.when
    before, after = program.tree, turned(program).tree

    assert isinstance(before, Logic)
    assert isinstance(after, Logic)
    assert after.operands == tuple(reversed(before.operands))


def test_what_a_todo_asks_does_not_count_as_covered(schema, pack) -> None:
    """Coverage counts what holds."""
    body = "  - {name: n, account: north, todo: true, expect: {fires: [health_drop]}}\n"
    loaded = load_tests(f"{HEAD}{body}", "t.yaml", schema)
    assert loaded.tests is not None
    covered = {each.rule: each for each in cover([loaded.tests], pack, schema)}

    assert covered["health_drop"].lacks() == ("firing", "silent", "unknown")
