"""Pylon's apps, Gladly's attributes and injected HTML: valid whatever the texts are."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings

from tests.widgets.app_rules import Fragment, app_problems
from tests.widgets.cast import CAST
from tests.widgets.strategies import widgets
from widgets.registry import discover
from widgets.renderers.lookup_results import ATTRIBUTES as KEYS
from widgets.widget import Widget

RENDERERS = discover()
APP, FRAGMENT = RENDERERS["pylon_app"], RENDERERS["dynamic_html"]
ATTRIBUTES = RENDERERS["lookup_results"]
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

hostile = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@hostile
@given(widgets)
def test_any_widget_is_an_app(widget: Widget) -> None:
    """No text makes an app that Pylon refuses; it stays small."""
    answer = APP.render(widget, {})

    assert app_problems(answer) == []
    assert len(json.dumps(answer)) <= (APP.limits.max_bytes or 0)


@hostile
@given(widgets)
def test_any_widget_is_harmless_html(widget: Widget) -> None:
    """No text becomes an element, an attribute or a script, and only https is linked."""
    markup = FRAGMENT.render(widget, {})
    read = Fragment(markup)

    assert read.problems == []
    assert all(link.startswith("https://") for link in read.links)
    assert not UNSEEN.search(markup.replace("\n", ""))
    assert len(markup.encode()) <= (FRAGMENT.limits.max_bytes or 0)


@hostile
@given(widgets)
def test_any_widget_is_attributes(widget: Widget) -> None:
    """Attributes are texts, few and short, below keys that an admin could register before."""
    found = ATTRIBUTES.render(widget, {})

    assert set(found) <= set(KEYS)
    assert len(found) <= (ATTRIBUTES.limits.max_rows or 0)
    assert all(0 < len(text) <= (ATTRIBUTES.limits.max_text or 0) for text in found.values())
    assert not UNSEEN.search(json.dumps(found, ensure_ascii=False))


@pytest.mark.parametrize("name", ["pylon_app", "dynamic_html", "lookup_results"])
def test_shows_what_matters(name: str) -> None:
    """The account, its signals with their words, and its figures are in every format."""
    widget = CAST["northwind_csm"]
    shown = json.dumps(RENDERERS[name].render(widget, {}), ensure_ascii=False)

    assert widget.header.title in shown
    assert "High" in shown
    assert "ARR" in shown or "arr" in shown


@pytest.mark.parametrize("who", [who for who, it in CAST.items() if it.state == "ambiguous"])
def test_an_account_that_is_not_found_has_no_attributes(who: str) -> None:
    """What is not certain is not stored on a customer's profile."""
    assert ATTRIBUTES.render(CAST[who], {}) == {}
