"""What tests cover: each rule's three results, each condition's three values, unread fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from plugin.rules.binding import Binding
from plugin.rules.language.checked import Checked
from plugin.rules.language.program import Program, compile_program
from plugin.rules.language.tree import Apply, Logic, Node, bare
from plugin.rules.rule_test_run import judged_in, testable
from plugin.rules.rule_tests import RuleTest, TestFile
from plugin.rules.rules import BUILT_IN, Rule, RuleSet
from plugin.rules.schema import Schema

_RESULTS = ("firing", "silent", "unknown")
_WORD = {True: "true", False: "false", None: "unknown"}


@dataclass(frozen=True, slots=True)
class LeafCoverage:
    """How often tests saw one condition true, false and unknown."""

    condition: str
    seen: Mapping[str, int]

    def never(self) -> tuple[str, ...]:
        """Return the values that no test brought."""
        return tuple(word for word in _WORD.values() if not self.seen.get(word))

    def as_json(self) -> dict[str, Any]:
        """Return the counts for CI."""
        counts = {word: self.seen.get(word, 0) for word in _WORD.values()}
        return {"condition": self.condition, **counts}


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """How often tests ask each result of one rule."""

    rule: str
    status: str
    asked: Mapping[str, int]
    leaves: tuple[LeafCoverage, ...] = ()

    def lacks(self) -> tuple[str, ...]:
        """Return the results that no test asks for."""
        return tuple(word for word in _RESULTS if not self.asked.get(word))

    def problem(self) -> str:
        """Return what is lacking, as a sentence."""
        return f"{self.rule}: no test in which it is {' or '.join(self.lacks())}"

    def counts(self) -> dict[str, int]:
        """Return how many tests ask for each result."""
        return {word: self.asked.get(word, 0) for word in _RESULTS}

    def as_json(self) -> dict[str, Any]:
        """Return the counts for CI."""
        leaves = [leaf.as_json() for leaf in self.leaves]
        return {"rule": self.rule, "status": self.status, **self.counts(), "leaves": leaves}


@dataclass(slots=True)
class _Leaf:
    program: Program
    seen: Counter[str] = field(default_factory=Counter)


def _asked(tests: Iterable[RuleTest]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for test in tests:
        expect = test.expect
        firing = ("fires", "shown", "severity", "headline")
        names = {
            "firing": {name for key in firing for name in expect.get(key) or ()},
            "silent": set(expect.get("silent") or ()),
            "unknown": set(expect.get("unknown") or ()),
        }
        for word, rules in names.items() if not test.todo else ():
            for rule in rules:
                found.setdefault(rule, Counter())[word] += 1
    return found


def leaves(node: Node) -> Iterator[Node]:
    """Yield the conditions of a tree: what is left when && || and ! are opened."""
    node = bare(node)
    if isinstance(node, Logic):
        for operand in node.operands:
            yield from leaves(operand)
    elif isinstance(node, Apply) and node.op == "!":
        yield from leaves(node.args[0])
    else:
        yield node


def _leaf(program: Program, node: Node) -> _Leaf:
    span = node.span
    text = program.texts[span.definition][span.start : span.end]
    return _Leaf(compile_program(Checked(text, (), node, texts=program.texts)))


def _observe(leaf: _Leaf, binding: Binding) -> None:
    leaf.seen[_WORD[leaf.program.run(binding).value]] += 1


def _leaves(rule: Rule) -> list[_Leaf]:
    when = rule.base.conditions.when
    return [_leaf(when, node) for node in leaves(when.tree)]


def _seen(files: Iterable[TestFile], rules: RuleSet, schema: Schema) -> dict[str, list[_Leaf]]:
    ready = testable(rules)
    found = {rule.id: _leaves(rule) for rule in ready.rules}
    for tests in files:
        for test in tests.tests:
            judged, _ = judged_in(test, tests, ready, schema)
            for each in judged:
                for leaf in found[each.rule.id]:
                    _observe(leaf, each.judgement.binding)
    return found


def cover(files: Iterable[TestFile], rules: RuleSet, schema: Schema) -> tuple[RuleCoverage, ...]:
    """Return what the tests of `files` cover of each rule."""
    files = list(files)
    asked = _asked(test for tests in files for test in tests.tests)
    seen = _seen(files, rules, schema)
    return tuple(
        RuleCoverage(
            rule=rule.id,
            status=rule.status,
            asked=asked.get(rule.id, {}),
            leaves=tuple(LeafCoverage(leaf.program.text, leaf.seen) for leaf in seen[rule.id]),
        )
        for rule in rules.rules
        if rule.id != BUILT_IN and rule.status != "retired"
    )


def fields_read(rules: RuleSet) -> frozenset[str]:
    """Return every path that a condition of the set reads."""
    return frozenset(path for rule in rules.rules for path in rule.reads())


def unread_fields(rules: RuleSet, schema: Schema) -> tuple[str, ...]:
    """Return the fields of the vocabulary that no rule reads, items with their list."""
    items = (f"{path}[].{name}" for path, spec in schema.items() for name in spec.items)
    paths = (*(path for path, spec in schema.items() if not spec.items), *items)
    read = fields_read(rules)
    return tuple(path for path in paths if path not in read)
