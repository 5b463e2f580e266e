"""What one viewer reads of a signal: its texts and its evidence, without what is withheld."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from plugin.account.context import AccountContext, Gap
from plugin.signals.evaluation import Rendered, render
from plugin.signals.formats import Hidden
from plugin.signals.language.result import Because
from plugin.signals.rendering import Shown, Values
from plugin.signals.schema import Schema, spec_at
from plugin.signals.signal import Signal, Signals
from plugin.wording import Wording

_MONEY = "contract."


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


@dataclass(frozen=True, slots=True)
class Eyes:
    """How one role looks at one account: the redacted context and the fields it may not see."""

    context: AccountContext
    hidden: frozenset[str]
    schema: Schema
    wording: Wording
    currency: str

    def is_hidden(self, path: str) -> bool:
        """Tell whether a path, or the list it is in, is withheld."""
        return path in self.hidden or path.partition("[]")[0] in self.hidden

    def mask(self, path: str) -> Hidden:
        """Return what stands for a withheld value: the band for an amount of the contract."""
        band = self.context.contract.arr_band if path.startswith(_MONEY) else None
        return Hidden(band)

    def field(self, path: str) -> Shown:
        """Return the value of a field as the context has it."""
        if self.is_hidden(path):
            return self.mask(path)
        if path.startswith("custom."):
            return self.context.custom.get(path.removeprefix("custom."))
        value: Any = self.context
        for name in path.split("."):
            value = getattr(value, name, None)
        return value

    def item(self, path: str, item: Mapping[str, object], name: str) -> Shown:
        """Return a field of one item; a calendar day stays that day in every time zone."""
        whole = f"{path}[].{name}"
        if self.is_hidden(whole):
            return self.mask(whole)
        value, spec = item.get(name), spec_at(self.schema, whole)
        if spec is not None and spec.unit == "date" and isinstance(value, datetime):
            return value.date()
        return value

    def values(self) -> Values:
        """Return the look-up that texts are filled from."""
        zone: ZoneInfo = self.wording.zone
        return Values(self.field, self.item, self.wording.today, zone, self.currency)

    def reason(self, because: Because) -> Reason:
        """Return a condition without the values that are withheld."""
        read = {
            path: "withheld" if self.is_hidden(path) else value
            for path, value in because.read.items()
        }
        return Reason(
            because.condition,
            because.definition,
            because.span,
            because.value,
            read,
            because.items,
            because.stale,
            because.missing,
        )

    def signal(self, signal: Signal) -> Seen:
        """Return one signal in the viewer's words."""
        text = render(signal, self.values(), str(self.wording.locale))
        return Seen(signal, text, tuple(self.reason(part) for part in signal.because))


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
        parts = [] if self.shown else ["No signals."]
        many = "check" if checks == 1 else "checks"
        failed = f", {self.not_judged} could not run" if self.not_judged else ""
        return " ".join([*parts, f"{checks} {many}{failed}."])


def see(signals: Signals, eyes: Eyes) -> SeenSignals:
    """Return the signals as this viewer may read them."""
    return SeenSignals(
        shown=tuple(eyes.signal(one) for one in signals.shown),
        more=tuple(eyes.signal(one) for one in signals.more),
        unknown=tuple(eyes.signal(one) for one in signals.unknown),
        unjudged=tuple(eyes.signal(one) for one in signals.unjudged),
        judged=signals.judged,
        not_judged=signals.not_judged,
    )
