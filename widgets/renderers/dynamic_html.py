"""Render the widget as HTML that a helpdesk puts into its own page: no script, no style of ours.

Headings, paragraphs, lists and the classes `muted` and `badge` are all that is used; each lamp
is told by a sign and a word, since colours are the host's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from markupsafe import Markup

from widgets.renderer import Limits, Renderer
from widgets.simplify import Simple, simplify
from widgets.widget import (
    Action,
    Badge,
    Badges,
    Choice,
    Divider,
    Link,
    Reason,
    Row,
    Section,
    SignalCard,
    Text,
    Widget,
)
from widgets.wording import https_only, one_line

DOCS = "https://developer.helpscout.com/apps/dynamic/"
BYTES_MAX = 60_000
SIGNS = {"risk": "▲", "warning": "●", "growth": "＋"}
BADGES = {"risk": "badge red", "warning": "badge orange", "growth": "badge green"}
MUTED = Markup('<p class="muted">{}</p>')
PARAGRAPH = Markup("<p>{}</p>")
ITEM = Markup("<li>{}</li>")


def _badge(badge: Badge) -> Markup:
    name = BADGES.get(badge.tone, "badge")
    return Markup('<span class="{}">{}</span>').format(name, one_line(badge.plain()))


def _link(text: str, url: str) -> Markup:
    target = https_only(url)
    shown = Markup("{}").format(one_line(text))
    anchor = Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>')
    return anchor.format(target, shown) if target else shown


def _row(row: Row) -> Markup:
    sign = SIGNS.get(row.tone, "")
    value = f"{sign} {row.value}".strip()
    name = _link(row.label, row.url)
    note = Markup(' <span class="muted">{}</span>').format(one_line(row.note)) if row.note else ""
    return Markup("<li>{}: {}{}</li>").format(name, one_line(value), note)


def _why(reasons: Iterable[Reason]) -> Markup:
    lines = Markup("").join(ITEM.format(one_line(reason.text)) for reason in reasons)
    return Markup("<ul>{}</ul>").format(lines) if lines else lines


def _signal(card: SignalCard) -> Iterator[Markup]:
    sign = SIGNS.get(card.tone, "○")
    lead = Markup("<p><strong>{} {}</strong> {}</p>")
    yield lead.format(sign, one_line(card.word), one_line(card.headline))
    if card.detail:
        yield MUTED.format(one_line(card.detail))
    if card.play:
        yield PARAGRAPH.format(one_line(f"→ {card.play} ({card.owner})"))
    yield _why(card.reasons)


def _component(component: Simple) -> Iterator[Markup]:
    match component:
        case SignalCard():
            yield from _signal(component)
        case Badges(badges):
            yield PARAGRAPH.format(Markup(" ").join(_badge(badge) for badge in badges))
        case Link(text, url):
            yield PARAGRAPH.format(_link(text, url))
        case Divider():
            yield Markup("<hr>")
        case Text(text, tone):
            yield (MUTED if tone == "muted" else PARAGRAPH).format(one_line(text))
        case Action() | Row() | Choice():
            return  # an action needs a page of ours; rows stand in lists


def _as_row(component: Simple) -> Row | None:
    if isinstance(component, Choice):
        return Row(component.name, component.note, component.reason)
    return component if isinstance(component, Row) else None


def _run(components: Iterable[Simple], *, rows: bool) -> Markup:
    if rows:
        lines = [_row(row) for it in components if (row := _as_row(it))]
        return Markup("<ul>{}</ul>").format(Markup("").join(lines))
    return Markup("").join(part for it in components for part in _component(it))


def _section(section: Section) -> Markup:
    notice = (section.notice,) if section.notice else ()
    components = list(simplify([*section.components, *notice]))
    runs = groupby(components, key=lambda it: _as_row(it) is not None)
    title = Markup("<h4>{}</h4>").format(one_line(section.title)) if section.title else Markup("")
    return title + Markup("").join(_run(run, rows=rows) for rows, run in runs)


def _parts(widget: Widget) -> Iterator[Markup]:
    head = widget.header
    yield Markup("<h4>{}</h4>").format(one_line(head.title))
    yield Markup("").join(_component(Badges(head.badges))) if head.badges else Markup("")
    lines = (widget.banner, head.match)
    yield Markup("").join(MUTED.format(one_line(line)) for line in lines if line)
    yield from map(_section, widget.sections)
    chips = " · ".join(f"{chip.name} {chip.age}" for chip in widget.sources)
    yield Markup("").join(MUTED.format(one_line(line)) for line in (widget.judged, chips) if line)
    if widget.link:
        yield PARAGRAPH.format(_link(widget.link.text, widget.link.url))


def render(widget: Widget, view: Mapping[str, str]) -> str:
    """Return the fragment; sections that no longer fit are left out with a word."""
    del view
    room = BYTES_MAX - 1_000
    kept: list[Markup] = []
    for part in _parts(widget):
        room -= len(part.encode())
        if room < 0:
            return str(Markup("\n").join([*kept, MUTED.format(widget.words.more_in_full)]))
        kept.append(part)
    return str(Markup("\n").join(part for part in kept if part))


dynamic_html = Renderer(
    name="dynamic_html",
    title="HTML fragment",
    content_type="text/html",
    render=render,
    limits=Limits(docs_url=DOCS, max_bytes=BYTES_MAX),
)
