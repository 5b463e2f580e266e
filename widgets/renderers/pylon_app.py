"""Render the widget as a Pylon custom app: header, texts, badges, links, one card a section.

An unknown type or colour makes Pylon show an error in place of the whole app, so only what its
page lists is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from widgets.fitting import fitting
from widgets.renderer import Limits, Renderer
from widgets.simplify import Simple, simplify
from widgets.widget import (
    Action,
    Badge,
    Badges,
    Choice,
    Divider,
    Link,
    Row,
    Section,
    SignalCard,
    Text,
    Widget,
)
from widgets.wording import https_only, one_line

DOCS = "https://docs.usepylon.com/pylon-docs/integrations/custom-apps"
VERSION = "1.0.0"
BYTES_MAX = 32_000  # their own limit is not published: stay small
COLOURS = {"risk": "red", "warning": "orange", "growth": "green"}

Json = dict[str, Any]


def _text(label: str, value: str) -> Iterator[Json]:
    shown = {"label": one_line(label), "value": one_line(value)}
    if any(shown.values()):
        yield {"type": "text", **shown}


def _badge(label: str, badges: Iterable[Badge]) -> Iterator[Json]:
    items = [
        {"value": value, "color": COLOURS.get(badge.tone, "gray")}
        for badge in badges
        if (value := one_line(badge.plain()))
    ]
    if items:
        yield {"type": "badge", "label": one_line(label), "items": items}


def _link(label: str, url: str) -> Iterator[Json]:
    shown, target = one_line(label), https_only(url)
    if shown and target:
        yield {"type": "link", "label": shown, "url": target}
    else:
        yield from _text("", shown)


def _signal(card: SignalCard) -> Iterator[Json]:
    yield from _badge(card.headline, [Badge(card.word, card.tone)])
    yield from _text("", card.detail)
    if card.play:
        yield from _text(card.owner, f"→ {card.play}")


def _row(row: Row) -> Iterator[Json]:
    yield from _text(row.label, " · ".join(part for part in (row.value, row.note) if part))


def _component(component: Simple) -> Iterator[Json]:
    match component:
        case SignalCard():
            yield from _signal(component)
        case Row():
            yield from _row(component)
        case Choice(_, name, note, reason):
            yield from _row(Row(name, note, reason))
        case Badges(badges):
            yield from _badge("", badges)
        case Link(text, url):
            yield from _link(text, url)
        case Divider():
            yield {"type": "divider"}
        case Text(text):
            yield from _text("", text)
        case Action():
            return  # Pylon's apps are read only


def _section(section: Section) -> Iterator[Json]:
    notice = (section.notice,) if section.notice else ()
    components = simplify([*section.components, *notice])
    inside = [part for component in components for part in _component(component)]
    if inside:
        title = one_line(section.title)
        card: Json = {"type": "card", "components": inside}
        yield card | ({"header": {"title": title}} if title else {})


def _foot(widget: Widget) -> Iterator[Json]:
    yield from _text("", widget.judged)
    yield from _text("", " · ".join(f"{chip.name} {chip.age}" for chip in widget.sources))
    if widget.link:
        yield from _link(widget.link.text, widget.link.url)


def render(widget: Widget, view: Mapping[str, str]) -> Json:
    """Return the app; what does not fit is left out with a word."""
    del view
    head = widget.header
    parts: list[Json] = [*_text("", widget.banner), *_badge("", head.badges)]
    parts += _text("", head.match)
    parts += [card for section in widget.sections for card in _section(section)]
    parts += _foot(widget)
    more = {"type": "text", "label": "", "value": widget.words.more_in_full}
    shown = fitting(parts, BYTES_MAX - 1_500, more)
    return {
        "version": VERSION,
        "header": {"title": one_line(head.title, 200)},
        "components": shown,
    }


pylon_app = Renderer(
    name="pylon_app",
    title="Pylon custom app",
    content_type="application/json",
    render=render,
    limits=Limits(docs_url=DOCS, max_bytes=BYTES_MAX),
)
