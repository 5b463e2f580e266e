"""RuleSet × account × now → Signals: what fires, what is off, what nobody can tell, and why.

Unknown is never no: a rule that misses a fact neither fires nor reassures.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from plugin.signals.binding import Binding
from plugin.signals.conversion import Moment
from plugin.signals.formats import Count
from plugin.signals.hiding import Lamp, hide
from plugin.signals.judging import Judgement, judge, truth
from plugin.signals.language.result import Because
from plugin.signals.reasons import not_judged_because
from plugin.signals.rendering import Facts, Values, fill
from plugin.signals.rules import BUILT_IN, Rule, RuleSet
from plugin.signals.signal import Signal, Signals, ordered
from plugin.signals.stale_source import StaleSource, because_stale, words
from plugin.signals.states import Found, Step, StoredState, dismissal, is_snoozed, step


@dataclass(frozen=True, slots=True)
class _Judged:
    """One rule with everything that is known of it now."""

    judgement: Judgement
    found: Found
    step: Step
    because: tuple[Because, ...]
    row: StoredState | None

    @property
    def rule(self) -> Rule:
        """Return the rule."""
        return self.judgement.rule


def _as_text(value: object) -> str:
    return str(value)


def input_hash(because: Iterable[Because]) -> str:
    """Return a short name of what was read: a dismissal holds while it stays the same."""
    content = [[part.condition, dict(part.read), part.items] for part in because]
    text = json.dumps(content, sort_keys=True, default=_as_text)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _found(judgement: Judgement, because: tuple[Because, ...]) -> Found:
    conditions = judgement.variant.conditions
    return Found(
        rule=judgement.rule.id,
        value=judgement.value,
        severity=judgement.severity,
        version=judgement.rule.version,
        input_hash=input_hash(because) if judgement.value else "",
        has_clear=conditions.clear_when is not None,
        clears=truth(conditions.clear_when, judgement.binding),
        is_stale=bool(judgement.missing) and all(g.reason == "stale" for g in judgement.missing),
    )


def _without_store(found: Found) -> Step:
    """Return the lamp where nothing is remembered: times are ignored."""
    state = {True: "lit", False: "normal"}.get(bool(found.value), "normal")
    if found.value is None:
        state = "abstained" if found.is_stale else "no_data"
    return Step(StoredState(found.rule, state), shown=found.value is True)


def _judged(
    judgement: Judgement, states: Mapping[str, StoredState] | None, moment: Moment
) -> _Judged:
    because = judgement.because() if judgement.value is not False else ()
    found = _found(judgement, because)
    row = states.get(judgement.rule.id) if states is not None else None
    timing = judgement.variant.timing
    after = _without_store(found) if states is None else step(row, found, timing, moment.now)
    if after.shown and not because:
        because = judgement.because()
    return _Judged(judgement, found, after, because, row)


def _facts(judgement: Judgement) -> Facts:
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
    return Facts(judgement.variant.params, items, matches)


def _signal(judged: _Judged, *, tracked: bool, hidden_by: str = "") -> Signal:
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


def _lamp(judged: _Judged, moment: Moment) -> Lamp:
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
        facts=Facts({}, {}),
        detail=words("; ".join(texts[1:])) if len(texts) > 1 else None,
        play=rule.play,
        because=tuple(because_stale(source) for source in stale),
        since=None,
        code=rule.code,
        order=rule.order,
    )


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Judged rules by what becomes of them."""

    lit: list[_Judged]
    unknown: list[_Judged]
    pending: list[_Judged]
    off: dict[str, str]


def _is_unknown(judged: _Judged) -> bool:
    return judged.judgement.value is None and not judged.step.shown


def _sort(judged: Iterable[_Judged]) -> _Sorted:
    found = _Sorted([], [], [], {})
    for each in judged:
        if each.step.shown:
            found.lit.append(each)
        elif _is_unknown(each):
            found.unknown.append(each)
        elif each.step.row.state == "pending":
            found.pending.append(each)
        else:
            found.off[each.rule.id] = each.judgement.exempt
    return found


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
    rules = [rule for rule in ruleset.rules if rule.is_judged and rule.id != BUILT_IN]
    judged = [_judged(judge(rule, binding), states, moment) for rule in rules]
    found = _sort(judged)
    lamps = [_lamp(each, moment) for each in found.lit if each.rule.is_live]
    hidden = hide(lamps, {rule.id: rule for rule in ruleset.rules})
    signals = [
        _signal(each, tracked=tracked, hidden_by=hidden.get(each.rule.id, "")) for each in found.lit
    ]
    built_in = ruleset.rule(BUILT_IN)
    if built_in is not None and built_in.is_judged and stale:
        signals.append(_stale_signal(built_in, stale, moment))
    unknown = [
        _signal(each, tracked=tracked)
        for each in found.unknown
        if each.rule.is_live and each.rule.id not in hidden
    ]
    live = [signal for signal in signals if signal.status == "live"]
    not_judged = sum(1 for each in found.unknown if each.rule.is_live)
    return Signals(
        role=viewer_role,
        shown=tuple(signal for signal in live if not signal.hidden_by),
        unknown=tuple(signal for signal in unknown if signal.on_unknown == "show"),
        unjudged=tuple(signal for signal in unknown if signal.on_unknown != "show"),
        hidden=ordered((signal for signal in live if signal.hidden_by), viewer_role),
        pending=tuple(_signal(each, tracked=tracked) for each in found.pending),
        shadow=tuple(signal for signal in signals if signal.status != "live"),
        off=found.off,
        judged=sum(1 for rule in rules if rule.is_live) - not_judged,
        not_judged=not_judged,
        ruleset=ruleset.hash,
        rows={each.rule.id: each.step.row for each in judged} if tracked else {},
    ).for_role(viewer_role)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The texts of a signal as one viewer reads them."""

    headline: str
    detail: str = ""
    play: str = ""
    owner: str = ""
    link: str = ""


def render(signal: Signal, values: Values, locale: str) -> Rendered:
    """Return the texts of a signal from what the viewer may see, in the viewer's language."""
    if signal.state == "unknown":
        return Rendered(signal.note)
    play = signal.play
    return Rendered(
        headline=fill(signal.headline, values, signal.facts, locale),
        detail=fill(signal.detail, values, signal.facts, locale) if signal.detail else "",
        play=fill(play.text, values, signal.facts, locale) if play else "",
        owner=play.owner if play else "",
        link=play.link if play else "",
    )
