"""What stands out on an account: signals, in order, split into what is shown and what is not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from plugin.account.context import Gap
from plugin.account.words import SEVERITY
from plugin.rules.language.result import Because
from plugin.rules.rendering import TemplateFacts
from plugin.rules.rules import Play
from plugin.rules.states import StoredState
from plugin.rules.templates import Template

FIRST_VIEW = 3  # never more before "+n more"
_RISKS = ("risk", "competitive")
_CAREFUL = (_RISKS, ("expansion",), ("hygiene",))
KINDS_FIRST: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "agent": _CAREFUL,
    "csm": _CAREFUL,
    "ae": (("expansion",), _RISKS, ("hygiene",)),
}


@dataclass(frozen=True, slots=True)
class Signal:
    """One rule that fires or cannot be judged on an account.

    `state` is firing or unknown, as in an answer; `lamp` the state over time. `facts` hold what
    the texts may name. `hidden_by` says in words why it is not shown; `checked_at` is set while
    a lit signal could not be judged again. `note` says what is missing, in words.
    """

    rule: str
    version: str
    kind: str
    severity: str
    status: str
    state: str
    headline: Template
    facts: TemplateFacts
    detail: Template | None = None
    play: Play | None = None
    because: tuple[Because, ...] = ()
    missing: tuple[Gap, ...] = ()
    since: datetime | None = None
    lamp: str = "lit"
    tracked: bool = False
    checked_at: datetime | None = None
    on_unknown: str = "hide"
    hidden_by: str = ""
    note: str = ""
    code: str = ""
    order: int = 0


def ordered(signals: Iterable[Signal], role: str) -> tuple[Signal, ...]:
    """Return signals as the role wants them: kinds first, then severity, then file order."""
    kinds = KINDS_FIRST.get(role, _CAREFUL)
    place = {kind: rank for rank, group in enumerate(kinds) for kind in group}

    def key(signal: Signal) -> tuple[int, int, int]:
        return (place[signal.kind], -SEVERITY.index(signal.severity), signal.order)

    return tuple(sorted(signals, key=key))


@dataclass(frozen=True, slots=True)
class Signals:
    """All that judging one account brought, for one role.

    `shown` is the first view, `more` is behind "+n". `unknown` are checks that could not run and
    are named; `unjudged` could not run either and are only counted. `hidden` fire and are kept
    back, `pending` wait for their dwell, `shadow` fire where nobody sees them. `off` maps each
    other judged rule to False, or to why it was left out. `judged` and `not_judged` count live
    rules. `rows` are the states to store.
    """

    role: str
    shown: tuple[Signal, ...] = ()
    more: tuple[Signal, ...] = ()
    unknown: tuple[Signal, ...] = ()
    unjudged: tuple[Signal, ...] = ()
    hidden: tuple[Signal, ...] = ()
    pending: tuple[Signal, ...] = ()
    shadow: tuple[Signal, ...] = ()
    off: Mapping[str, str] = field(default_factory=dict)
    judged: int = 0
    not_judged: int = 0
    ruleset: str = ""
    rows: Mapping[str, StoredState] = field(default_factory=dict)

    def visible(self) -> tuple[Signal, ...]:
        """Return what is shown and what is behind "+n", in order."""
        return (*self.shown, *self.more)

    def in_answer(self) -> tuple[Signal, ...]:
        """Return the signals of an answer: shown, behind "+n", then those not judged."""
        return (*self.visible(), *self.unknown, *self.unjudged)

    def for_role(self, role: str) -> Signals:
        """Return the same signals in the order of another role."""
        visible = ordered(self.visible(), role)
        return dataclasses.replace(
            self,
            role=role,
            shown=visible[:FIRST_VIEW],
            more=visible[FIRST_VIEW:],
            unknown=ordered(self.unknown, role),
            unjudged=ordered(self.unjudged, role),
        )

    def needs_attention(self) -> bool:
        """Return whether a risk of medium severity or above is lit."""
        return any(
            signal.kind in _RISKS and SEVERITY.index(signal.severity) >= SEVERITY.index("medium")
            for signal in self.visible()
        )
