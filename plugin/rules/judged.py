"""One judged rule with its lamp: what is found now, what was stored, and what is stored next."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plugin.rules.binding import Binding
from plugin.rules.conversion import Moment
from plugin.rules.judging import Judgement, judge, truth
from plugin.rules.language.result import Because
from plugin.rules.rules import BUILT_IN, Rule, RuleSet
from plugin.rules.states import Step, StoredState, Verdict, step


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule with everything that is known of it now."""

    judgement: Judgement
    found: Verdict
    step: Step
    because: tuple[Because, ...]
    row: StoredState | None

    @property
    def rule(self) -> Rule:
        """Return the rule."""
        return self.judgement.rule

    @property
    def is_unknown(self) -> bool:
        """Return whether nothing can be said, and no lit lamp stays for its grace period."""
        return self.judgement.value is None and not self.step.shown

    @property
    def is_pending(self) -> bool:
        """Return whether it holds and waits for its dwell."""
        return self.step.row.state == "pending"

    @property
    def is_off(self) -> bool:
        """Return whether it was judged and nothing is lit."""
        return not (self.step.shown or self.is_unknown or self.is_pending)


def _as_text(value: object) -> str:
    return str(value)


def input_hash(because: Iterable[Because]) -> str:
    """Return a short name of what was read: a dismissal holds while it stays the same."""
    content = [[part.condition, dict(part.read), part.items] for part in because]
    text = json.dumps(content, sort_keys=True, default=_as_text)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _found(judgement: Judgement, because: tuple[Because, ...]) -> Verdict:
    conditions = judgement.variant.conditions
    return Verdict(
        rule=judgement.rule.id,
        value=judgement.value,
        severity=judgement.severity,
        version=judgement.rule.version,
        input_hash=input_hash(because) if judgement.value else "",
        has_clear=conditions.clear_when is not None,
        clears=truth(conditions.clear_when, judgement.binding),
        is_stale=bool(judgement.missing) and all(g.reason == "stale" for g in judgement.missing),
    )


def _without_store(found: Verdict) -> Step:
    """Return the lamp where nothing is remembered: times are ignored."""
    state = {True: "lit", False: "normal"}.get(bool(found.value), "normal")
    if found.value is None:
        state = "abstained" if found.is_stale else "no_data"
    return Step(StoredState(found.rule, state), shown=found.value is True)


def _judged(
    judgement: Judgement, states: Mapping[str, StoredState] | None, moment: Moment
) -> Judged:
    told = judgement.value is True or (judgement.value is None and judgement.rule.is_live)
    because = judgement.because() if told else ()
    found = _found(judgement, because)
    row = states.get(judgement.rule.id) if states is not None else None
    timing = judgement.variant.timing
    after = _without_store(found) if states is None else step(row, found, timing, moment.now)
    if after.shown and not because:
        because = judgement.because()
    return Judged(judgement, found, after, because, row)


def judge_rules(
    ruleset: RuleSet,
    binding: Binding,
    moment: Moment,
    states: Mapping[str, StoredState] | None = None,
) -> tuple[Judged, ...]:
    """Judge every rule of the set's statuses, each by itself."""
    wanted = (rule for rule in ruleset.rules if rule.status in ruleset.statuses)
    rules = (rule for rule in wanted if rule.id != BUILT_IN)
    return tuple(_judged(judge(rule, binding), states, moment) for rule in rules)
