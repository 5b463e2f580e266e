"""The playground: every helpdesk's own answer for the chosen ticket, through its real door."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from plugin.demo.workspace import playground_tickets
from plugin.families import HELPDESKS
from plugin.web.app import create_app
from plugin.web.services import Services
from tests.plugin.conftest import Hands
from tests.widgets import canvas_rules, card_rules
from tests.widgets.app_rules import Fragment, app_problems
from widgets.canvas_height import height
from widgets.renderers.canvas_kit import HEIGHT_MAX

Answer = Callable[[str, str], TestResponse]
_MOMENTS = itertools.count(1)


def test_the_inbox_lists_every_ticket(app):
    """What a newcomer sees first."""
    page = app.test_client().get("/playground").text

    assert all(ticket.ticket_id in page for ticket in playground_tickets())


@pytest.fixture
def answer(app: Flask, services: Services, hands: Hands) -> Answer:
    """Return what opens a ticket in a helpdesk, each time a moment later."""

    def open_(kind: str, ticket: str) -> TestResponse:
        hands.now += timedelta(milliseconds=next(_MOMENTS))
        door = "frame" if services.helpdesks[kind].format == "html" else "answer"
        return app.test_client().get(f"/playground/{door}?helpdesk={kind}&ticket={ticket}")

    return open_


@pytest.mark.parametrize("kind", HELPDESKS)
def test_every_helpdesk_shows_the_ticket_in_its_own_way(answer: Answer, kind: str) -> None:
    """A page with the account, or the helpdesk's own components; again when chosen again."""
    for _ in range(2):
        shown = answer(kind, "NW-31")

        assert shown.status_code == 200
        assert "Northwind Analytics" in shown.text


def _body(shown: TestResponse) -> Any:
    return json.loads(shown.data)


def _fragment(shown: TestResponse) -> str:
    text = _body(shown)["html"] if shown.is_json else shown.text
    return re.sub(r"^.*<body>|</body>.*$", "", str(text))


def _problems(shown: TestResponse, form: str) -> list[str]:
    """Return what the helpdesk would refuse of an answer in this format."""
    if form == "canvas_kit":
        return canvas_rules.problems(_body(shown)["canvas"]["content"]["components"])
    if form == "customer_card":
        return card_rules.problems(_body(shown)["cards"][0]["components"])
    if form == "pylon_app":
        return app_problems(_body(shown))
    return Fragment(_fragment(shown)).problems if form == "dynamic_html" else []


@pytest.mark.parametrize("kind", HELPDESKS)
def test_every_ticket_of_the_demo_fits_every_helpdesk(
    answer: Answer, services: Services, kind: str
) -> None:
    """Each account, each list of candidates, each reason for none: whole, within the limits."""
    form = services.helpdesks[kind].format
    most = services.renderers[form].limits.max_bytes or 64_000
    for ticket in playground_tickets():
        shown = answer(kind, ticket.ticket_id)

        assert (shown.status_code, ticket.ticket_id) == (200, ticket.ticket_id)
        assert 0 < len(shown.data) <= most
        assert _problems(shown, form) == [], ticket.ticket_id


def test_a_canvas_of_the_demo_is_low_enough(answer: Answer) -> None:
    """Intercom's first view ends at 400 pixels, whichever ticket is open."""
    for ticket in playground_tickets():
        body = _body(answer("intercom", ticket.ticket_id))

        assert sum(map(height, body["canvas"]["content"]["components"])) <= HEIGHT_MAX


@pytest.mark.parametrize("query", ["", "?ticket=none", "?helpdesk=none&ticket=NW-31"])
def test_a_ticket_or_helpdesk_that_does_not_exist_is_not_here(app, query):
    """A calm 404, whatever is asked."""
    assert app.test_client().get(f"/playground/answer{query}").status_code == 404


def test_the_playground_is_not_there_outside_the_demo(demo_settings):
    """A real service has no such page."""
    real = replace(demo_settings, service=replace(demo_settings.service, demo=False))

    assert create_app(real).test_client().get("/playground").status_code == 404
