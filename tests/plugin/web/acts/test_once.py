"""A press counts once, and undo never overwrites what another person did."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from plugin.store import audit, outcomes, pins, snoozes
from tests.plugin.web.acts.conftest import EMAIL, RULE, SPACE, STRANGER, rules_of


def test_the_same_press_counts_once(act, events):
    """A request that is repeated does nothing again, and says the same."""
    answers = [act("snooze", value=f"{RULE}:7", key="same").json for _ in range(3)]

    assert [answer["said"] for answer in answers] == ["Snoozed for 7 days."] * 3
    assert [event.action for event in events()] == ["snoozed"]


def test_a_double_click_counts_once_and_is_undone_as_one(act, widget, events):
    """Two presses of one button have two keys, and one meaning."""
    clicks = [act("feedback", value=f"{RULE}:known", key=f"c{n}").json for n in range(2)]

    assert [click["undo"] for click in clicks] == ["c0", "c0"]
    act("undo", value="c0", key="u")
    assert RULE in rules_of(widget())
    assert [event.action for event in events()] == ["feedback", "undone"]


def test_many_at_once_under_one_key_are_one_act(act, events, services):
    """A request that is repeated while the first is still under way does nothing twice."""
    act("", path="/frames/demo-zendesk/widget")  # launched, and all known, before they race
    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(lambda _: act("snooze", value=f"{RULE}:7", key="k").json, range(6)))

    assert {answer["said"] for answer in said} == {"Snoozed for 7 days."}
    assert [event.action for event in events()] == ["snoozed"]
    with services.store.database.read() as connection:
        assert audit.verify(connection, SPACE)[1] == []


def test_a_key_of_another_press_is_refused(act, events):
    """Nothing is said to be saved that was not."""
    act("snooze", value=f"{RULE}:7", key="k")

    assert act("snooze", value=f"{RULE}:30", key="k").status_code == 400
    assert act("feedback", value=f"{RULE}:wrong", key="k").status_code == 400
    assert [event.action for event in events()] == ["snoozed"]


def test_the_same_again_after_it_was_taken_away_counts_anew(act, widget, hands):
    """A pin that somebody removed can be set again at once."""
    account = act("search", EMAIL, query="northwind").json["candidates"][0]["account_id"]
    for step, agent in enumerate(("1", "2", "1")):
        act("pin" if agent == "1" else "unpin", STRANGER, agent, value=account, key=f"p{step}")
        hands.tick(seconds=1)

    assert "Pinned by 1" in json.dumps(widget(STRANGER))


@pytest.mark.parametrize("first", ["pin", "unpin"])
def test_undo_never_overwrites_what_another_person_did_since(act, services, hands, first):
    """The later decision stays, and the sentence says so."""
    account = act("search", EMAIL, query="northwind").json["candidates"][0]["account_id"]
    other = act("search", EMAIL, query="halden").json["candidates"][0]["account_id"]
    act("pin", STRANGER, agent="1", value=account, key="k1")
    if first == "unpin":
        act("unpin", STRANGER, agent="1", key="k2")
    hands.tick(seconds=1)
    act("pin", STRANGER, agent="2", value=other, key="k3")
    said = act("undo", STRANGER, agent="1", value="k1" if first == "pin" else "k2", key="k4").json

    assert said["said"] == "This was changed since; nothing was undone."
    with services.store.database.read() as connection:
        kept = pins.find(connection, SPACE, [pins.PinKey("contact", STRANGER)])
    assert kept is not None
    assert (kept.account_id, kept.pinned_by) == (other, "demo-zendesk/2")


def test_undo_leaves_the_snooze_of_another_person(act, services, hands):
    """It is theirs now."""
    act("snooze", agent="1", value=f"{RULE}:1", key="k1")
    hands.tick(seconds=1)
    said = act("snooze", agent="2", value=f"{RULE}:30", key="k2").json["said"]
    act("undo", agent="1", value="k1", key="k3")
    with services.store.database.read() as connection:
        account = next(iter(outcomes.entries(connection, SPACE))).account_id
        kept = snoozes.of_account(connection, SPACE, account)[RULE]

    assert (said, kept.snoozed_by) == ("Snoozed for 30 days.", "demo-zendesk/2")
