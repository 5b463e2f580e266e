"""Who may press what; what is refused, and what of it is audited."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from plugin.store.database import Database
from plugin.store.memory import Memory
from plugin.store.writer import Writer
from plugin.web.limits import RequestLimit
from tests.plugin.web.acts.conftest import EMAIL, RULE, SPACE, rules_of, token_of


def test_the_same_id_in_another_helpdesk_is_another_person(act, send, signed, fresh, events):
    """Agent 1 of Re:amaze takes nothing back of agent 1 of Zendesk; the audit tells both apart."""
    said = act("snooze", value=f"{RULE}:7", key="mine").json
    launch = send(signed("demo-reamaze", agent_id="1"))
    answer = fresh.test_client().post(
        "/frames/demo-reamaze/actions/undo",
        json={"requester": {"email": EMAIL}, "value": said["undo"], "key": "theirs"},
        headers={"Authorization": f"Bearer {token_of(launch.text)}"},
    )

    assert answer.status_code == 404
    assert [(event.actor, event.action) for event in events()] == [
        ("demo-zendesk/1", "snoozed"),
        ("demo-reamaze/1", "refused"),
    ]


@pytest.mark.parametrize(
    ("action", "wish"),
    [
        ("pin", {"value": "rival-account-1"}),
        ("unpin", {}),
        ("undo", {"value": "key-of-another"}),
        ("feedback", {"value": "rule_of_another:wrong"}),
        ("snooze", {"value": "rule_of_another:7"}),
    ],
)
def test_what_another_workspace_has_is_refused_and_audited(act, events, action, wish):
    """Ids of elsewhere are simply not here."""
    answer = act(action, key="x1", **wish)

    assert (answer.status_code, answer.json["error"]["code"]) == (404, "not_found")
    assert [(event.action, event.target) for event in events()] == [("refused", action)]


DOORS = ["feedback", "snooze", "search", "pin", "unpin", "undo", "refresh", "fold", "widget"]


@pytest.mark.parametrize("door", DOORS)
def test_a_token_of_another_install_is_refused_and_audited(act, events, door):
    """A genuine token opens its own install and nothing else."""
    path = "widget" if door == "widget" else f"actions/{door}"
    answer = act(door, path=f"/frames/demo-intercom/{path}", value="x:1", query="xx")

    assert (answer.status_code, answer.json["error"]["code"]) == (401, "bad_signature")
    assert [(event.actor, event.action, event.target) for event in events()] == [
        ("token of demo-zendesk", "refused", door)
    ]


def test_a_stranger_cannot_fill_the_audit(act, events, fresh, services):
    """Beyond what anybody may do in a minute it is refused as before, and not noted."""
    fresh.extensions["sidelight"] = replace(
        services, actions=RequestLimit(services.clock.monotonic, 3, 60.0)
    )
    path = "/frames/demo-intercom/widget"
    try:
        codes = [act("widget", path=path).status_code for _ in range(5)]
    finally:
        fresh.extensions["sidelight"] = services

    assert codes == [401] * 5
    assert len(events()) == 3


def test_one_agent_cannot_undo_what_another_did(act):
    """Keys are each person's own."""
    said = act("snooze", value=f"{RULE}:7", key="mine").json

    assert act("undo", agent="2", value=said["undo"], key="u").status_code == 404


@pytest.mark.parametrize(
    ("action", "wish"),
    [
        ("feedback", {"value": "nonsense"}),
        ("feedback", {"value": f"{RULE}:marvellous"}),
        ("snooze", {"value": f"{RULE}:3650"}),
        ("snooze", {"value": f"{RULE}:٧"}),
        ("search", {"query": "x"}),
        ("pin", {"value": "x", "about": "planet"}),
        ("fold", {"value": ""}),
        ("feedback", {"value": ["x"]}),
        ("pin", {"key": "a b"}),
        ("snooze", {"value": f"{RULE}:7\0", "key": "n1"}),
        ("snooze", {"value": f"{RULE}:7", "note": "a\0b", "key": "n1"}),
        ("snooze", {"value": f"{RULE}:7", "note": "a\ud800", "key": "n1"}),
    ],
)
def test_what_cannot_be_read_is_a_bad_request(act, action, wish):
    """A sentence, never a fault."""
    assert act(action, **wish).status_code == 400


def test_the_longest_word_is_kept(act):
    """A note may be as long as the page lets it be."""
    wish = {"value": f"{RULE}:7", "note": "x" * 200, "key": "n2"}

    assert act("snooze", **wish).json["said"] == "Snoozed for 7 days."


@pytest.mark.parametrize("email", ["jo\0@northwind.example", "\ud800@x.example", "x" * 318 + "@x"])
def test_an_address_that_no_database_takes_finds_nobody_and_breaks_nothing(act, email):
    """The widget answers, and so does each act."""
    assert act("", email, path="/frames/demo-zendesk/widget").status_code in (200, 400)
    assert act("pin", email, value="northwind", key="p").status_code in (200, 400)
    assert act("unpin", email, key="q").status_code in (200, 400, 404)


def test_an_unknown_action_is_not_here(act):
    """Only the actions of the list exist."""
    assert act("explode").status_code == 404


def test_an_act_without_a_token_is_refused(fresh):
    """There is no cookie to ride on."""
    assert fresh.test_client().post("/frames/demo-zendesk/actions/pin").status_code == 401


def test_without_its_store_the_widget_answers_and_an_act_is_refused(act, fresh, services, widget):
    """One sentence, and nothing is changed; tickets are answered as before."""
    down = Database("sqlite:////proc/nobody/may/write.db", Path(), lambda: 0.0)
    runtime = services.runtimes[SPACE]
    without = replace(runtime, memory=Memory(SPACE, down, Writer(down)))
    act("fold", value="tickets")
    fresh.extensions["sidelight"] = replace(services, runtimes={SPACE: without})
    try:
        refused, shown = act("snooze", value=f"{RULE}:7"), widget()
    finally:
        fresh.extensions["sidelight"] = services

    assert (refused.status_code, refused.json["error"]["code"]) == (503, "unavailable")
    assert "nothing was changed" in refused.json["error"]["message"]
    assert RULE in rules_of(shown)


def test_one_person_presses_only_so_often(act, fresh, services):
    """Others go on meanwhile."""
    few = RequestLimit(services.clock.monotonic, 2, 60.0)
    fresh.extensions["sidelight"] = replace(services, actions=few)
    codes = [act("search", query="northwind").status_code for _ in range(3)]
    try:
        assert codes == [200, 200, 429]
        assert act("search", agent="2", query="northwind").status_code == 200
    finally:
        fresh.extensions["sidelight"] = services
