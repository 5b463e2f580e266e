"""Whatever the texts are, each answer is valid, escaped and within its helpdesk's limits."""

from __future__ import annotations

import dataclasses
import json
import re
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings

from tests.widgets import canvas_rules, card_rules
from tests.widgets.cast import CAST, HOSTILE
from tests.widgets.page_rules import Part
from tests.widgets.strategies import widgets
from widgets.canvas_height import height
from widgets.registry import discover
from widgets.renderer import Renderer
from widgets.renderers.canvas_kit import HEIGHT_MAX
from widgets.widget import Section, Text, Widget

RENDERERS = discover()
HTML, CANVAS, CARD = RENDERERS["html"], RENDERERS["canvas_kit"], RENDERERS["customer_card"]
VIEW, TEXT = RENDERERS["json_view"], RENDERERS["text"]
FULL = {"page": "full"}
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)

hostile = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _large() -> Widget:
    """Return Northwind with ten thousand paragraphs."""
    many = Section("many", "Many", (Text("word " * 190),) * 10_000)
    return dataclasses.replace(CAST["northwind_csm"], sections=(many,))


@pytest.mark.parametrize("who", CAST)
def test_canvas_is_what_intercom_takes(who: str) -> None:
    """Both canvases of each of the cast obey Canvas Kit."""
    assert canvas_rules.problems(CANVAS.render(CAST[who], {})) == []
    assert canvas_rules.problems(CANVAS.render(CAST[who], FULL)) == []


@pytest.mark.parametrize("who", CAST)
def test_first_canvas_is_low_enough(who: str) -> None:
    """The first canvas takes at most 400 px, its button included."""
    assert sum(map(height, CANVAS.render(CAST[who], {}))) <= HEIGHT_MAX


@pytest.mark.parametrize("who", CAST)
def test_card_is_what_plain_takes(who: str) -> None:
    """The card of each of the cast obeys Plain's components."""
    assert card_rules.problems(CARD.render(CAST[who], {})) == []


@pytest.mark.parametrize("who", CAST)
def test_part_is_our_own_markup(who: str) -> None:
    """The part of each of the cast holds our elements, all of them closed."""
    assert Part(HTML.render(CAST[who], {})).problems == []


@hostile
@given(widgets)
def test_any_widget_fits_a_canvas(widget: Widget) -> None:
    """No text and no nesting makes a canvas that Intercom refuses."""
    first = CANVAS.render(widget, {})

    assert canvas_rules.problems(first) in ([], ["no components"])
    assert canvas_rules.problems(CANVAS.render(widget, FULL)) == []
    assert sum(map(height, first)) <= HEIGHT_MAX


@hostile
@given(widgets)
def test_any_widget_fits_a_card(widget: Widget) -> None:
    """No text and no nesting makes a card that Plain refuses."""
    assert card_rules.problems(CARD.render(widget, {})) == []


@hostile
@given(widgets)
def test_any_widget_is_our_own_markup(widget: Widget) -> None:
    """No text becomes an element, an attribute or a script, and only https is linked."""
    markup = HTML.render(widget, {})
    part = Part(markup)

    assert part.problems == []
    assert all(link.startswith("https://") for link in part.links)
    assert not UNSEEN.search(unescape(markup).replace("\n", ""))


@hostile
@given(widgets)
def test_any_widget_is_plain_json(widget: Widget) -> None:
    """The neutral view is JSON without NaN, of known components, small enough for a proxy."""
    answer = VIEW.render(widget, {})
    sent = json.dumps(answer, allow_nan=False)

    assert len(sent) <= 256_000
    assert not UNSEEN.search(json.dumps(answer, ensure_ascii=False))
    kinds = {part["type"] for section in answer["sections"] for part in section["components"]}
    assert kinds <= {"text", "row", "badges", "link", "divider", "signal"}


@hostile
@given(widgets)
def test_any_widget_is_safe_in_a_terminal(widget: Widget) -> None:
    """No text moves the cursor, rings the bell or turns the direction of a terminal."""
    shown = TEXT.render(widget, {"width": "60"})

    assert not UNSEEN.search(shown.replace("\n", ""))
    shown.encode()


@pytest.mark.parametrize("renderer", [CANVAS, CARD, VIEW], ids=["canvas", "card", "view"])
def test_too_much_is_left_out_with_a_word(renderer: Renderer) -> None:
    """What no longer fits is left out at the end, and the answer says so."""
    answer = renderer.render(_large(), FULL)
    sent = json.dumps(answer)

    assert 300 < len(sent) <= (renderer.limits.max_bytes or 0)
    assert "More in the full view" in sent or answer["truncated"] is True


def test_escapes_markdown_on_a_canvas() -> None:
    """A link or bold in a name is shown as it is written."""
    shown = " ".join(
        part["text"] for part in CANVAS.render(CAST["hostile"], FULL) if part["type"] == "text"
    )

    assert r"\[click\]" in shown
    assert "[click](" not in shown.replace(r"\[click\]", "")
    assert r"\*\*b\*\*" in shown


def test_card_uses_no_markdown() -> None:
    """Plain's markdown component is never used: texts stay as they are."""
    assert "componentText" not in json.dumps(CARD.render(CAST["hostile"], {}))


def test_keeps_the_letters_of_a_hostile_name() -> None:
    """Escaping changes nothing that a person would read."""
    assert HOSTILE.split("{")[0] in Part(HTML.render(CAST["hostile"], {})).text
