"""What hides what: the fixed order in which lit signals give way to each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from plugin.rules.rules import Rule

WRONG = "wrong"  # the one dismissal that takes a signal's power to hide others


@dataclass(frozen=True, slots=True)
class Lamp:
    """A live rule that is lit: what its own conditions say about showing it.

    `suppressed` is the value of `suppress_when`; `snoozed` and `dismissed` lie over the state.
    """

    rule: Rule
    severity: str
    suppressed: bool | None = False
    snoozed: bool = False
    dismissed: str | None = None


def _suppressed(lamp: Lamp, lit: Mapping[str, Lamp]) -> str:
    """Return why a lamp suppresses itself; an unknown condition holds back growth only."""
    unsure = lamp.suppressed is None and lamp.rule.kind == "expansion"
    if lamp.suppressed is True or unsure:
        return "suppress_when"
    return next((f"suppress_if {name}" for name in lamp.rule.suppress_if if name in lit), "")


def _inhibited(lamps: Iterable[Lamp]) -> dict[str, str]:
    """Return expansion rules that a critical risk holds back."""
    lamps = list(lamps)
    risk = next((x for x in lamps if x.rule.kind == "risk" and x.severity == "critical"), None)
    if risk is None:
        return {}
    growth = (lamp.rule.id for lamp in lamps if lamp.rule.kind == "expansion")
    return dict.fromkeys(growth, f"critical {risk.rule.id}")


def superseded(lamps: Iterable[Lamp], rules: Mapping[str, Rule]) -> dict[str, str]:
    """Return each rule that a lit one hides, and which; it reaches through rules that are off."""
    hidden: dict[str, str] = {}
    for lamp in lamps:
        if lamp.dismissed == WRONG:
            continue
        reached: list[str] = list(lamp.rule.supersedes)
        for name in reached:  # grows while it is walked
            hidden.setdefault(name, f"superseded by {lamp.rule.id}")
            following = rules[name].supersedes if name in rules else ()
            reached += [each for each in following if each not in reached]
    return hidden


def _overlay(lamp: Lamp) -> str:
    if lamp.dismissed is not None:
        return f"dismissed as {lamp.dismissed}"
    return "snoozed" if lamp.snoozed else ""


def _left(lamps: Sequence[Lamp], hidden: Mapping[str, str]) -> list[Lamp]:
    return [lamp for lamp in lamps if lamp.rule.id not in hidden]


def hide(lamps: Sequence[Lamp], rules: Mapping[str, Rule]) -> dict[str, str]:
    """Return rule → why it is hidden, for lit live rules and for those that they supersede."""
    lit = {lamp.rule.id: lamp for lamp in lamps}
    reasons = ((lamp.rule.id, _suppressed(lamp, lit)) for lamp in lamps)
    hidden = {name: why for name, why in reasons if why}
    hidden |= _inhibited(_left(lamps, hidden))
    by_others = superseded(_left(lamps, hidden), rules)
    hidden = {**by_others, **hidden}
    for lamp in _left(lamps, hidden):
        if why := _overlay(lamp):
            hidden[lamp.rule.id] = why
    return hidden
