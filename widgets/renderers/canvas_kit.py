"""Render the widget as the components of an Intercom canvas in the inbox.

The first canvas is at most 400 px high: who, the signals, the figures. A button asks for
the rest: it submits `show_more`, and the next answer is rendered with `view["page"]` = full.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, groupby

from widgets.canvas_choices import SHOW_MORE, Json, button, choice_of, once, say
from widgets.canvas_height import BUTTON_HEIGHT, height
from widgets.fitting import fitting
from widgets.markdown import escape
from widgets.renderer import Limits, Renderer
from widgets.simplify import Simple, simplify
from widgets.widget import (
    Action,
    Badge,
    Badges,
    Choice,
    Component,
    Divider,
    Field,
    Link,
    More,
    Reason,
    Row,
    Search,
    Section,
    SignalCard,
    Text,
    Widget,
)
from widgets.wording import https_only, one_line
from widgets.words import Words

DOCS = "https://developers.intercom.com/docs/references/canvas-kit"
BYTES_MAX = 60_000  # of the 64 KB that a canvas may have: the envelope needs some
HEIGHT_MAX = 400  # px of the first canvas
STYLES = {"risk": "error", "muted": "muted"}


def _markup(marked: str, style: str, *, close: bool = False) -> Iterator[Json]:
    if marked:
        text = {"type": "text", "text": marked, "style": style}
        yield text | {"bottom_margin": "none"} if close else text


def _text(text: str, tone: str = "normal", *, close: bool = False) -> Iterator[Json]:
    return _markup(escape(text), STYLES.get(tone, "paragraph"), close=close)


def _bold(text: str) -> str:
    return f"**{escape(text)}**" if one_line(text) else ""


def _link(link: Link) -> str:
    """Return a markdown link, or the text alone where the address may not be opened."""
    url = https_only(link.url).replace("(", "%28").replace(")", "%29")
    label = escape(link.text)
    return f"[{label}]({url})" if url and label else label


def _cell(field: str, *values: str) -> Iterator[Json]:
    named = one_line(field)
    value = " · ".join([shown for part in values if (shown := one_line(part))])
    if named or value:
        yield {"type": "field-value", "field": named or "–", "value": value or "–"}


def _table(rows: Iterable[Row]) -> Iterator[Json]:
    """Yield a table, whose texts are shown as they are, without markdown."""
    items = [cell for row in rows for cell in _cell(row.label, row.value, row.note)]
    if items:
        yield {"type": "data-table", "items": items}


def _reason(reason: Reason) -> Iterator[Json]:
    yield from _text(reason.text, "muted", close=True)
    yield from _table(reason.facts)
    for item in reason.items:
        shown = _link(item) if isinstance(item, Link) else escape(item.text)
        yield from _markup(shown, "paragraph", close=True)


def _signal(card: SignalCard, *, full: bool) -> Iterator[Json]:
    """Yield the word and the headline; the play and the evidence only when all is asked for."""
    word = _bold(card.word) if card.tone == "growth" else escape(card.word)
    said = ": ".join(part for part in (word, escape(card.headline)) if part)
    yield from _markup(said, STYLES.get(card.tone, "paragraph"), close=full)
    if not full:
        return
    yield from _text(card.detail, close=True)
    owner = f" ({card.owner})" if card.owner else ""
    yield from _text(f"→ {card.play}{owner}" if card.play else "", close=True)
    for reason in card.reasons:
        yield from _reason(reason)
    yield from _text(card.since, "muted")


def _chips(badges: Iterable[Badge]) -> str:
    return " · ".join(one_line(badge.plain()) for badge in badges)


def _choice(choice: Choice) -> Iterator[Json]:
    yield from _text(
        " · ".join(filter(None, (choice.name, choice.note, choice.reason))), close=True
    )
    if choice.action:
        yield from button(f"{choice.action}:{choice.value}", choice.name)


def _component(component: Simple | Field, *, full: bool) -> Iterator[Json]:
    match component:
        case Field():
            yield from choice_of(component)
        case SignalCard():
            yield from _signal(component, full=full)
        case Badges(badges):
            yield from _text(_chips(badges), badges[0].tone if len(badges) == 1 else "normal")
        case Link():
            yield from _markup(_link(component), "paragraph")
        case Action(name, label, value):
            yield from button(f"{name}:{value}" if value else name, label)
        case Search():
            typed = {"value": one_line(component.value)} if component.value else {}
            label = one_line(component.label) or "?"
            yield {"type": "input", "id": "query", "label": label, **typed}
            yield from button(component.action, component.button)
        case Choice():
            yield from _choice(component)
        case Divider():
            yield {"type": "divider"}
        case Row():
            yield from _table((component,))
        case _:
            yield from _text(component.text, component.tone)


def _simple(components: Iterable[Component], *, full: bool) -> Iterator[Simple | Field]:
    for part in components:
        if isinstance(part, Field):
            yield part
        elif isinstance(part, More) and not full:
            yield Text(part.label, "muted")
        else:
            yield from simplify((part,))


def _components(components: Iterable[Component], *, full: bool, words: Words) -> Iterator[Json]:
    parts = _simple(components, full=full)
    for tabular, run in groupby(parts, key=lambda part: isinstance(part, Row)):
        if tabular:
            yield from _table(part for part in run if isinstance(part, Row))
            continue
        for part in run:
            yield from _component(part, full=full)
            if isinstance(part, SignalCard) and full:
                yield from say(part, words)


def _section(section: Section, *, full: bool, words: Words) -> list[Json]:
    said = (section.notice if full else Text(section.notice.text),) if section.notice else ()
    inside = list(_components((*said, *section.components), full=full, words=words))
    title = _markup(_bold(section.title), "paragraph", close=True) if inside else ()
    return [*title, *inside]


def _header(widget: Widget) -> Iterator[Json]:
    head = widget.header
    yield from _markup(escape(head.title), "header", close=True)
    sure = f"{head.match} ✓" if head.match and head.sure else head.match
    yield from _text(" · ".join(filter(None, (_chips(head.badges), sure))), "muted")
    yield from _text(widget.banner)


def _footer(widget: Widget) -> Iterator[Json]:
    yield {"type": "divider"}
    yield from _text(" · ".join(chip.plain() for chip in widget.sources), "muted", close=True)
    yield from _text(widget.judged, "muted")
    if widget.link:
        yield from _markup(_link(widget.link), "paragraph")
    yield from button("refresh", widget.words.refresh)


def _fits(block: Iterable[Json], room: int) -> Iterator[Json]:
    for component in block:
        room -= height(component)
        if room < 0:
            return
        yield component


def _first(widget: Widget) -> list[Json]:
    """Return what fits into the first canvas, in order, and the button for the rest."""
    shown: list[Json] = []
    room = HEIGHT_MAX - BUTTON_HEIGHT
    words = widget.words  # sections are written until no room is left
    sections = (_section(part, full=False, words=words) for part in widget.sections)
    for block in chain([list(_header(widget))], sections):
        kept = list(_fits(block, room))
        while len(kept) < len(block) and kept and "bottom_margin" in kept[-1]:
            kept.pop()  # a title belongs to what follows it
        shown += kept
        room -= sum(map(height, kept))
        if len(kept) < len(block):
            break
    return [*shown, *(button(SHOW_MORE, widget.words.show_more) if widget.sections else ())]


def _full(widget: Widget) -> list[Json]:
    words, head = widget.words, widget.header
    correction = Section("correction", words.not_this, head.correction)
    sections = (*widget.sections, *((correction,) if head.correction else ()))
    parts = (part for one in sections for part in _section(one, full=True, words=words))
    return [*_header(widget), *parts, *_footer(widget)]


def render(widget: Widget, view: Mapping[str, str]) -> list[Json]:
    """Return the components of one canvas; the envelope around them is the adapter's."""
    parts = once(_full(widget) if view.get("page") == "full" else _first(widget))
    parts = parts or [{"type": "divider"}]  # a canvas cannot be empty
    last = next(_text(widget.words.more_in_full, "muted"), {"type": "divider"})
    return fitting(parts, BYTES_MAX, last)


canvas_kit = Renderer(
    name="canvas_kit",
    title="Intercom canvas",
    content_type="application/json",
    render=render,
    limits=Limits(docs_url=DOCS, max_bytes=BYTES_MAX, max_rows=10),
    view=("page",),
)
