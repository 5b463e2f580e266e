"""The widget's buttons: what they keep, once; who may press them; what is refused and audited."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from plugin.presentation import turn
from plugin.settings import Store
from plugin.store import audit, outcomes, pins, snoozes
from plugin.store.database import Database
from plugin.store.memory import Memory
from plugin.store.opening import Opened, open_store
from plugin.store.tables import METADATA
from plugin.store.writer import Writer
from plugin.web.house import House
from plugin.web.limits import Limit

EMAIL = "billing.admin@northwind.example"
STRANGER = "somebody@gmail.com"
RULE = "repeated_billing_questions"
SPACE = "demo"


def token_of(page: str) -> str:
    """Return our token from a page."""
    found = re.search(r'data-token="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, app):
    """The parts of the service, with an empty memory in either kind of store."""
    parts = app.extensions["sidelight"]
    turn()
    timer = parts.clock.monotonic
    limited = replace(parts, actions=Limit(timer, 120, 60.0), refreshes=Limit(timer, 1, 15.0))
    other = request.param == "postgresql"
    store = _on_postgresql(parts, request) if other else parts.store
    _empty(store)
    memory = Memory(SPACE, store.database, store.writer)
    desks = {SPACE: replace(parts.desks[SPACE], memory=memory)}
    app.extensions["sidelight"] = replace(limited, desks=desks, store=store)
    yield app.extensions["sidelight"]
    app.extensions["sidelight"] = parts
    if other:
        store.writer.close()
        store.database.close()


def _on_postgresql(parts: House, request: pytest.FixtureRequest) -> Opened:
    url = request.getfixturevalue("empty_postgresql")
    return open_store(replace(parts.settings, store=Store(url)), parts.clock.monotonic)


def _empty(store: Opened) -> None:
    store.writer.flush()
    with store.database.write() as connection:
        for table in METADATA.sorted_tables:
            connection.execute(table.delete())


@pytest.fixture
def fresh(app, house):
    """The service with empty memory."""
    assert house.store.database.is_up()
    return app


@pytest.fixture
def act(fresh, send, signed, house):
    """Press a button as an agent who opened a ticket of this requester."""
    tokens: dict[str, str] = {}

    def _act(action: str, email: str = EMAIL, agent: str = "1", path: str = "", **wish):
        if agent not in tokens:
            tokens[agent] = token_of(send(signed("demo-zendesk", agent_id=agent)).text)
        wish.setdefault("key", f"k{len(json.dumps(wish))}")
        claims = {"ticket": {"id": "NW-31"}, "requester": {"email": email}} | wish
        answer = fresh.test_client().post(
            path or f"/frames/demo-zendesk/actions/{action}",
            data=json.dumps(claims),
            headers={
                "Authorization": f"Bearer {tokens[agent]}",
                "Content-Type": "application/json",
                "Accept": "application/json",
            },
        )
        house.store.writer.flush()
        return answer

    return _act


@pytest.fixture
def widget(act):
    """Return what an agent sees of a requester."""
    return lambda email=EMAIL: act("", email, path="/frames/demo-zendesk/widget").json


@pytest.fixture
def events(house):
    """Return the audit's entries, without views."""

    def _events() -> list[audit.Event]:
        with house.store.database.read() as connection:
            found = [entry.event for entry in audit.entries(connection, SPACE)]
        return [event for event in found if event.action != "viewed_restricted"]

    return _events


def _rules(widget: dict[str, object]) -> list[str]:
    return re.findall(r'"rule": "([a-z_]+)"', json.dumps(widget))


def test_a_pin_decides_from_now_on_and_undo_takes_it_back(act, widget, events):
    """A free-mail address says nothing, until somebody says whose it is."""
    assert "Northwind" not in json.dumps(widget(STRANGER))
    found = act("search", STRANGER, query="northwind").json["candidates"]
    assert [one["name"] for one in found] == ["Northwind Analytics"]
    pinned = act("pin", STRANGER, value=found[0]["account_id"], key="a1").json

    assert pinned["said"] == "Pinned this requester to Northwind Analytics."
    assert "Pinned by 1 on 21 Nov" in json.dumps(widget(STRANGER))
    undone = act("undo", STRANGER, value=pinned["undo"], key="a2").json
    assert undone["said"] == "Undone."
    assert "Northwind" not in json.dumps(widget(STRANGER))
    assert [event.action for event in events()] == ["pinned", "undone"]


def test_a_pin_of_a_domain_holds_for_everyone_there(act, widget):
    """As the person chooses."""
    account = act("search", EMAIL, query="northwind").json["candidates"][0]["account_id"]
    act("pin", "jo@unheard-of.example", value=account, about="domain", key="b1")

    assert "Northwind" in json.dumps(widget("kim@unheard-of.example"))
    act("unpin", "kim@unheard-of.example", key="b2")
    assert "Northwind" not in json.dumps(widget("kim@unheard-of.example"))


def test_a_free_mail_domain_is_never_pinned(act):
    """One person's company is not everybody's."""
    account = act("search", EMAIL, query="northwind").json["candidates"][0]["account_id"]

    assert act("pin", STRANGER, value=account, about="domain").status_code == 400


@pytest.mark.parametrize("query", [EMAIL, "northwind.example", "Northwind Analyt", "NORTHWIND"])
def test_search_finds_by_address_domain_and_name(act, query):
    """Name, domain and reason only."""
    found = act("search", STRANGER, query=query).json["candidates"]

    assert [one["name"] for one in found] == ["Northwind Analytics"]
    assert set(found[0]) == {"account_id", "name", "domain", "reason"}


@pytest.mark.parametrize("word", ["wrong", "known", "handled"])
def test_feedback_hides_the_signal_until_undo(act, widget, word):
    """The last three words dismiss."""
    assert RULE in _rules(widget())
    said = act("feedback", value=f"{RULE}:{word}", note="seen it", key=f"f-{word}").json

    assert RULE not in _rules(said["widget"])
    assert RULE in _rules(act("undo", value=said["undo"], key="u").json["widget"])


def test_useful_keeps_the_signal_and_is_in_the_ledger(act, house):
    """It is acknowledged."""
    assert RULE in _rules(act("feedback", value=f"{RULE}:useful", key="f1").json["widget"])
    with house.store.database.read() as connection:
        stages = {
            (one.rule, one.stage) for one in outcomes.entries(connection, SPACE) if one.rule == RULE
        }

    assert stages == {(RULE, "shown"), (RULE, "acknowledged")}
    act("undo", value="f1", key="f2")
    with house.store.database.read() as connection:
        left = [one.stage for one in outcomes.entries(connection, SPACE) if one.rule == RULE]
    assert left == ["shown"]


def test_a_snooze_ends_by_itself(act, hands):
    """After its days the signal is shown again."""
    assert RULE not in _rules(act("snooze", value=f"{RULE}:1", key="s1").json["widget"])
    hands.tick(days=1, minutes=1)
    # The token is as old as its launch: another agent opens the ticket.
    answer = act("", agent="5", path="/frames/demo-zendesk/widget")
    assert RULE in _rules(answer.json)


def test_undo_brings_the_earlier_snooze_back(act, house):
    """What stood there before stands there again."""
    first = act("snooze", value=f"{RULE}:30", key="s1").json
    second = act("snooze", value=f"{RULE}:1", key="s2").json
    act("undo", value=second["undo"], key="u1")
    with house.store.database.read() as connection:
        account = next(iter(outcomes.entries(connection, SPACE))).account_id
        kept = snoozes.of_account(connection, SPACE, account)[RULE]

    assert first["undo"] == "s1"
    assert (kept.until - kept.at).days == 30


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
    assert RULE in _rules(widget())
    assert [event.action for event in events()] == ["feedback", "undone"]


def test_many_at_once_under_one_key_are_one_act(act, events, house):
    """A request that is repeated while the first is still under way does nothing twice."""
    act("", path="/frames/demo-zendesk/widget")  # launched, and all known, before they race
    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(lambda _: act("snooze", value=f"{RULE}:7", key="k").json, range(6)))

    assert {answer["said"] for answer in said} == {"Snoozed for 7 days."}
    assert [event.action for event in events()] == ["snoozed"]
    with house.store.database.read() as connection:
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
def test_undo_never_overwrites_what_another_person_did_since(act, house, hands, first):
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
    with house.store.database.read() as connection:
        kept = pins.find(connection, SPACE, [pins.PinKey("contact", STRANGER)])
    assert kept is not None
    assert (kept.account_id, kept.pinned_by) == (other, "2")


def test_undo_leaves_the_snooze_of_another_person(act, house, hands):
    """It is theirs now."""
    act("snooze", agent="1", value=f"{RULE}:1", key="k1")
    hands.tick(seconds=1)
    said = act("snooze", agent="2", value=f"{RULE}:30", key="k2").json["said"]
    act("undo", agent="1", value="k1", key="k3")
    with house.store.database.read() as connection:
        account = next(iter(outcomes.entries(connection, SPACE))).account_id
        kept = snoozes.of_account(connection, SPACE, account)[RULE]

    assert (said, kept.snoozed_by) == ("Snoozed for 30 days.", "2")


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


def test_a_stranger_cannot_fill_the_audit(act, events, fresh, house):
    """Beyond what anybody may do in a minute it is refused as before, and not noted."""
    fresh.extensions["sidelight"] = replace(house, actions=Limit(house.clock.monotonic, 3, 60.0))
    path = "/frames/demo-intercom/widget"
    try:
        codes = [act("widget", path=path).status_code for _ in range(5)]
    finally:
        fresh.extensions["sidelight"] = house

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
    ],
)
def test_what_cannot_be_read_is_a_bad_request(act, action, wish):
    """A sentence, never a fault."""
    assert act(action, **wish).status_code == 400


@pytest.mark.parametrize(
    "wish",
    [
        {"value": f"{RULE}:7\0", "note": "a\0b\ud800", "key": "n1"},
        {"value": f"{RULE}:7", "note": "x" * 200, "key": "n2"},
    ],
)
def test_signs_that_no_database_takes_are_left_out(act, wish):
    """NUL, half a surrogate pair, the longest word."""
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


def test_a_section_stays_open_for_its_viewer(act, house):
    """Others see it as it was."""
    assert act("fold", value="tickets", open=True).status_code == 204

    assert house.desks[SPACE].memory.recall("a", "1").opened == {"tickets"}
    assert house.desks[SPACE].memory.recall("a", "2").opened == frozenset()


def test_without_its_store_the_widget_answers_and_an_act_is_refused(act, fresh, house, widget):
    """One sentence, and nothing is changed; tickets are answered as before."""
    down = Database("sqlite:////proc/nobody/may/write.db", Path(), lambda: 0.0)
    desk = house.desks[SPACE]
    without = replace(desk, memory=Memory(SPACE, down, Writer(down)))
    act("fold", value="tickets")
    fresh.extensions["sidelight"] = replace(house, desks={SPACE: without})
    try:
        refused, shown = act("snooze", value=f"{RULE}:7"), widget()
    finally:
        fresh.extensions["sidelight"] = house

    assert (refused.status_code, refused.json["error"]["code"]) == (503, "unavailable")
    assert "nothing was changed" in refused.json["error"]["message"]
    assert RULE in _rules(shown)


def test_refresh_asks_anew_and_then_waits_a_little(act):
    """Pressing it again and again does not wear a vendor out."""
    said = [act("refresh", "x@y.example", key=f"r{n}").json["said"] for n in range(2)]

    assert said == ["Asked every source anew.", "Refreshed a moment ago."]


def test_one_person_presses_only_so_often(act, fresh, house):
    """Others go on meanwhile."""
    few = Limit(house.clock.monotonic, 2, 60.0)
    fresh.extensions["sidelight"] = replace(house, actions=few)
    codes = [act("search", query="northwind").status_code for _ in range(3)]
    try:
        assert codes == [200, 200, 429]
        assert act("search", agent="2", query="northwind").status_code == 200
    finally:
        fresh.extensions["sidelight"] = house


def test_a_signal_says_how_long_it_is_lit(act, widget, hands):
    """New today, then since yesterday, then for days."""
    assert "new today" in json.dumps(widget())
    hands.tick(days=12)
    answer = act("", agent="6", path="/frames/demo-zendesk/widget")

    assert "lit for 12 days" in json.dumps(answer.json)


def test_who_saw_restricted_figures_is_in_the_audit(act, house):
    """Once an hour for each viewer and account; an agent who sees none is not."""
    for agent in ("1", "2", "2"):
        act("", agent=agent, path="/frames/demo-zendesk/widget")
    with house.store.database.read() as connection:
        seen = [one.event for one in audit.entries(connection, SPACE)]
        broken = audit.verify(connection, SPACE)[1]

    assert [(event.actor, event.role) for event in seen] == [("2", "csm")]
    assert "contract.arr" in seen[0].detail["fields"]
    assert broken == []
