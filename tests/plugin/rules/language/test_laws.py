"""Laws that hold for every condition and every account."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.rules.language.parser import parse
from plugin.rules.language.printer import print_expression
from plugin.rules.language.program import check, compile_program
from plugin.rules.language.syntax import Chain, Expression
from tests.plugin.rules.language.accounts import account_pairs
from tests.plugin.rules.language.cast import SCOPE, checked, program
from tests.plugin.rules.language.strategies import conditions

LACKING = (KeyError, TypeError, ValueError, ArithmeticError, AttributeError)


@settings(max_examples=150, deadline=None)
@given(conditions(), account_pairs())
def test_both_ways_of_judging_agree(text, accounts):
    """Where the fast path answers at all, three-valued logic gives the same answer."""
    compiled = program(text)
    for account in accounts:
        slow = compiled.run_kleene(account)
        assert compiled.run(account) == slow
        if compiled.lists.isdisjoint(account.partial):
            try:
                fast = compiled.judge(account.values, account.empty, account.now, account.today)
            except LACKING:
                continue
            assert bool(fast) is slow.value


@settings(max_examples=150, deadline=None)
@given(conditions(), account_pairs())
def test_an_answer_never_flips_what_was_decided(text, accounts):
    """Turning "not asked" into any answer may decide what was unknown, and changes nothing else."""
    partly, fully = accounts
    compiled = program(text)
    before = compiled.run(partly).value

    assert before is None or compiled.run(fully).value is before


@settings(max_examples=80, deadline=None)
@given(conditions(), account_pairs())
def test_unknown_always_says_what_is_missing(text, accounts):
    """No unknown without a gap, no gap where it is decided."""
    for account in accounts:
        result = program(text).run(account)
        assert (result.value is None) == bool(result.missing)
        assert "fault" not in {gap.reason for gap in result.missing}


def _shuffled(tree: Any, rng: random.Random) -> Any:
    """Return the tree with the operands of each chain in another order."""
    changed: dict[str, Any] = {}
    for field in dataclasses.fields(tree):
        value = getattr(tree, field.name)
        if isinstance(value, tuple) and field.name != "parts":
            parts = [_shuffled(part, rng) for part in value]
            if isinstance(tree, Chain):
                rng.shuffle(parts)
            changed[field.name] = tuple(parts)
        elif isinstance(value, Expression):
            changed[field.name] = _shuffled(value, rng)
    return dataclasses.replace(tree, **changed)


@settings(max_examples=80, deadline=None)
@given(conditions(), account_pairs(), st.randoms(use_true_random=False))
def test_the_order_of_operands_changes_nothing(text, accounts, rng):
    """`&&` and `||` may be written in any order: same answer, same gaps."""
    other = program(print_expression(_shuffled(parse(text), rng)))
    for account in accounts:
        first, second = program(text).run_kleene(account), other.run_kleene(account)
        assert (first.value, set(first.missing)) == (second.value, set(second.missing))


@settings(max_examples=80, deadline=None)
@given(conditions(), account_pairs(), st.randoms(use_true_random=False))
def test_the_order_of_items_changes_nothing(text, accounts, rng):
    """A list may come in any order."""
    compiled = program(text)
    for account in accounts:
        values = dict(account.values)
        for path in ("tickets", "usage.modules"):
            if path in values:
                items = list(values[path])
                rng.shuffle(items)
                values[path] = tuple(items)
        turned = dataclasses.replace(account, values=values)
        assert compiled.run(turned).value is compiled.run(account).value


@settings(max_examples=80, deadline=None)
@given(conditions(), account_pairs())
def test_explaining_never_fails_and_agrees(text, accounts):
    """Each condition that decided has a value; an unknown one names what is missing."""
    compiled = program(text)
    for account in accounts:
        because = compiled.explain(account)
        assert because
        unknown = compiled.run(account).value is None
        assert all((leaf.value is None) == unknown for leaf in because)
        assert all(bool(leaf.missing) == unknown for leaf in because)
        for leaf in because:
            assert leaf.condition == text[leaf.span[0] : leaf.span[1]]
        compiled.deciding(account)


@settings(max_examples=80, deadline=None)
@given(conditions())
def test_well_typed_conditions_are_sound(text):
    """What is generated here is accepted, so that the other laws are tested at all."""
    result = checked(text)

    assert result.is_sound, result.findings
    assert compile_program(check(text, SCOPE)).text == text
