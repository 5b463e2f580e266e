"""The neutral widget: all that one answer shows, in order, before any helpdesk's format."""

from __future__ import annotations

from dataclasses import dataclass

from widgets.components import (
    Bar,
    Choice,
    Component,
    Divider,
    Figure,
    Figures,
    More,
    Person,
    Reason,
    SignalCard,
    Sparkline,
)
from widgets.texts import TONES, Action, Badge, Badges, Field, Link, Notice, Row, Search, Text
from widgets.words import ENGLISH, Words

STATES = ("resolved", "partial", "none", "ambiguous", "consumer", "expired", "unconfigured")


@dataclass(frozen=True, slots=True)
class Section:
    """Components under one title.

    `notice` says what is missing or old in this section; `folded` sections show their title
    first, unless the viewer has `opened` them; a section without a title runs on from the one
    before.
    """

    id: str
    title: str
    components: tuple[Component, ...]
    notice: Notice | None = None
    folded: bool = False
    opened: bool = False


@dataclass(frozen=True, slots=True)
class SourceChip:
    """How old one source is: "Billing 9 min"; tone warning when past its budget or failing."""

    name: str
    age: str
    tone: str
    title: str
    instant: str = ""  # ISO 8601, for <time datetime>

    def plain(self) -> str:
        return f"{self.name} {self.age}".strip()


@dataclass(frozen=True, slots=True)
class Header:
    """Who: the account, its plan, and how sure the match is.

    `match_title` is the evidence; `correction` is what "Not this account?" opens: the other
    candidates, a search. Without `match` there is nothing to correct.
    """

    title: str
    badges: tuple[Badge, ...] = ()
    match: str = ""
    match_title: str = ""
    sure: bool = True
    correction: tuple[Component, ...] = ()


@dataclass(frozen=True, slots=True)
class Widget:
    """All that one answer shows, in order.

    `state`: one of STATES. `link` opens the full view or the account in its system of record.
    `judged` is the line of what was checked. `said` tells what the viewer's last action did,
    and how to take it back. `locale` is how its numbers and dates are written,
    `language` that of its texts, `words` the few that belong to no section.
    """

    state: str
    header: Header
    sections: tuple[Section, ...] = ()
    sources: tuple[SourceChip, ...] = ()
    judged: str = ""
    link: Link | None = None
    banner: str = ""
    locale: str = "en"
    language: str = "en"
    said: Notice | None = None
    refreshing: bool = False  # a partial part may be better in a moment: the page asks once more
    words: Words = ENGLISH


__all__ = [
    "STATES",
    "TONES",
    "Action",
    "Badge",
    "Badges",
    "Bar",
    "Choice",
    "Component",
    "Divider",
    "Field",
    "Figure",
    "Figures",
    "Header",
    "Link",
    "More",
    "Notice",
    "Person",
    "Reason",
    "Row",
    "Search",
    "Section",
    "SignalCard",
    "SourceChip",
    "Sparkline",
    "Text",
    "Widget",
    "Words",
]
