"""The playground: every helpdesk's own answer for the chosen ticket, through its real door."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plugin.demo.workspace import playground_tickets
from wsgi import create_app


def test_the_inbox_lists_every_ticket(app):
    """What a newcomer sees first."""
    page = app.test_client().get("/playground").text

    assert all(ticket.ticket_id in page for ticket in playground_tickets())


def test_every_helpdesk_shows_the_ticket_in_its_own_way(app, house):
    """A page with the account, or the helpdesk's own components."""
    client = app.test_client()
    for kind in {install.kind for install in house.installs.values()}:
        door = "frame" if house.helpdesks[kind].format == "html" else "answer"
        answer = client.get(f"/playground/{door}?helpdesk={kind}&ticket=NW-31")

        assert (kind, answer.status_code) == (kind, 200)
        assert "Northwind Analytics" in answer.text, kind


@pytest.mark.parametrize("query", ["", "?ticket=none", "?helpdesk=none&ticket=NW-31"])
def test_a_ticket_or_helpdesk_that_does_not_exist_is_not_here(app, query):
    """A calm 404, whatever is asked."""
    assert app.test_client().get(f"/playground/answer{query}").status_code == 404


def test_the_playground_is_not_there_outside_the_demo(demo_settings):
    """A real service has no such page."""
    real = replace(demo_settings, service=replace(demo_settings.service, demo=False))

    assert create_app(real).test_client().get("/playground").status_code == 404
