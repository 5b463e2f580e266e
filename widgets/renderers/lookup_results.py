"""Render the widget as the attributes of a customer: label → text, as Gladly shows a lookup.

Only an account that was found has attributes; every other state is no match. Signals come first,
as one text, then each row under its own label.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from widgets.renderer import Limits, Renderer
from widgets.simplify import Simple, simplify
from widgets.widget import Badges, Row, SignalCard, Widget
from widgets.wording import one_line

DOCS = "https://help.gladly.com/developer-tutorials/docs/lookup-adaptor"
FOUND = ("resolved", "partial")
ROWS_MAX = 60
TEXT_MAX = 250
BYTES_MAX = 64_000


def _joined(parts: Iterator[str] | list[str]) -> str:
    return " · ".join(part for part in parts if part)


def _simple(widget: Widget) -> Iterator[Simple]:
    for section in widget.sections:
        yield from simplify(section.components)


def _signals(widget: Widget) -> str:
    cards = [it for it in _simple(widget) if isinstance(it, SignalCard)]
    return _joined([f"{card.word}: {card.headline}" for card in cards])


def _named(widget: Widget) -> Iterator[tuple[str, str]]:
    head = widget.header
    yield "Account", _joined([head.title, *(badge.plain() for badge in head.badges)])
    yield widget.words.signals, _signals(widget)
    for part in _simple(widget):
        if isinstance(part, Row):
            yield part.label, _joined([part.value, part.note])
        elif isinstance(part, Badges):
            yield "", _joined([badge.plain() for badge in part.badges])
    yield widget.words.sources, _joined([f"{chip.name} {chip.age}" for chip in widget.sources])


def render(widget: Widget, view: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes; a label that comes again keeps its first value."""
    del view
    found: dict[str, str] = {}
    for label, value in _named(widget) if widget.state in FOUND else ():
        name, text = one_line(label, TEXT_MAX), one_line(value, TEXT_MAX)
        if name and text and len(found) < ROWS_MAX:
            found.setdefault(name, text)
    return found


lookup_results = Renderer(
    name="lookup_results",
    title="Lookup attributes",
    content_type="application/json",
    render=render,
    limits=Limits(docs_url=DOCS, max_bytes=BYTES_MAX, max_text=TEXT_MAX, max_rows=ROWS_MAX),
)
