"""The second opening of a ticket: nothing is asked, read, checked or compiled again."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from jinja2 import Environment
from marshmallow import Schema
from sqlalchemy import event
from sqlalchemy.engine import Engine

from plugin.account.context import AccountContext, AccountMatch
from plugin.answer import Record, gather, judged
from plugin.context.turns import thinking
from plugin.frame import Confirmation, FrameRequest, Requester, TicketRef
from plugin.locating import locate
from plugin.presentation import LIFE, Answer, key_of, turn, widget_key
from plugin.store import audit, erasing, pins
from plugin.store.database import Database
from plugin.store.memory import Memory
from plugin.store.pins import PinKey, StoredPin
from plugin.store.tables import PINS
from plugin.upstream import AccountRef
from plugin.web import showing
from tests.plugin.conftest import NOW
from tests.plugin.web.test_frames import CLAIMS, token_of

EMAIL = "billing.admin@northwind.example"


@pytest.fixture
def counted(monkeypatch):
    """Count SQL statements, outbound calls, schema work and template compiles."""

    @contextmanager
    def _counted():
        seen: Counter[str] = Counter()
        here = threading.get_ident()

        def sql(*_args):
            if threading.get_ident() == here:  # what the writer stores behind answers is no cost
                seen["sql"] += 1

        def count(owner: Any, name: str, word: str) -> None:
            real = getattr(owner, name)

            def call(*args: Any, **options: Any) -> Any:
                seen[word] += 1
                return real(*args, **options)

            monkeypatch.setattr(owner, name, call)

        count(requests.adapters.HTTPAdapter, "send", "http")
        count(Schema, "_do_load", "schema")
        count(Environment, "compile", "template")
        event.listen(Engine, "before_cursor_execute", sql)
        try:
            yield seen
        finally:
            event.remove(Engine, "before_cursor_execute", sql)
            monkeypatch.undo()

    return _counted


def _stages(answer) -> list[str]:
    told = answer.headers["Server-Timing"].split(", ")
    return [part.split(";")[0] for part in told if not part.startswith("total")]


def _is_warm(answer) -> bool:
    """Tell whether an answer was shown again as it was: nothing was asked, judged or drawn."""
    return not _stages(answer)


def _is_drawn(answer) -> bool:
    """Tell whether only the drawing was done anew."""
    return _stages(answer) == ["render"]


@pytest.mark.parametrize("install", ["demo-intercom", "demo-plain"])
def test_a_warm_answer_costs_no_query_call_schema_or_template(send, signed, counted, install):
    """Countable: 0 / 0 / 0 / 0."""
    request = signed(install, email=EMAIL, ticket_id="warm-1")
    first = send(request)
    with counted() as seen:
        second = send(request)

    assert (second.data, dict(seen)) == (first.data, {})
    assert (_is_warm(first), _is_warm(second)) == (False, True)


def test_a_warm_page_costs_nothing_either(app, send, signed, counted):
    """Both of its steps: the launch with its signed token, and the part with the page's claims."""
    launch = signed("demo-zendesk")
    headers = {"Authorization": f"Bearer {token_of(send(launch).text)}"}
    ask = {"data": json.dumps(CLAIMS), "headers": headers, "content_type": "application/json"}
    client = app.test_client()
    first = client.post("/frames/demo-zendesk/widget", **ask)
    with counted() as seen:
        again, second = send(launch), client.post("/frames/demo-zendesk/widget", **ask)

    assert (again.status_code, second.data, dict(seen)) == (200, first.data, {})


def test_counting_counts(app, send, signed, counted):
    """The counters of these tests are not blind: a cold page reads the page's claims."""
    token = token_of(send(signed("demo-zendesk")).text)
    headers = {"Authorization": f"Bearer {token}"}
    with counted() as seen:
        where = "/frames/demo-zendesk/widget"
        app.test_client().post(where, data=b'{"theme": "x"}', headers=headers)

    assert seen["schema"] > 0


def test_another_viewer_or_requester_is_told_anew(send, signed):
    """Whatever a widget may differ by is part of its key."""
    asked = {"email": EMAIL, "ticket_id": "warm-2"}
    send(signed("demo-intercom", **asked))

    assert _is_warm(send(signed("demo-intercom", **asked)))
    for change in ({"agent_id": "warm-2"}, {"email": "warm-2@northwind.example"}):
        assert "gather" in _stages(send(signed("demo-intercom", **(asked | change))))


def test_another_ticket_of_a_requester_costs_a_drawing(send, signed, counted):
    """No rule of the demo looks at the ticket: nothing is asked or judged, no query is sent."""
    first = signed("demo-intercom", email=EMAIL, ticket_id="warm-8")
    assert any(_is_warm(send(first)) for _ in range(20))  # no refresh is under way any more
    with counted() as seen:
        second = send(signed("demo-intercom", email=EMAIL, ticket_id="warm-9"))

    assert _is_drawn(second)
    assert not seen


def test_a_warm_answer_waits_for_nobody_who_thinks(send, signed):
    """While another account is judged, what is ready is shown."""
    request = signed("demo-intercom", email=EMAIL, ticket_id="warm-10")
    first = send(request)
    with thinking:
        assert send(request).data == first.data


def test_rules_in_shadow_are_counted_behind_the_answer(send, signed, desk):
    """Nobody waits for them and nobody sees them; what they would have lit is kept."""
    answer = send(signed("demo-plain", email=EMAIL, ticket_id="warm-12"))
    assert desk.memory.writer.flush()
    match = locate(Requester(EMAIL), desk, float("inf")).match
    states = desk.memory.recall(match.account_id or "").states
    lit = {rule for rule, row in states.items() if row.state == "lit"}
    shadows = {rule.id: rule for rule in desk.rules.rules if rule.status == "shadow"}

    assert len(lit - shadows.keys()) == 3
    assert lit & shadows.keys()
    assert not any(name in answer.text for name in shadows)


def test_many_who_ask_at_once_are_told_once(send, signed, monkeypatch):
    """All have gathered before anybody thinks; one judges, and the others show the same."""
    together, told = threading.Barrier(4, timeout=30), []

    def gathered(*asked):
        found = gather(*asked)
        together.wait()
        return found

    def counted_judged(*what):
        told.append(what)
        return judged(*what)

    monkeypatch.setattr(showing, "gather", gathered)
    monkeypatch.setattr(showing, "judged", counted_judged)
    first = signed("demo-plain", email=EMAIL, ticket_id="warm-11")
    turn()
    with ThreadPoolExecutor(4) as pool:
        answers = {one.data for one in pool.map(send, [first] * 4)}

    assert (len(told), len(answers)) == (1, 1)


def test_where_a_rule_reads_the_ticket_each_ticket_is_told_anew(desk, house):
    """What a rule may read of the ticket is part of the key, and only there."""
    install = house.installs["demo-plain"]
    asked = [FrameRequest("demo-plain", ticket=TicketRef(name)) for name in ("T-1", "T-2")]
    reading = dataclasses.replace(desk, reads_ticket=True)

    assert len({widget_key(reading, install, one) for one in asked}) == 2
    assert len({widget_key(desk, install, one) for one in asked}) == 1


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("size(ticket.topics) > 0", True),
        ("Says {{ ticket.subject }}.", True),
        ("count(tickets, t, t.created_at > days_ago(9)) > 1", False),
        ("Plan ahead, outside the ticket.", False),
    ],
)
def test_rules_say_whether_they_read_the_ticket(desk, text, reads):
    """In a condition, a text or a def; a word of a sentence is no field."""
    rule = dataclasses.replace(desk.rules.rules[0], plain={"when": text})
    in_rule = dataclasses.replace(desk.rules, rules=(rule,), defs={})
    in_def = dataclasses.replace(desk.rules, rules=(), defs={"one": text})

    assert (in_rule.mention("ticket"), in_def.mention("ticket")) == (reads, reads)


def test_every_part_of_a_request_is_part_of_its_key(desk, house):
    """A field added to FrameRequest changes the key, or this test says so."""
    install = house.installs["demo-plain"]
    asked = FrameRequest("demo-plain")
    changed: dict[str, Any] = {
        "stage": "submit",
        "ticket": TicketRef("T-1"),
        "requester": Requester(EMAIL),
        "viewer": dataclasses.replace(asked.viewer, role="ae"),
        "locale": "de",
        "theme": "dark",
        "proven": frozenset({"viewer"}),
        "extra": {"cards": ["a"]},
        "confirmation": Confirmation("unconfirmed", "helpdesk"),
    }
    others = [dataclasses.replace(asked, **{name: value}) for name, value in changed.items()]
    keys = {key_of(desk, install, one, "x") for one in others}

    assert {field.name for field in dataclasses.fields(FrameRequest)} == {*changed, "install_id"}
    assert len(keys | {key_of(desk, install, asked, "x")}) == len(changed) + 1


def test_another_install_or_workspace_is_another_key(desk, house):
    """No sequence of requests lets one tenant see another's bytes."""
    asked, install = FrameRequest("one"), house.installs["demo-plain"]
    other_desk = dataclasses.replace(
        desk, workspace=dataclasses.replace(desk.workspace, id="another")
    )
    keys = {
        key_of(desk, install, asked, "x"),
        key_of(other_desk, install, asked, "x"),
        key_of(desk, dataclasses.replace(install, id="second"), asked, "x"),
        key_of(desk, install, asked, "y"),
    }

    assert len(keys) == 4


def test_an_answer_is_made_anew_after_half_a_minute(send, signed, hands):
    """An age that people read is never wrong by more."""
    request = signed("demo-intercom", email=EMAIL, ticket_id="warm-4", agent_id="warm-4")
    assert "gather" in _stages(send(request))
    hands.tick(seconds=LIFE.total_seconds() - 1)
    assert _is_warm(send(request))
    hands.tick(seconds=1)

    assert "gather" in _stages(send(request))


def test_an_answer_does_not_outlive_its_day(send, signed, hands):
    """At midnight of the workspace "in 60 days" becomes wrong."""
    hands.now = hands.now.replace(hour=23, minute=59, second=55)
    request = signed("demo-intercom", email=EMAIL, ticket_id="warm-5")
    send(request)
    assert _is_warm(send(request))
    hands.tick(seconds=6)

    assert not _is_warm(send(request))


def test_an_invalidation_shows_at_once(send, signed, desk):
    """A webhook said that something changed: nothing made before it is shown."""
    request = signed("demo-intercom", email=EMAIL, ticket_id="warm-6")
    send(request)
    desk.sources.invalidate("crm", "northwind.example")

    assert not _is_warm(send(request))


def test_what_a_person_changed_shows_at_once(send, signed):
    """A pin or a snooze turns the page for everybody, in every worker."""
    request = signed("demo-intercom", email=EMAIL, ticket_id="warm-7")
    send(request)
    turn()

    assert not _is_warm(send(request))


def test_what_will_change_is_not_kept(desk, house):
    """While something is on its way, or where no account is known."""
    made, before = Answer(b"x", "text/html"), house.answers.basis(desk)
    size = house.answers.size()
    nobody, empty = AccountMatch("none"), AccountContext(as_of=house.clock.now())
    ref = AccountRef("7", "Acme")
    for record in (
        Record(nobody, empty),
        Record(nobody, empty, account=ref, version="v", loading=True),
        Record(nobody, empty, account=ref),
    ):
        house.answers.put("key", made, before.on(record))

    assert house.answers.size() == size


@pytest.fixture
def elsewhere(house):
    """The same memory as another host sees it."""
    store = house.store
    with store.database.write() as connection:
        connection.execute(PINS.delete())
    other = Memory("demo", Database(house.settings.store.url, Path(), lambda: 0.0), store.writer)
    yield other
    with store.database.write() as connection:
        connection.execute(PINS.delete())
    other.database.close()
    turn()


def test_what_somebody_changes_on_another_host_shows_here(house, send, signed, elsewhere):
    """A pin, and its erasure: neither waits for what is shown from before to end."""
    request = signed("demo-plain", email=EMAIL, ticket_id="hosts")
    assert "Northwind" in send(request).text
    assert _is_warm(send(request))
    with elsewhere.act() as connection:
        key = PinKey("contact", EMAIL)
        halden = StoredPin(key, "halden-freight", "Halden Freight", "kim", NOW)
        pins.put(connection, "demo", halden)
        elsewhere.append(connection, "halden-freight", audit.Event(NOW, "kim", "pinned"))
    house.desks["demo"].memory.look()
    assert "Halden Freight" in send(request).text

    assert _is_warm(send(request))
    with elsewhere.database.write() as connection:
        told = audit.Event(NOW + timedelta(days=1), "operator", "erased")
        erasing.erase(connection, "demo", "contact", EMAIL, told)
    house.desks["demo"].memory.look()
    assert house.runtime.cache.size()[0] == 0
    assert "Northwind" in send(request).text
