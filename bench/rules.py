"""Goals 16 and 17: thirty rules against the same thirty as hand-written Python functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench.accounts import MOMENT, accounts
from bench.hand_written import RULES
from bench.rounds import interleaved, seconds_of
from bench.table import Row
from plugin.rules.binding import Binding
from plugin.rules.evaluation import evaluate
from plugin.rules.language.program import Program
from plugin.rules.rule_file import default_rules

DISTINCT = 200
PASSES = 50  # over the distinct accounts: ten thousand judgements of each rule
TIMES = 300


def programs() -> dict[str, Program]:
    """Return the conditions of the shipped rules that have a hand-written twin."""
    rules = {rule.id: rule for rule in default_rules().rules}
    return {name: rules[name].base.conditions.when for name in RULES}


def differences(sample: Sequence[Binding]) -> Iterator[str]:
    """Yield each rule that says something else than its twin on some account."""
    for name, program in programs().items():
        for one in sample:
            if program.run(one).value is not bool(RULES[name](one.values, one.now, one.today)):
                yield name
                break


def _by_rules(rules: Sequence[Program], sample: Sequence[Binding]) -> int:
    return sum(rule.run(one).value is True for rule in rules for one in sample)


def _by_hand(sample: Sequence[Binding]) -> int:
    return sum(
        bool(judge(one.values, one.now, one.today)) for judge in RULES.values() for one in sample
    )


def rows() -> Iterator[Row]:
    """Measure, side by side."""
    sample, rules, pack = accounts(DISTINCT), tuple(programs().values()), default_rules()
    wrong = list(differences(sample[:100]))
    note = f"differ: {', '.join(wrong)}" if wrong else "same verdicts"
    one = sample[:1]
    few = interleaved(
        {
            "rules": seconds_of(lambda: _by_rules(rules, one), TIMES),
            "hand": seconds_of(lambda: _by_hand(one), TIMES),
            "whole": seconds_of(lambda: evaluate(pack, one[0], MOMENT), TIMES // 10),
        }
    )
    many = interleaved(
        {
            "rules": seconds_of(lambda: _by_rules(rules, sample), PASSES),
            "hand": seconds_of(lambda: _by_hand(sample), PASSES),
        }
    )
    yield Row(
        "16", "30 rules on one account ÷ by hand", few["rules"] / few["hand"], 2, 4, note=note
    )
    note = f"{PASSES} passes over {DISTINCT} accounts; by hand {many['hand'] * PASSES:.2f} s"
    yield Row(
        "17", "30 rules × 10,000 accounts ÷ by hand", many["rules"] / many["hand"], 2, 4, note=note
    )
    yield Row("", "43 rules judged, explained and ordered", few["whole"] * 1000, unit=" ms")
