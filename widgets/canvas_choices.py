"""What a canvas of Intercom asks: buttons, and choices that a button submits.

https://developers.intercom.com/docs/references/canvas-kit
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from widgets.widget import Field, SignalCard
from widgets.wording import one_line
from widgets.words import Words

ID_MAX = 250
MOST_OPTIONS = 10  # of one choice, and at least two
CHOSEN = "choose:"  # before a choice's id: the button that submits what is chosen there
SHOW_MORE = "show_more"  # the id of the button for the rows beyond the first canvas

Json = dict[str, Any]


def button(identity: str, label: str) -> Iterator[Json]:
    """Yield a button that submits its id; none without a label."""
    shown = one_line(label)
    if shown:
        yield {
            "type": "button",
            "id": one_line(identity, ID_MAX) or "button",
            "label": shown,
            "style": "secondary",
            "action": {"type": "submit"},
        }


def _select(kind: str, identity: str, label: str, pairs: Iterable[tuple[str, str]]) -> Json:
    """Return a choice, empty where there are not as many options as Intercom takes."""
    named = {one_line(value, ID_MAX): one_line(text) for value, text in pairs}
    options = [
        {"type": "option", "id": value, "text": text}
        for value, text in named.items()
        if value and text
    ]
    if not (identity and 1 < len(options) <= MOST_OPTIONS):
        return {}
    titled = {"label": one_line(label)} if one_line(label) else {}
    return {"type": kind, "id": identity, **titled, "options": options}


def say(card: SignalCard, words: Words) -> Iterator[Json]:
    """Yield one choice of all that can be said of a signal, and the button that submits it.

    The line for a word goes with whatever is said: it stands with the first signal alone, as
    `once` leaves it.
    """
    groups = {"feedback": words.feedback, "snooze": words.snooze}
    pairs = [
        (f"{one.name}:{one.value}", f"{groups.get(one.name, '')} {one.label.lower()}")
        for one in card.actions
    ]
    identity = one_line(f"say:{card.rule}", ID_MAX - len(CHOSEN))
    select = _select("dropdown", identity, words.menu, pairs)
    if select:
        yield {"type": "input", "id": "note", "label": words.note}
        yield select
        yield from button(f"{CHOSEN}{identity}", words.save)


def choice_of(field: Field) -> Iterator[Json]:
    """Yield a field as a choice; one without options belongs to a page."""
    identity, value = one_line(field.name, ID_MAX), one_line(field.value, ID_MAX)
    select = _select("single-select", identity, field.label, field.options)
    if select:
        is_option = any(option["id"] == value for option in select["options"])
        yield select | ({"value": value} if is_option else {})


def once(components: Iterable[Json]) -> list[Json]:
    """Return the components without those whose id, and so whose act, is there already."""
    found: list[Json] = []
    seen: set[str] = set()
    for component in components:
        identity = component.get("id")
        if identity is None or identity not in seen:
            found.append(component)
        if identity is not None:
            seen.add(identity)
    return found
