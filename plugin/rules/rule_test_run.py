"""Run the tests of a rule file: what came out, against what was expected."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plugin.rules.conversion import Moment
from plugin.rules.evaluation import signal_of, why_hidden
from plugin.rules.explanation import because_text
from plugin.rules.judged import Judged, judge_rules
from plugin.rules.rendered import render
from plugin.rules.rule_test_account import bind_account, moment_of, stored_states
from plugin.rules.rule_tests import RuleTest, TestFile
from plugin.rules.rules import RuleSet
from plugin.rules.schema import Schema
from plugin.rules.values import binding_values

LOCALE = "en"


@dataclass(frozen=True, slots=True)
class TestOutcome:
    """How a test went: passed, failed, or todo."""

    file: str
    line: int
    name: str
    result: str
    problems: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the outcome for CI."""
        return {**dataclasses.asdict(self), "problems": list(self.problems)}


@dataclass(frozen=True, slots=True)
class _Result:
    """What one test brought, by rule."""

    judged: Mapping[str, Judged]
    hidden: Mapping[str, str]
    known: frozenset[str]
    headlines: Mapping[str, str]


def testable(rules: RuleSet) -> RuleSet:
    """Return the rules with drafts as shadows: a draft is tested before anyone counts it."""
    shadows = tuple(
        dataclasses.replace(rule, status="shadow") if rule.status == "draft" else rule
        for rule in rules.rules
    )
    return dataclasses.replace(rules, rules=shadows)


def _result(test: RuleTest, tests: TestFile, rules: RuleSet, schema: Schema) -> _Result:
    moment = moment_of(tests)
    binding = bind_account(tests.accounts[test.account], test.changes, schema, moment)
    judged = judge_rules(rules, binding, moment, stored_states(test, rules, moment))
    values = binding_values(binding, moment)
    lit = [each for each in judged if each.step.shown]
    return _Result(
        {each.rule.id: each for each in judged},
        why_hidden(rules, judged, moment),
        frozenset(rule.id for rule in rules.rules),
        {x.rule.id: render(signal_of(x, tracked=True), values, LOCALE).headline for x in lit},
    )


def _became(judged: Judged) -> str:
    if judged.step.shown:
        return "fires"
    if judged.is_unknown:
        missing = ", ".join(f"{gap.field} ({gap.reason})" for gap in judged.judgement.missing)
        return f"is unknown for want of {missing}"
    if judged.is_pending:
        return "is pending: its dwell is not over"
    return f"is off ({judged.judgement.exempt})" if judged.judgement.exempt else "is off"


def _explained(judged: Judged, expected: str) -> str:
    because = because_text(judged.because or judged.judgement.because())
    return f"{judged.rule.id} {_became(judged)}; expected {expected}\n{because}".rstrip()


def _asked(result: _Result, names: Iterable[str], expected: str) -> Iterator[Judged | str]:
    for name in names:
        if name in result.judged:
            yield result.judged[name]
        elif name in result.known:
            yield f"{name} is not judged: it is retired or built in; expected {expected}"
        else:
            yield f"no rule '{name}'; expected {expected}"


_HOLDS: Mapping[str, Callable[[Judged], bool]] = {
    "to fire": lambda each: each.step.shown,
    "silence": lambda each: not each.step.shown and not each.is_unknown,
    "unknown": lambda each: each.judgement.value is None,
}


def _each(result: _Result, names: Iterable[str], expected: str) -> Iterator[str]:
    holds = _HOLDS[expected]
    for each in _asked(result, names, expected):
        if isinstance(each, str):
            yield each
        elif not holds(each):
            yield _explained(each, expected)


def _missing(result: _Result, expected: Any) -> Iterator[str]:
    """Yield a problem for each rule whose missing fields are others than expected."""
    for name, fields in expected.items() if isinstance(expected, dict) else ():
        judged = result.judged.get(name)
        if judged is None or judged.judgement.value is not None or fields is None:
            continue
        wanted = {str(path) for path in (fields if isinstance(fields, list) else [fields])}
        found = {gap.field for gap in judged.judgement.missing}
        if found != wanted:
            yield f"{name} misses {sorted(found)}; expected {sorted(wanted)}"


def _shown(result: _Result, expected: Any) -> Iterator[str]:
    if expected is None:
        return
    lit = {name for name, x in result.judged.items() if x.step.shown and x.rule.is_live}
    shown = lit - result.hidden.keys()
    for name in sorted(set(expected) - shown):
        why = result.hidden.get(name)
        yield f"{name} is not shown{f': {why}' if why else ''}"
    for name in sorted(shown - set(expected)):
        yield f"{name} is shown too"


def _equal(result: _Result, expected: Mapping[str, Any], found: Mapping[str, str]) -> Iterator[str]:
    for each in _asked(result, expected, "to fire"):
        if isinstance(each, str):
            yield each
        elif not each.step.shown:
            yield _explained(each, "to fire")
        elif found.get(each.rule.id) != str(expected[each.rule.id]):
            name = each.rule.id
            yield f"{name}: {found.get(name)!r}; expected {str(expected[name])!r}"


def _problems(result: _Result, expect: Mapping[str, Any]) -> Iterator[str]:
    severities = {name: each.judgement.severity for name, each in result.judged.items()}
    unknown = expect.get("unknown") or {}
    yield from _each(result, expect.get("fires") or (), "to fire")
    yield from _each(result, expect.get("silent") or (), "silence")
    yield from _each(result, unknown, "unknown")
    yield from _missing(result, unknown)
    yield from _shown(result, expect.get("shown"))
    yield from _equal(result, expect.get("severity") or {}, severities)
    yield from _equal(result, expect.get("headline") or {}, result.headlines)


def run_test(test: RuleTest, tests: TestFile, rules: RuleSet, schema: Schema) -> TestOutcome:
    """Return how one test went; a `todo` is expected to fail."""
    found = tuple(_problems(_result(test, tests, rules, schema), test.expect))
    result = "failed" if found else "passed"
    if test.todo:
        result = "todo"
        found = found or ("passes now: take `todo` away",)
    return TestOutcome(tests.name, test.line, test.name, result, found)


def run_tests(tests: TestFile, rules: RuleSet, schema: Schema) -> Iterator[TestOutcome]:
    """Yield how each test of a file went, one at a time."""
    ready = testable(rules)
    for test in tests.tests:
        yield run_test(test, tests, ready, schema)


def judged_in(
    test: RuleTest, tests: TestFile, rules: RuleSet, schema: Schema
) -> tuple[tuple[Judged, ...], Moment]:
    """Return every rule judged on a test's account, for what tests cover."""
    moment = moment_of(tests)
    binding = bind_account(tests.accounts[test.account], test.changes, schema, moment)
    return judge_rules(rules, binding, moment, stored_states(test, rules, moment)), moment
