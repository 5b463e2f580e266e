"""What one viewer reads of a signal: its texts and its evidence, without what is withheld."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from plugin.account.context import Gap
from plugin.rules.formats import Hidden
from plugin.rules.language.result import Because
from plugin.rules.rendered import Rendered, render
from plugin.rules.rendering import Values
from plugin.rules.schema import Schema, spec_at
from plugin.rules.signal import Signal, Signals
from plugin.rules.values import visible_read


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition that decided; `read` holds what the viewer may know of what was read."""

    condition: str
    definition: str | None
    span: tuple[int, int]
    value: bool | None
    read: Mapping[str, Any]
    items: tuple[str, ...]
    stale: Mapping[str, datetime]
    missing: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """One signal in the viewer's words."""

    signal: Signal
    text: Rendered
    because: tuple[Reason, ...]

    @property
    def kind(self) -> str:
        """Return the kind of the signal."""
        return self.signal.kind

    @property
    def headline(self) -> str:
        """Return the headline in the viewer's words."""
        return self.text.headline


def _reason(because: Because, values: Values, schema: Schema) -> Reason:
    """Return a condition without the values that are withheld; a calendar day is a date.

    Of a list that is withheld as a whole neither its items nor their number is told.
    """
    hides = any(isinstance(values.field(path), Hidden) for path in because.lists)
    read = {
        path: _as_day(schema, path, value)
        for path, value in visible_read(because.read, values).items()
        if not (hides and path == "matches")
    }
    return Reason(
        because.condition,
        because.definition,
        because.span,
        because.value,
        read,
        () if hides else because.items,
        because.stale,
        because.missing,
    )


def _as_day(schema: Schema, path: str, value: Any) -> Any:
    spec = spec_at(schema, path)
    is_day = spec is not None and spec.unit == "date"
    return value.date() if is_day and isinstance(value, datetime) else value


def _seen(signal: Signal, values: Values, schema: Schema, locale: str) -> Seen:
    reasons = tuple(_reason(part, values, schema) for part in signal.because)
    return Seen(signal, render(signal, values, locale), reasons)


@dataclass(frozen=True, slots=True)
class SeenSignals:
    """All signals of an answer in the viewer's words, and how many checks could run."""

    shown: tuple[Seen, ...] = ()
    more: tuple[Seen, ...] = ()
    unknown: tuple[Seen, ...] = ()
    unjudged: tuple[Seen, ...] = ()
    judged: int = 0
    not_judged: int = 0

    def in_answer(self) -> tuple[Seen, ...]:
        """Return the signals in the order of the view: shown, behind "+n", not judged."""
        return (*self.shown, *self.more, *self.unknown, *self.unjudged)

    def summary(self) -> str:
        """Return the line of what was judged; never an all-clear while a check could not run."""
        checks = self.judged + self.not_judged
        if checks and self.not_judged == checks:
            return f"Nothing could be judged: {checks} checks, none could run."
        parts = [] if self.shown else ["No signals."]
        many = "check" if checks == 1 else "checks"
        failed = f", {self.not_judged} could not run" if self.not_judged else ""
        return " ".join([*parts, f"{checks} {many}{failed}."])


def see(signals: Signals, values: Values, schema: Schema, locale: str) -> SeenSignals:
    """Return the signals as a viewer may read them: `values` are what that viewer may see."""

    def seen(some: tuple[Signal, ...]) -> tuple[Seen, ...]:
        return tuple(_seen(one, values, schema, locale) for one in some)

    return SeenSignals(
        shown=seen(signals.shown),
        more=seen(signals.more),
        unknown=seen(signals.unknown),
        unjudged=seen(signals.unjudged),
        judged=signals.judged,
        not_judged=signals.not_judged,
    )
