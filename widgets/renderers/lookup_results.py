"""Render the widget as the attributes of a customer: key → text, as Gladly shows a lookup.

Only an account that was found has attributes; every other state is no match. Gladly shows only the
attributes that an admin has registered, so the keys are fixed and few. A figure has a key of its
own; every other row is told below the key of its section, its label beside it: a name, a subject
or an invoice number is never a key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from widgets.renderer import Limits, Renderer
from widgets.simplify import Simple, simplify
from widgets.widget import Badges, Row, SignalCard, Widget
from widgets.wording import one_line

DOCS = "https://help.gladly.com/developer-tutorials/docs/lookup-adaptor"
FOUND = ("resolved", "partial")
TEXT_MAX = 250
BYTES_MAX = 64_000
# Every key that an answer may have, with what it tells: an admin registers them once.
ATTRIBUTES = {
    "account": "name, plan and tier",
    "signals": "risks and chances, the most urgent first",
    "arr": "yearly revenue",
    "renewal": "when the contract renews or ends",
    "notice_due": "until when notice can be given",
    "health": "score and its change",
    "health_parts": "what the score is made of",
    "weekly_people": "people who use it a week",
    "active_seats": "seats in use",
    "last_seen": "when somebody last used it",
    "usage": "features, and the rest of usage",
    "people": "contacts by role",
    "topics": "what they write about",
    "tickets": "tickets, by subject",
    "deals": "open and past deals",
    "payment": "whether invoices are paid",
    "seats": "seats that are paid for",
    "billing": "invoices, changes and terms",
    "industry": "their industry",
    "employees": "how many they are",
    "customer_since": "since when",
    "csm": "who looks after them",
    "company": "what else is known of the company",
    "more": "what has no key of its own",
    "sources": "where it comes from, and how old it is",
}
_BY_LABEL = {
    "ARR": "arr",
    "Renews": "renewal",
    "Ends": "renewal",
    "Trial ends": "renewal",
    "Notice due": "notice_due",
    "Health": "health",
    "People a week": "weekly_people",
    "Active seats": "active_seats",
    "Last seen": "last_seen",
    "Payment": "payment",
    "Seats": "seats",
    "Industry": "industry",
    "Employees": "employees",
    "Customer since": "customer_since",
    "CSM": "csm",
}
_FREE = ("people", "tickets", "deals", "topics", "signals")  # whose labels are customers' words
_BY_SECTION = {"health": "health_parts", "people": "people", "tickets": "tickets"}
_BY_SECTION |= {name: name for name in ("deals", "topics", "usage", "billing", "company")}


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)


def _signals(widget: Widget) -> str:
    parts = (part for section in widget.sections for part in simplify(section.components))
    return _joined(f"{it.word}: {it.headline}" for it in parts if isinstance(it, SignalCard))


def _told(part: Simple, section: str) -> tuple[str, str]:
    """Return the key of a part and its text; an empty text where it is no fact."""
    others = _BY_SECTION.get(section, "more")
    if isinstance(part, Badges):
        return others, _joined(badge.plain() for badge in part.badges)
    if not isinstance(part, Row):
        return others, ""
    said = _joined([part.value, part.note])
    key = None if section in _FREE else _BY_LABEL.get(part.label)
    return (key, said) if key else (others, f"{part.label}: {said}" if part.label else said)


def _named(widget: Widget) -> Iterator[tuple[str, str]]:
    head = widget.header
    yield "account", _joined([head.title, *(badge.plain() for badge in head.badges)])
    yield "signals", _signals(widget)
    for section in widget.sections:
        for part in simplify(section.components):
            yield _told(part, section.id)
    yield "sources", _joined(f"{chip.name} {chip.age}" for chip in widget.sources)


def render(widget: Widget, view: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes; what has one key is joined, and shortened at the end."""
    del view
    found: dict[str, list[str]] = {}
    for key, value in _named(widget) if widget.state in FOUND else ():
        if value:
            found.setdefault(key, []).append(value)
    lines = {key: one_line("; ".join(values), TEXT_MAX) for key, values in found.items()}
    return {key: text for key, text in lines.items() if text}


lookup_results = Renderer(
    name="lookup_results",
    title="Lookup attributes",
    content_type="application/json",
    render=render,
    limits=Limits(docs_url=DOCS, max_bytes=BYTES_MAX, max_text=TEXT_MAX, max_rows=len(ATTRIBUTES)),
)
