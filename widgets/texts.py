"""The neutral components that are words alone.

Every text is plain, already written in the viewer's language and number format; escaping is
the renderer's job. A tone is meaning, never decoration. `plain()` is the component as text.
"""

from __future__ import annotations

from dataclasses import dataclass

TONES = ("normal", "muted", "risk", "warning", "growth")


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph."""

    text: str
    tone: str = "normal"
    strong: bool = False

    def plain(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Link:
    """A link that opens outside the widget; https only."""

    text: str
    url: str

    def plain(self) -> str:
        return f"{self.text}: {self.url}"


@dataclass(frozen=True, slots=True)
class Action:
    """Something the viewer may do in place: refresh, pin, useful …; `value` goes with it."""

    name: str
    label: str
    value: str = ""

    def plain(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class Search:
    """A field with its button: what is typed goes with the action as its value.

    `value` is what was typed before.
    """

    label: str
    button: str
    action: str = "search"
    value: str = ""

    def plain(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class Badge:
    """A short word on a chip, with an optional count."""

    text: str
    tone: str = "normal"
    count: int | None = None
    title: str = ""

    def plain(self) -> str:
        return self.text if self.count is None else f"{self.text} ×{self.count}"


@dataclass(frozen=True, slots=True)
class Badges:
    """A line of chips."""

    badges: tuple[Badge, ...]

    def plain(self) -> str:
        return " · ".join(badge.plain() for badge in self.badges)


@dataclass(frozen=True, slots=True)
class Row:
    """A label with its value, and a quieter note after it; `url` makes the label a link."""

    label: str
    value: str
    note: str = ""
    tone: str = "normal"
    title: str = ""
    url: str = ""

    def plain(self) -> str:
        return " ".join(part for part in (f"{self.label}:", self.value, self.note) if part)


@dataclass(frozen=True, slots=True)
class Notice:
    """A calm sentence about the answer itself; `link` or `action` is what to do."""

    text: str
    tone: str = "muted"
    link: Link | None = None
    action: Action | None = None

    def plain(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Field:
    """Something to type or to choose, sent with the actions beside it.

    `options` are values and what they say; without them it is a line of text. Only the page
    shows fields: the other formats have no place for them.
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...] = ()
    value: str = ""
    hint: str = ""
    longest: int = 200

    def plain(self) -> str:
        return ""
