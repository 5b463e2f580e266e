"""RuleSet × account × now → Signals: what fires, what is off, what nobody can tell, and why.

Unknown is never no: a rule that misses a fact neither fires nor reassures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from plugin.rules.binding import Binding
from plugin.rules.conversion import Moment
from plugin.rules.formats import Count
from plugin.rules.hiding import Lamp, hide
from plugin.rules.judged import Judged, judge_rules
from plugin.rules.judging import Judgement, truth
from plugin.rules.reasons import not_judged_because
from plugin.rules.rendering import TemplateFacts
from plugin.rules.rules import BUILT_IN, Rule, RuleSet
from plugin.rules.signal import Signal, Signals, ordered
from plugin.rules.stale_source import StaleSource, because_stale, words
from plugin.rules.states import StoredState, dismissal, is_snoozed


def _facts(judgement: Judgement) -> TemplateFacts:
    deciding = judgement.variant.conditions.when.deciding(judgement.binding)
    items = {
        name: (judgement.rule.variables.get(name, ""), item)
        for name, item in deciding.items.items()
        if isinstance(item, Mapping)
    }
    matches = None
    if deciding.matches is not None:
        least, most = deciding.matches
        matches = Count(least, more=most is None or most > least)
    return TemplateFacts(judgement.variant.params, items, matches)


def signal_of(judged: Judged, *, tracked: bool, hidden_by: str = "") -> Signal:
    """Return a judged rule as a signal; `tracked` says that its times are kept in a store."""
    rule, judgement, row = judged.rule, judged.judgement, judged.step.row
    fires = judged.step.shown or judgement.value is True
    return Signal(
        rule=rule.id,
        version=rule.version,
        kind=rule.kind,
        severity=row.severity if judged.step.in_grace else judgement.severity,
        status=rule.status,
        state="firing" if fires else "unknown",
        headline=rule.headline,
        facts=_facts(judgement),
        detail=rule.detail,
        play=rule.play,
        because=judged.because,
        missing=judgement.missing,
        since=row.since if tracked else None,
        lamp=row.state,
        tracked=tracked,
        checked_at=row.last_eval_at if judged.step.in_grace else None,
        on_unknown=judgement.variant.on_unknown,
        hidden_by=hidden_by,
        note="" if fires else not_judged_because(judgement.missing, judgement.binding.schema),
        code=rule.code,
        order=rule.order,
    )


def _lamp(judged: Judged, moment: Moment) -> Lamp:
    condition = judged.judgement.variant.conditions.suppress_when
    return Lamp(
        rule=judged.rule,
        severity=judged.judgement.severity,
        suppressed=truth(condition, judged.judgement.binding),
        snoozed=is_snoozed(judged.row, judged.found, moment.now),
        dismissed=dismissal(judged.row, judged.found),
    )


def _stale_signal(rule: Rule, stale: Sequence[StaleSource], moment: Moment) -> Signal:
    texts = [source.text(moment.now) for source in stale]
    return Signal(
        rule=rule.id,
        version=rule.version,
        kind=rule.kind,
        severity=rule.base.severity,
        status=rule.status,
        state="firing",
        headline=words(texts[0]),
        facts=TemplateFacts({}, {}),
        detail=words("; ".join(texts[1:])) if len(texts) > 1 else None,
        play=rule.play,
        because=tuple(because_stale(source) for source in stale),
        since=None,
        code=rule.code,
        order=rule.order,
    )


def why_hidden(ruleset: RuleSet, judged: Iterable[Judged], moment: Moment) -> dict[str, str]:
    """Return rule → why it is not shown although it may fire."""
    lamps = [_lamp(each, moment) for each in judged if each.step.shown and each.rule.is_live]
    return hide(lamps, {rule.id: rule for rule in ruleset.rules})


def _fires(judged: Iterable[Judged], hidden: Mapping[str, str], *, tracked: bool) -> list[Signal]:
    lit = (each for each in judged if each.step.shown)
    return [
        signal_of(each, tracked=tracked, hidden_by=hidden.get(each.rule.id, "")) for each in lit
    ]


def _stale_signals(
    ruleset: RuleSet, stale: Sequence[StaleSource], moment: Moment
) -> tuple[Signal, ...]:
    rule = ruleset.rule(BUILT_IN)
    if rule is None or rule.status not in ruleset.statuses or not stale:
        return ()
    return (_stale_signal(rule, stale, moment),)


def evaluate(
    ruleset: RuleSet,
    binding: Binding,
    moment: Moment,
    viewer_role: str = "agent",
    states: Mapping[str, StoredState] | None = None,
    stale: Sequence[StaleSource] = (),
) -> Signals:
    """Return what stands out on an account.

    `states` are the stored rows by rule; None where there is no store, and times are ignored.
    `stale` are the sources past their budget, for the one rule that no condition can write.
    """
    tracked = states is not None
    judged = judge_rules(ruleset, binding, moment, states)
    hidden = why_hidden(ruleset, judged, moment)
    firing = [*_fires(judged, hidden, tracked=tracked), *_stale_signals(ruleset, stale, moment)]
    live = [signal for signal in firing if signal.status == "live"]
    blind = [each for each in judged if each.is_unknown and each.rule.is_live]
    unknown = [signal_of(each, tracked=tracked) for each in blind if each.rule.id not in hidden]
    waiting = [each for each in judged if each.is_pending]
    return Signals(
        role=viewer_role,
        shown=tuple(signal for signal in live if not signal.hidden_by),
        unknown=tuple(signal for signal in unknown if signal.on_unknown == "show"),
        unjudged=tuple(signal for signal in unknown if signal.on_unknown != "show"),
        hidden=ordered((signal for signal in live if signal.hidden_by), viewer_role),
        pending=tuple(signal_of(each, tracked=tracked) for each in waiting),
        shadow=tuple(signal for signal in firing if signal.status != "live"),
        off={each.rule.id: each.judgement.exempt for each in judged if each.is_off},
        judged=sum(1 for each in judged if each.rule.is_live) - len(blind),
        not_judged=len(blind),
        ruleset=ruleset.hash,
        rows={each.rule.id: each.step.row for each in judged} if tracked else {},
    ).for_role(viewer_role)
