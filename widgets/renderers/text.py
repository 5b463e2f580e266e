"""Render the widget as text for a terminal; colour only where the viewer asks for it."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from widgets.renderer import Limits, Renderer
from widgets.widget import (
    Badge,
    Badges,
    Bar,
    Choice,
    Component,
    Divider,
    Figure,
    Figures,
    Link,
    More,
    Notice,
    Person,
    Reason,
    Row,
    Section,
    SignalCard,
    Widget,
)
from widgets.wording import https_only, one_line

DOCS = "https://ecma-international.org/publications-and-standards/standards/ecma-48/"
NARROWEST, WIDEST, USUAL = 40, 200, 80
BAR_CELLS = 20
LAMPS = {"risk": "▲", "warning": "●", "growth": "+"}
COLOURS = {"risk": "31", "warning": "33", "growth": "32", "muted": "2", "strong": "1"}
# What is aligned below each other: a label, what it says, its tone.
Cells = tuple[str, str, str]


class _Paper:
    """Lines of one width, with or without colour."""

    def __init__(self, width: int, *, colour: bool) -> None:
        self.width = width
        self.colour = colour
        self.lines: list[str] = []

    def paint(self, text: str, tone: str) -> str:
        code = COLOURS.get(tone) if self.colour and text else None
        return f"\x1b[{code}m{text}\x1b[0m" if code else text

    def write(self, text: str, tone: str = "normal", *, lead: str = "") -> None:
        """Write a paragraph; `lead` stands before its first line, and the others line up."""
        space = max(self.width - cells(lead), NARROWEST // 2)
        parts = textwrap.wrap(one_line(text), space) or [""]
        for at, part in enumerate(parts):
            before = lead if at == 0 else " " * cells(lead)
            self.lines.append(f"{before}{self.paint(part, tone)}".rstrip())

    def gap(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")


def cells(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(unicodedata.combining(letter) > 0 for letter in text)


def _join(*parts: str) -> str:
    return " · ".join(part for part in map(one_line, parts) if part)


def _drawn(bar: Bar) -> str:
    share = min(max(bar.share, 0.0), 1.0) if bar.share == bar.share else 0.0  # NaN is not itself
    full = max(round(share * BAR_CELLS), 1 if share > 0 else 0)
    return "█" * full + "░" * (BAR_CELLS - full)


def _aligned(component: Component) -> Iterator[Cells]:
    """Yield the label and value of what is lined up with its neighbours."""
    match component:
        case Row(label, value, note, tone):
            yield label, _join(value, note), tone
        case Figure(label, value, note, title=title, state=state):
            yield label, _join(value, note, "" if state == "known" else title), "strong"
        case Figures(figures):
            for figure in figures:
                yield from _aligned(figure)
        case Bar():
            yield (
                component.label,
                f"{_drawn(component)} {_join(component.value, component.note)}",
                (component.tone),
            )
        case _:
            return


def _table(paper: _Paper, table: Iterable[Cells], indent: str) -> None:
    rows = [(one_line(label), value, tone) for label, value, tone in table]
    label_width = min(max((cells(label) for label, _, _ in rows), default=0), paper.width // 3)
    for label, value, tone in rows:
        padding = " " * (label_width - cells(label))
        lead = f"{indent}{label}{padding}  "
        if cells(label) > label_width:
            paper.write(label, lead=indent)
            lead = f"{indent}{' ' * label_width}  "
        paper.write(value, tone, lead=lead)


def _reason(paper: _Paper, reason: Reason) -> None:
    paper.write(reason.text, lead="  · ")
    _table(paper, (cell for fact in reason.facts for cell in _aligned(fact)), "    ")
    for item in reason.items:
        paper.write(_linked(item) if isinstance(item, Link) else item.text, lead="    - ")


def _signal(paper: _Paper, card: SignalCard) -> None:
    paper.gap()
    lamp = paper.paint(LAMPS.get(card.tone, "○"), card.tone)
    paper.lines.append(f"{lamp} {paper.paint(one_line(card.word), card.tone)}")
    paper.write(card.headline, "strong", lead="  ")
    if card.detail:
        paper.write(card.detail, lead="  ")
    if card.play:
        paper.write(f"{card.play} ({card.owner})" if card.owner else card.play, lead="  → ")
    for reason in card.reasons:
        _reason(paper, reason)
    if card.since:
        paper.write(card.since, "muted", lead="  ")


def _linked(link: Link) -> str:
    return f"{one_line(link.text)}  {https_only(link.url)}".strip()


def _chips(badges: Iterable[Badge]) -> str:
    return " · ".join(one_line(badge.plain()) for badge in badges)


def _component(paper: _Paper, component: Component) -> None:
    match component:
        case SignalCard():
            _signal(paper, component)
        case Badges(badges):
            paper.write(_chips(badges), lead="  ")
        case Person(name, role, note, tone):
            paper.write(_join(name, role, note), tone, lead="  ")
        case Link():
            paper.write(_linked(component), lead="  ")
        case Notice(text, tone, link):
            paper.write(text, tone, lead="  ")
            if link:
                paper.write(_linked(link), lead="  ")
        case Choice(value, name, note, reason):
            paper.write(_join(name, note, reason, f"[{value}]" if value else ""), lead="  - ")
        case More(label, components):
            paper.write(label, "muted", lead="  ")
            _components(paper, components)
        case Divider():
            paper.gap()
        case _:
            paper.write(component.plain(), getattr(component, "tone", "normal"), lead="  ")


def _components(paper: _Paper, components: Iterable[Component]) -> None:
    kinds = (Row, Figure, Figures, Bar)
    for aligned, run in groupby(components, key=lambda part: isinstance(part, kinds)):
        if aligned:
            _table(paper, (cell for part in run for cell in _aligned(part)), "  ")
        else:
            for part in run:
                _component(paper, part)


def _section(paper: _Paper, section: Section) -> None:
    paper.gap()
    if section.title:
        paper.write(section.title, "strong")
    if section.notice:
        _component(paper, section.notice)
    _components(paper, section.components)


def _header(paper: _Paper, widget: Widget) -> None:
    head = widget.header
    title = paper.paint(one_line(head.title), "strong")
    paper.lines.append(_chips_after(title, head.badges))
    if head.match:
        paper.write(f"{head.match} ✓" if head.sure else head.match, "muted")
    if head.match_title:
        paper.write(head.match_title, "muted")
    if widget.banner:
        paper.gap()
        paper.write(widget.banner)


def _chips_after(title: str, badges: tuple[Badge, ...]) -> str:
    return f"{title}  {_chips(badges)}" if badges else title


def _footer(paper: _Paper, widget: Widget) -> None:
    paper.gap()
    marked = (
        f"⚠ {chip.plain()}" if chip.tone == "warning" else chip.plain() for chip in widget.sources
    )
    for line in (" · ".join(marked), widget.judged, _linked(widget.link) if widget.link else ""):
        if line:
            paper.write(line, "muted")


def _width(view: Mapping[str, str]) -> int:
    asked = view.get("width", "")
    return min(max(int(asked), NARROWEST), WIDEST) if asked.isascii() and asked.isdigit() else USUAL


def render(widget: Widget, view: Mapping[str, str]) -> str:
    """Return lines for a terminal of `view["width"]` columns; `view["colour"]` is yes or no."""
    paper = _Paper(_width(view), colour=view.get("colour") == "yes")
    _header(paper, widget)
    for section in widget.sections:
        _section(paper, section)
    _footer(paper, widget)
    return "\n".join(paper.lines).strip() + "\n"


text = Renderer(
    name="text",
    title="Text for a terminal",
    content_type="text/plain",
    render=render,
    limits=Limits(docs_url=DOCS),
    view=("width", "colour"),
)
