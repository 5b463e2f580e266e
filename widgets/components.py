"""The neutral components that are more than words: figures, drawings, people, signals, lists."""

from __future__ import annotations

from dataclasses import dataclass

from widgets.texts import Action, Badge, Badges, Field, Link, Notice, Row, Search, Text


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A quiet line of values, oldest first; `label` is its text alternative."""

    values: tuple[float, ...]
    label: str
    tone: str = "normal"

    def plain(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that matters, under a small label.

    state: known, unknown (`title` says why), withheld (`title` says who may see it), stale
    (`title` says how old it is).
    """

    label: str
    value: str
    note: str = ""
    note_tone: str = "muted"
    title: str = ""
    state: str = "known"
    spark: Sparkline | None = None

    def plain(self) -> str:
        return " ".join(part for part in (f"{self.label}:", self.value, self.note) if part)


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures in a grid of two columns."""

    figures: tuple[Figure, ...]

    def plain(self) -> str:
        return "\n".join(figure.plain() for figure in self.figures)


@dataclass(frozen=True, slots=True)
class Bar:
    """A share drawn as a bar, with its number beside it; `text` is the text alternative."""

    label: str
    value: str
    share: float
    text: str
    note: str = ""
    tone: str = "normal"

    def plain(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Person:
    """A person at the account."""

    name: str
    role: str
    note: str = ""
    tone: str = "normal"
    title: str = ""

    def plain(self) -> str:
        return " · ".join(part for part in (self.name, self.role, self.note) if part)


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition behind a signal: a sentence, what was read, and the items that decided."""

    text: str
    facts: tuple[Row, ...] = ()
    items: tuple[Link | Text, ...] = ()

    def plain(self) -> str:
        read = [fact.plain() for fact in self.facts] + [item.text for item in self.items]
        return f"{self.text} ({'; '.join(read)})" if read else self.text


@dataclass(frozen=True, slots=True)
class SignalCard:
    """A lamp: tone and word, a headline with the numbers, one play, and why.

    `tone` is risk, warning, growth or muted; `word` says the same in words ("High risk").
    `rule` is unique among the cards of a widget.
    """

    rule: str
    tone: str
    word: str
    headline: str
    detail: str = ""
    play: str = ""
    owner: str = ""
    since: str = ""
    reasons: tuple[Reason, ...] = ()
    actions: tuple[Action, ...] = ()

    def plain(self) -> str:
        lines = [f"{self.word}: {self.headline}"]
        lines += [f"  {self.detail}"] if self.detail else []
        lines += [f"  → {self.play} ({self.owner})"] if self.play else []
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Choice:
    """One candidate account; `action` chooses it, and none is offered without one."""

    value: str
    name: str
    note: str
    reason: str
    action: str = ""

    def plain(self) -> str:
        return " · ".join(part for part in (self.name, self.note, self.reason) if part)


@dataclass(frozen=True, slots=True)
class More:
    """What is behind "+n more"."""

    label: str
    components: tuple[Component, ...]

    def plain(self) -> str:
        return "\n".join([self.label, *(part.plain() for part in self.components)])


@dataclass(frozen=True, slots=True)
class Divider:
    """A hairline."""

    def plain(self) -> str:
        return ""


Component = (
    Text
    | Link
    | Action
    | Field
    | Search
    | Badge
    | Badges
    | Row
    | Figure
    | Figures
    | Sparkline
    | Bar
    | Person
    | SignalCard
    | Notice
    | Choice
    | More
    | Divider
)
