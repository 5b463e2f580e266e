"""Render the widget as neutral JSON, for helpdesks whose cards are drawn by code of their own.

The answer holds `state`, `locale`, `header`, `sections`, `gaps`, `sources`, `judged`, `link` and
`truncated`. A section has `id`, `title`, `folded` and `components`; a component has a `type`,
text, row, badges, link, divider or signal, and the keys that `COMPONENTS` lists. Severity is risk,
warning, growth, muted or normal. Links are https only; texts are plain and must be escaped by
whoever draws them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from widgets.fitting import fitting, size
from widgets.renderer import Limits, Renderer
from widgets.simplify import Simple, simplify
from widgets.widget import (
    TONES,
    Action,
    Badge,
    Badges,
    Choice,
    Divider,
    Link,
    Reason,
    Row,
    Search,
    Section,
    SignalCard,
    Widget,
)
from widgets.wording import direction, https_only, language, one_line

DOCS = "https://developers.hubspot.com/docs/apps/developer-platform/add-features/ui-extensions"
BYTES_MAX = 256_000  # a quarter of what HubSpot's proxy takes
COMPONENTS = {
    "text": ("text", "severity", "strong"),
    "row": ("label", "value", "note", "severity", "title", "url"),
    "badges": ("badges",),
    "link": ("text", "url"),
    "divider": (),
    "signal": ("rule", "severity", "word", "headline", "detail", "play", "owner", "since", "why"),
}

Json = dict[str, Any]


def _severity(tone: str) -> str:
    return tone if tone in TONES else "normal"


def _text(text: str, tone: str = "normal", *, strong: bool = False) -> Json:
    return {
        "type": "text",
        "text": one_line(text),
        "severity": _severity(tone),
        "strong": strong,
    }


def _row(row: Row) -> Json:
    return {
        "type": "row",
        "label": one_line(row.label),
        "value": one_line(row.value),
        "note": one_line(row.note),
        "severity": _severity(row.tone),
        "title": one_line(row.title),
        "url": https_only(row.url),
    }


def _badge(badge: Badge) -> Json:
    return {"label": one_line(badge.plain()), "severity": _severity(badge.tone)}


def _badges(badges: Iterable[Badge]) -> Json:
    return {"type": "badges", "badges": [_badge(badge) for badge in badges]}


def _link(link: Link) -> Json:
    url = https_only(link.url)
    return {"type": "link", "text": one_line(link.text), "url": url} if url else _text(link.text)


def _why(reason: Reason) -> Json:
    items = (_link(item) if isinstance(item, Link) else _text(item.text) for item in reason.items)
    return {
        "text": one_line(reason.text),
        "rows": [_row(fact) for fact in reason.facts],
        "items": list(items),
    }


def _signal(card: SignalCard) -> Json:
    words = ("rule", "word", "headline", "detail", "play", "owner", "since")
    return {
        "type": "signal",
        "severity": _severity(card.tone),
        **{name: one_line(getattr(card, name)) for name in words},
        "why": [_why(reason) for reason in card.reasons],
    }


def _component(component: Simple) -> Iterator[Json]:
    match component:
        case SignalCard():
            yield _signal(component)
        case Row():
            yield _row(component)
        case Choice(_, name, note, reason):
            yield _row(Row(name, note, reason))
        case Badges(badges):
            yield _badges(badges)
        case Link():
            yield _link(component)
        case Divider():
            yield {"type": "divider"}
        case Action() | Search():
            return  # whoever draws the view has buttons of their own
        case _:
            yield _text(component.text, component.tone, strong=component.strong)


def _section(section: Section) -> Json:
    inside = (part for it in simplify(section.components) for part in _component(it))
    return {
        "id": one_line(section.id),
        "title": one_line(section.title),
        "folded": section.folded,
        "components": list(inside),
    }


def _gaps(widget: Widget) -> list[Json]:
    """Return what the sections say of themselves: which source is silent, what is old."""
    noticed = ((section.id, section.notice) for section in widget.sections if section.notice)
    return [
        {
            "section": one_line(name),
            "text": one_line(notice.text),
            "severity": _severity(notice.tone),
        }
        for name, notice in noticed
    ]


def _header(widget: Widget) -> Json:
    head = widget.header
    return {
        "title": one_line(head.title),
        "badges": [_badge(badge) for badge in head.badges],
        "match": one_line(head.match),
        "match_title": one_line(head.match_title),
        "sure": head.sure,
        "banner": one_line(widget.banner),
    }


def _sources(widget: Widget) -> list[Json]:
    return [
        {
            "name": one_line(chip.name),
            "age": one_line(chip.age),
            "severity": _severity(chip.tone),
            "title": one_line(chip.title),
            "instant": one_line(chip.instant),
        }
        for chip in widget.sources
    ]


def render(widget: Widget, view: Mapping[str, str]) -> Json:
    """Return the view; where sections had to be left out, `truncated` says so."""
    del view
    answer: Json = {
        "version": 1,
        "state": widget.state,
        "locale": language(widget.locale),
        "direction": direction(widget.locale),
        "refreshing": widget.refreshing,
        "header": _header(widget),
        "gaps": _gaps(widget),
        "sources": _sources(widget),
        "judged": one_line(widget.judged),
        "link": _link(widget.link) if widget.link else None,
    }
    sections = [_section(section) for section in widget.sections]
    kept = [part for part in fitting(sections, BYTES_MAX - size(answer) - 100, {}) if part]
    return answer | {"sections": kept, "truncated": len(kept) < len(sections)}


json_view = Renderer(
    name="json_view",
    title="Neutral JSON",
    content_type="application/json",
    render=render,
    limits=Limits(docs_url=DOCS, max_bytes=BYTES_MAX),
)
