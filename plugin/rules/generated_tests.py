"""Tests that nobody writes: for each rule on each fixture, what must never change a result.

(a) a field that times out, (b) a list that is incomplete, (c) the fast path against the
three-valued one, (d) another order of operands and items.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from plugin.rules.binding import Binding, with_gap, with_partial
from plugin.rules.judging import Judgement, judge
from plugin.rules.language.checked import Checked
from plugin.rules.language.program import Program, compile_program
from plugin.rules.language.tree import Apply, Conditional, Definition, Logic, Macro, Node
from plugin.rules.rule_test_account import bind_account, moment_of
from plugin.rules.rule_test_run import testable
from plugin.rules.rule_tests import TestFile
from plugin.rules.rules import BUILT_IN, Rule, RuleSet
from plugin.rules.schema import Schema

Pairs = Sequence[tuple[Program, Program]]  # each with its operands in the other order
_WORD = {True: "firing", False: "off", None: "unknown"}


@dataclasses.dataclass(frozen=True, slots=True)
class GeneratedResult:
    """How many generated tests passed, and what went wrong in the others."""

    passed: int
    problems: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the result for CI."""
        failed = len(self.problems)
        return {"passed": self.passed, "failed": failed, "problems": list(self.problems)}


def _flip(rule: Rule, before: bool | None, changed: Binding, what: str) -> str:  # noqa: FBT001 (a result, not a switch)
    after = judge(rule, changed).value
    if after is None or after is before:
        return ""
    return f"{rule.id}: {what} turns {_WORD[before]} into {_WORD[after]}"


def _lost_facts(rule: Rule, before: Judgement, binding: Binding) -> Iterator[str]:
    for path in sorted(rule.reads()):
        yield _flip(rule, before.value, with_gap(binding, path, "timed_out"), f"{path} timed out")
    lists = sorted(
        {path.partition("[]")[0] for program in rule.programs() for path in program.lists}
    )
    for path in lists:
        if path in binding.values:
            half = with_partial(binding, path)
            yield _flip(rule, before.value, half, f"an incomplete {path}")


def _both_paths(rule: Rule, binding: Binding) -> Iterator[str]:
    for program in rule.programs():
        fast, slow = program.run(binding).value, program.run_kleene(binding).value
        told = f"{rule.id}: the fast path says {_WORD[fast]}, the other {_WORD[slow]}"
        yield "" if fast is slow else f"{told}: {program.text}"


def _reversed(node: Node) -> Node:
    """Return the tree with the operands of every && and || in the opposite order."""
    match node:
        case Logic(operands=operands):
            turned = tuple(_reversed(each) for each in reversed(operands))
            return dataclasses.replace(node, operands=turned)
        case Apply(args=args):
            return dataclasses.replace(node, args=tuple(_reversed(each) for each in args))
        case Macro(items=items, body=body):
            return dataclasses.replace(node, items=_reversed(items), body=_reversed(body))
        case Definition(body=body):
            return dataclasses.replace(node, body=_reversed(body))
        case Conditional(condition=condition, then=then, other=other):
            turned = tuple(_reversed(each) for each in (condition, then, other))
            return dataclasses.replace(node, condition=turned[0], then=turned[1], other=turned[2])
        case _:
            return node


def turned(program: Program) -> Program:
    """Return the program with its operands in the opposite order."""
    tree = _reversed(program.tree)
    return compile_program(
        Checked(program.text, (), tree, reads=program.reads, texts=program.texts)
    )


def _turned_lists(binding: Binding) -> Binding:
    values = {
        path: tuple(reversed(value)) if isinstance(value, tuple) else value
        for path, value in binding.values.items()
    }
    return dataclasses.replace(binding, values=values)


def _order(rule: Rule, pairs: Pairs, binding: Binding) -> Iterator[str]:
    backwards = _turned_lists(binding)
    for program, reordered in pairs:
        result = program.run(binding).value
        other = reordered.run(binding).value
        told = f"{rule.id}: another order of operands changes {program.text}"
        yield "" if other is result else told
        told = f"{rule.id}: another order of items changes {program.text}"
        yield "" if program.run(backwards).value is result else told


def _on_account(rule: Rule, pairs: Pairs, binding: Binding) -> Iterator[str]:
    yield from _lost_facts(rule, judge(rule, binding), binding)
    yield from _both_paths(rule, binding)
    yield from _order(rule, pairs, binding)


def run_generated(tests: TestFile, rules: RuleSet, schema: Schema) -> GeneratedResult:
    """Return how the generated tests went for all rules on all fixtures of a file."""
    moment = moment_of(tests)
    accounts = {
        name: bind_account(account, {}, schema, moment) for name, account in tests.accounts.items()
    }
    results = []
    for rule in testable(rules).rules:
        if rule.is_judged and rule.id != BUILT_IN:
            pairs = [(program, turned(program)) for program in rule.programs()]
            for name, binding in accounts.items():
                found = _on_account(rule, pairs, binding)
                results += [f"{name}: {problem}" if problem else "" for problem in found]
    problems = tuple(result for result in results if result)
    return GeneratedResult(len(results) - len(problems), problems)
