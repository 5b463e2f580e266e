"""Render the widget as the components of a Plain customer card."""

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
    Search,
    Section,
    SignalCard,
    Widget,
)
from widgets.wording import https_only, one_line

DOCS = "https://www.plain.com/docs/api-reference/ui-components"
TEXT_MAX = 5_000  # https://www.plain.com/docs/api-reference/ui-components/plain-text
LABEL_MAX = 500  # https://www.plain.com/docs/api-reference/ui-components/badge
BYTES_MAX = 32_000  # their own limit is not published: stay small
BADGES = {"risk": "RED", "warning": "YELLOW", "growth": "GREEN"}
TEXTS = {"risk": "ERROR", "warning": "WARNING", "growth": "SUCCESS", "muted": "MUTED"}

Json = dict[str, Any]


def _text(text: str, tone: str = "normal", size: str = "M") -> Iterator[Json]:
    """Yield a text that is no markdown: nothing in it can become a link or bold."""
    shown = one_line(text)
    if shown:
        colour = TEXTS.get(tone, "NORMAL")
        body = {"plainText": shown, "plainTextSize": size, "plainTextColor": colour}
        yield {"componentPlainText": body}


def _badge(badge: Badge) -> Iterator[Json]:
    label = one_line(badge.plain(), LABEL_MAX)
    if label:
        body = {"badgeLabel": label, "badgeColor": BADGES.get(badge.tone, "GREY")}
        yield {"componentBadge": body}


def _row(main: Iterable[Json], aside: Iterable[Json]) -> Iterator[Json]:
    """Yield both sides as a row, or what there is when one is empty."""
    left, right = list(main), list(aside)
    if left and right:
        yield {"componentRow": {"rowMainContent": left, "rowAsideContent": right}}
    else:
        yield from left or right


def _facts(label: str, value: str, note: str = "", tone: str = "normal") -> Iterator[Json]:
    shown = " · ".join(part for part in (value, note) if part)
    yield from _row(_text(label, "muted"), _text(shown, tone))


def _link(link: Link) -> Iterator[Json]:
    url, label = https_only(link.url), one_line(link.text, LABEL_MAX)
    if url and label:
        yield {"componentLinkButton": {"linkButtonLabel": label, "linkButtonUrl": url}}
    else:
        yield from _text(link.text)


def _signal(card: SignalCard) -> Iterator[Json]:
    """Yield the lamp as one box: its word, what it says, what to do, and why."""
    inside = [
        *_row(_badge(Badge(card.word, card.tone)), _text(card.owner, "muted", "S")),
        *_text(card.headline),
        *_text(card.detail, size="S"),
        *_text(f"→ {card.play}" if card.play else "", size="S"),
    ]
    for reason in card.reasons:
        inside += _text(reason.plain(), "muted", "S")
        inside += (part for item in reason.items if isinstance(item, Link) for part in _link(item))
    inside += _text(card.since, "muted", "S")
    if inside:
        yield {"componentContainer": {"containerContent": inside}}


def _component(component: Simple) -> Iterator[Json]:
    match component:
        case SignalCard():
            yield from _signal(component)
        case Row(label, value, note, tone):
            yield from _facts(label, value, note, tone)
        case Badges(badges):
            for badge in badges:
                yield from _badge(badge)
        case Link():
            yield from _link(component)
        case Choice(_, name, note, reason):
            yield from _facts(name, note, reason)
        case Divider():
            yield {"componentDivider": {"dividerSpacingSize": "S"}}
        case Action() | Search():
            return  # a card cannot ask us anything
        case _:
            yield from _text(component.text, component.tone)


def _section(section: Section) -> Iterator[Json]:
    inside = list(_text(section.notice.text, section.notice.tone, "S")) if section.notice else []
    inside += (part for it in simplify(section.components) for part in _component(it))
    if inside and section.title:
        yield {"componentDivider": {"dividerSpacingSize": "M"}}
        yield from _text(section.title, "muted", "S")
    yield from inside


def _components(widget: Widget) -> Iterator[Json]:
    head = widget.header
    badges = (part for badge in head.badges for part in _badge(badge))
    yield from _row(_text(head.title, size="L"), badges)
    yield from _text(head.match, "muted" if head.sure else "warning", "S")
    yield from _text(widget.banner)
    for section in widget.sections:
        yield from _section(section)
    yield {"componentSpacer": {"spacerSize": "S"}}
    yield from _text(" · ".join(chip.plain() for chip in widget.sources), "muted", "S")
    yield from _text(widget.judged, "muted", "S")
    if widget.link:
        yield from _link(widget.link)


def render(widget: Widget, view: Mapping[str, str]) -> list[Json]:
    """Return the components of one card; the envelope with its key is the adapter's."""
    del view
    last: Json = next(_text(widget.words.more_in_full, "muted", "S"), {"componentDivider": {}})
    return fitting(list(_components(widget)), BYTES_MAX, last)


customer_card = Renderer(
    name="customer_card",
    title="Plain customer card",
    content_type="application/json",
    render=render,
    limits=Limits(docs_url=DOCS, max_bytes=BYTES_MAX, max_text=TEXT_MAX),
)
