"""Buttons of a canvas: the signed press pins, searches and takes back, as the page's do."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from plugin.helpdesks.intercom import SIGNATURE, _signature
from plugin.store.tables import ACTS, PINS

EMAIL = "somebody@gmail.com"


@pytest.fixture
def press(app, house, send, signed):
    """Press a button of the canvas of a requester."""
    del app
    with house.store.database.write() as connection:
        for table in (PINS, ACTS):
            connection.execute(table.delete())
    secret = house.installs["demo-intercom"].secrets[0]

    def _press(component: str, **typed: str) -> str:
        template = signed("demo-intercom", email=EMAIL, stage="submit")
        body = json.loads(template.body)
        body |= {"component_id": component, "input_values": typed}
        raw = json.dumps(body).encode()
        headers = {**template.headers, SIGNATURE: _signature(secret, raw)}
        return json.dumps(send(replace(template, body=raw, headers=headers)).json)

    return _press


def test_a_search_brings_candidates_that_can_be_chosen(press):
    """Each is a button of its own."""
    canvas = press("search", query="northwind")

    assert "Northwind Analytics" in canvas
    assert '"id": "pin:' in canvas


def test_a_press_pins_and_another_takes_it_back(press):
    """The canvas says what was done and offers Undo."""
    found = press("search", query="northwind")
    pin = found.split('"id": "pin:')[1].split('"')[0]
    pinned = press(f"pin:{pin}")
    assert "Pinned this requester to Northwind Analytics." in pinned
    undo = pinned.split('"id": "undo:')[1].split('"')[0]

    assert "Undone." in press(f"undo:{undo}")
    assert "Pinned" not in press("nothing")


@pytest.mark.parametrize("component", ["pin:rival-account", "undo:nothing", "snooze:x:1"])
def test_what_is_not_here_is_said_calmly(press, component):
    """The canvas stays; nothing is changed."""
    assert "This is not here any more." in press(component)


def test_other_buttons_are_the_helpdesks_own(press):
    """Show more, and whatever we never offered."""
    assert "No account found" in press("show_more")
    assert "No account found" in press("erase:everything")
