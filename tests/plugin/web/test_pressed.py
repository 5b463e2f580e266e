"""Buttons of a canvas: the signed press pins, searches and takes back, as the page's do."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from plugin.store import audit
from plugin.store.tables import ACTS, FEEDBACK, PINS, SNOOZES
from plugin.vendors.intercom.helpdesk import SIGNATURE, _signature
from plugin.workspace.answer_cache import invalidate
from tests.plugin.web.acts.conftest import BY_ITSELF

EMAIL = "somebody@gmail.com"
BILLING = "billing.admin@northwind.example"
RULE = "repeated_billing_questions"


@pytest.fixture
def press(app, services, send, signed):
    """Press a button of the canvas of a requester."""
    del app
    with services.store.database.write() as connection:
        for table in (PINS, ACTS, FEEDBACK, SNOOZES):
            connection.execute(table.delete())
    invalidate("demo")
    secret = services.installs["demo-intercom"].secrets[0]

    def _press(component: str, email: str = EMAIL, kept: object = None, **typed: str) -> Any:
        template = signed("demo-intercom", email=email, stage="submit")
        body = json.loads(template.body)
        body |= {"component_id": component, "input_values": typed}
        body |= {"current_canvas": {"stored_data": kept}} if kept else {}
        raw = json.dumps(body).encode()
        headers = {**template.headers, SIGNATURE: _signature(secret, raw)}
        return json.dumps(send(replace(template, body=raw, headers=headers)).json)

    return _press


@pytest.fixture
def full(press):
    """The whole canvas of Northwind, and how something on it is pressed."""
    canvas = json.loads(press("show_more", BILLING))["canvas"]

    def _press(component: str, **typed: str) -> Any:
        return press(component, BILLING, canvas["stored_data"], **typed)

    return canvas["content"]["components"], _press


@pytest.fixture
def events(services):
    """Return what people did since the test began."""
    memory = services.runtimes["demo"].memory
    with memory.database.read() as connection:
        before = audit.head_of(connection, "demo")

    def _events() -> list[str]:
        with memory.database.read() as connection:
            found = list(audit.entries(connection, "demo"))
        ours = (one.event for one in found if before is None or one.seq > before.seq)
        return [one.action for one in ours if one.action not in BY_ITSELF]

    return _events


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


SAY = f"choose:say:{RULE}"


def _of(components: list[dict[str, Any]], identity: str) -> dict[str, Any]:
    return next(one for one in components if one.get("id") == identity)


def test_the_whole_canvas_asks_what_a_signal_is_and_for_a_word(full):
    """Useful, wrong, known, handled; a day, a week, a month; in words that say so."""
    components, _ = full
    options = _of(components, f"say:{RULE}")["options"]

    assert [one["text"] for one in options] == [
        *(f"This signal is {word}" for word in ("useful", "wrong", "known", "handled")),
        *(f"Snooze for {days}" for days in ("1 day", "7 days", "30 days")),
    ]
    assert _of(components, SAY)["label"] == "Save"
    assert _of(components, "note")["label"] == "In a word (optional)"


def test_what_is_chosen_is_kept_with_its_word_and_can_be_undone(full, services):
    """The canvas stays whole, the signal goes, and comes back."""
    _, press = full
    said = press(SAY, **{f"say:{RULE}": f"feedback:{RULE}:known", "note": "told\u0000 the CSM "})
    with services.store.database.read() as connection:
        kept = connection.execute(select(FEEDBACK.c.word, FEEDBACK.c.note)).all()

    assert kept == [("known", "told\ufffd the CSM")]
    assert "Marked as known" in said
    assert f"say:{RULE}" not in said
    assert json.loads(said)["canvas"]["stored_data"]["page"] == "full"
    undo = said.split('"id": "undo:')[1].split('"')[0]
    assert f"say:{RULE}" in press(f"undo:{undo}")


def test_the_same_press_on_one_canvas_counts_once(full, events, hands):
    """However often, and however late, it is sent again."""
    _, press = full
    wish = {f"say:{RULE}": f"snooze:{RULE}:7"}
    press(SAY, **wish)
    hands.tick(hours=3)

    assert "Snoozed for 7 days." in press(SAY, **wish)
    assert events() == ["snoozed"]


def test_a_press_without_a_choice_does_nothing(full, events):
    """The canvas is drawn again."""
    _, press = full

    assert f"say:{RULE}" in press(SAY)
    assert f"say:{RULE}" in press(SAY, **{f"say:{RULE}": "erase:everything"})
    assert events() == []


def test_another_account_is_found_pinned_for_its_domain_and_let_go(full, press, services):
    """As on the page: search, choose for whom, choose the account, unpin."""
    components, on_this = full
    assert _of(components, "search")
    found = json.loads(on_this("search", query="halden"))["canvas"]["content"]["components"]
    about = _of(found, "about")
    assert [one["id"] for one in about["options"]] == ["contact", "domain"]
    pinned = on_this("pin:halden-freight", about="domain")
    with services.store.database.read() as connection:
        kept = connection.execute(select(PINS.c.kind, PINS.c.value)).all()

    assert kept == [("domain", "northwind.example")]
    assert "Pinned everyone at northwind.example to Halden Freight." in pinned
    again = json.loads(pinned)["canvas"]
    assert _of(again["content"]["components"], "unpin")
    assert "Northwind Analytics" in press("unpin", BILLING, again["stored_data"])


def test_what_was_pressed_shows_when_the_conversation_is_opened_again(send, signed, full):
    """Nothing is shown again from before."""
    opened = signed("demo-intercom", email=BILLING)
    assert "billing questions" in send(opened).text
    full[1](SAY, **{f"say:{RULE}": f"feedback:{RULE}:handled"})

    assert "billing questions" not in send(opened).text


def test_the_sources_are_asked_anew_and_not_too_often(full):
    """The button says what came of it."""
    components, press = full
    assert _of(components, "refresh")["label"] == "Refresh"
    said = [press("refresh") for _ in range(2)]

    assert "Asked every source anew." in said[0] or "Refreshed a moment ago." in said[0]
    assert "Refreshed a moment ago." in said[1]
