"""Judge one rule on one account: which values hold there, what they give, how severe it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from plugin.account.context import Gap
from plugin.account.words import SEVERITY
from plugin.rules.binding import Binding, with_gap
from plugin.rules.language.program import Program
from plugin.rules.language.result import Because, Result
from plugin.rules.rules import Rule, Variant

_HIT_TIMES = ("at", "created_at")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one rule gives on one account; `binding` is the account as this rule may read it."""

    rule: Rule
    variant: Variant
    binding: Binding
    value: bool | None
    severity: str
    missing: tuple[Gap, ...] = ()
    exempt: str = ""

    def because(self) -> tuple[Because, ...]:
        """Return the conditions that decided: of `when`, of `applies_to`, or of both."""
        when = self.variant.conditions.when
        programs = [when] if self.rule.applies is None else [when, self.rule.applies]
        decided = [each for each in programs if each.run(self.binding).value is self.value]
        parts = (part for each in decided or [when] for part in each.explain(self.binding))
        return tuple(parts)


def _root(path: str) -> str:
    return path.partition("[]")[0]


def _is_little(value: object, least: float) -> bool:
    if isinstance(value, list | tuple):
        return len(value) < least
    return isinstance(value, int | float) and value < least


def guarded(binding: Binding, variant: Variant) -> Binding:
    """Return the account with a gap for each value that is too small or too old to count."""
    if not variant.min_data and not variant.max_input_age:
        return binding
    read = {_root(path) for path in variant.conditions.when.reads}
    for path, least in variant.min_data.items():
        if path in read and path in binding.values and _is_little(binding.values[path], least):
            binding = with_gap(binding, path, "too_little_data")
    for path, limit in variant.max_input_age.items():
        as_of = binding.as_of.get(path)
        if path in read and as_of is not None and binding.now - as_of > limit:
            binding = with_gap(binding, path, "stale")
    return binding


def _union(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    return tuple(dict.fromkeys(gaps))


def both(first: Result, second: Result) -> Result:
    """Return Kleene's and: false if one is, else unknown if one is."""
    if first.value is False or second.value is False:
        return Result(value=False)
    if first.value is None or second.value is None:
        return Result(None, _union((*first.missing, *second.missing)))
    return Result(value=True)


def _result(rule: Rule, variant: Variant, binding: Binding) -> Result:
    found = variant.conditions.when.run(binding)
    if rule.applies is None or found.value is False:
        return found
    return both(found, rule.applies.run(binding))


def _candidates(rule: Rule, binding: Binding) -> Iterator[tuple[Variant, tuple[Gap, ...]]]:
    """Yield each variant that may hold, with what keeps it open; the one that holds comes last."""
    for override in rule.overrides:
        found = override.applies.run(binding)
        if found.value is not False:
            yield override.variant, found.missing
        if found.value is True:
            return
    yield rule.base, ()


def _severity(variant: Variant, binding: Binding) -> str:
    """Return the highest severity that holds for sure; it can only rise."""
    floor = SEVERITY.index(variant.severity)
    for severity, program in variant.conditions.escalate:
        if SEVERITY.index(severity) > floor and program.run(binding).value is True:
            return severity
    return variant.severity


def _exempted(rule: Rule, binding: Binding) -> str:
    account = binding.values.get("account.id")
    today = binding.today.date()
    for item in rule.exemptions:
        if item.account == account and _still(item.until, today):
            return item.why
    return ""


def _still(until: date | None, today: date) -> bool:
    return until is None or today <= until


def _hits(judgement: Judgement) -> Iterator[datetime]:
    ids = {name for part in judgement.because() for name in part.items}
    lists = {_root(path) for path in judgement.variant.conditions.when.reads if "[]" in path}
    for path in lists:
        for item in judgement.binding.values.get(path, ()):
            if item.get("id", item.get("name")) in ids:
                yield from (item[name] for name in _HIT_TIMES if name in item)


def _expired(judgement: Judgement) -> bool:
    """Return whether the newest hit is older than `expires_after`."""
    limit = judgement.variant.timing.expires_after
    if limit is None or judgement.value is not True:
        return False
    newest = max(_hits(judgement), default=None)
    return newest is not None and judgement.binding.now - newest > limit


def judge(rule: Rule, binding: Binding) -> Judgement:
    """Return what a rule gives; an account that is excepted is off, and says why.

    While it is open which override holds, the rule is judged with each that may: where all agree
    that is the result, else it is unknown and names what is missing.
    """
    why = _exempted(rule, binding)
    candidates = list(_candidates(rule, binding))
    variant = candidates[-1][0]
    account = guarded(binding, variant)
    if why:
        return Judgement(rule, variant, account, value=False, severity=variant.severity, exempt=why)
    results = [_result(rule, each, guarded(binding, each)) for each, _ in candidates]
    result = results[-1]
    if len({each.value for each in results}) > 1:
        open_ones = (gap for _, missing in candidates for gap in missing)
        result = Result(None, _union((*open_ones, *(g for each in results for g in each.missing))))
    severity = _severity(variant, account) if result.value else variant.severity
    judgement = Judgement(rule, variant, account, result.value, severity, result.missing)
    return dataclasses.replace(judgement, value=False) if _expired(judgement) else judgement


def truth(program: Program | None, binding: Binding) -> bool | None:
    """Return what a condition gives; one that is not written is false."""
    return program.run(binding).value if program is not None else False
