"""The second opening of a ticket: nothing is asked, read, checked or compiled again."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import requests
from jinja2 import Environment
from marshmallow import Schema
from sqlalchemy import event
from sqlalchemy.engine import Engine

from plugin.account.context import AccountContext, AccountMatch
from plugin.answer import Record
from plugin.frame import Confirmation, FrameRequest, Proof, Requester, TicketRef
from plugin.presentation import LIFE, Answer, key_of
from plugin.settings import Install
from plugin.upstream import AccountRef
from plugin.web.proven import Proven
from tests.plugin.web.test_frames import CLAIMS, token_of

EMAIL = "billing.admin@northwind.example"


@pytest.fixture
def counted(monkeypatch):
    """Count SQL statements, outbound calls, schema work and template compiles."""

    @contextmanager
    def _counted():
        seen: Counter[str] = Counter()

        def sql(*_args):
            seen["sql"] += 1

        def count(owner: Any, name: str, word: str) -> None:
            real = getattr(owner, name)

            def call(*args: Any, **options: Any) -> Any:
                seen[word] += 1
                return real(*args, **options)

            monkeypatch.setattr(owner, name, call)

        count(requests.Session, "send", "http")
        count(Schema, "_do_load", "schema")
        count(Environment, "compile", "template")
        event.listen(Engine, "before_cursor_execute", sql)
        try:
            yield seen
        finally:
            event.remove(Engine, "before_cursor_execute", sql)
            monkeypatch.undo()

    return _counted


def _is_warm(answer) -> bool:
    return "gather" not in answer.headers["Server-Timing"]


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


def test_another_viewer_or_ticket_gets_an_answer_of_its_own(send, signed):
    """Whatever an answer may differ by is part of its key."""
    asked = {"email": EMAIL, "ticket_id": "warm-2"}
    send(signed("demo-intercom", **asked))

    assert _is_warm(send(signed("demo-intercom", **asked)))
    for change in ({"agent_id": "2"}, {"ticket_id": "warm-3"}, {"email": "a@northwind.example"}):
        assert not _is_warm(send(signed("demo-intercom", **(asked | change))))


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
    request = signed("demo-intercom", email=EMAIL, ticket_id="warm-4")
    send(request)
    hands.tick(seconds=LIFE.total_seconds() - 1)
    assert _is_warm(send(request))
    hands.tick(seconds=1)

    assert not _is_warm(send(request))


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


def test_what_a_person_changed_shows_at_once(send, signed, house):
    """A pin or a snooze turns the page for everybody, in every worker."""
    request = signed("demo-intercom", email=EMAIL, ticket_id="warm-7")
    send(request)
    house.presentations.turn()

    assert not _is_warm(send(request))


def test_an_answer_that_will_change_is_not_kept(desk, house):
    """While something is on its way, or where no account is known."""
    made, mark = Answer(b"x", "text/html"), house.presentations.mark()
    before = house.presentations.size()
    nobody, empty = AccountMatch("none"), AccountContext(as_of=house.clock.now())
    ref = AccountRef("7", "Acme")
    for record in (
        Record(nobody, empty),
        Record(nobody, empty, account=ref, version="v", loading=True),
        Record(nobody, empty, account=ref),
    ):
        house.presentations.put("key", made, record, desk, mark)

    assert house.presentations.size() == before


class Checker:
    """A helpdesk that counts how often it had to verify."""

    def __init__(self, proof: Proof) -> None:
        self.proof, self.calls = proof, 0

    def verify(self, _request, _install) -> Proof:
        self.calls += 1
        return self.proof


@pytest.mark.parametrize(
    ("proof", "calls"),
    [
        (Proof(expires_at=None), 2),
        (Proof(once="digest"), 2),
        ("ends", 1),
    ],
)
def test_only_a_proof_with_an_end_of_its_own_is_remembered(signed, hands, proof, calls):
    """What counts once, or never ends, is proven each time."""
    ends = Proof(expires_at=hands.now + timedelta(minutes=5))
    checker = Checker(ends if proof == "ends" else proof)
    proven, request = Proven(lambda: hands.now), signed("demo-zendesk")
    install = Install("a", "b", "c")
    for _ in range(2):
        proven.verify(checker.verify, request, install)

    assert checker.calls == calls


def test_a_remembered_proof_ends_when_it_says(signed, hands):
    """And not a moment later."""
    checker = Checker(Proof(expires_at=hands.now + timedelta(minutes=5)))
    proven, request = Proven(lambda: hands.now), signed("demo-zendesk")
    install = Install("a", "b", "c")
    proven.verify(checker.verify, request, install)
    hands.tick(minutes=5)
    proven.verify(checker.verify, request, install)

    assert checker.calls == 2


def test_one_changed_byte_is_another_proof(signed, hands):
    """Body, address, headers, install and secrets: nothing else ever matches."""
    checker = Checker(Proof(expires_at=hands.now + timedelta(minutes=5)))
    proven, request = Proven(lambda: hands.now), signed("demo-zendesk")
    install = Install("a", "b", "c", secrets=("one", "two"))
    asked = [
        (request, install),
        (dataclasses.replace(request, body=request.body + b"x"), install),
        (dataclasses.replace(request, url=request.url + "x"), install),
        (dataclasses.replace(request, stage="submit"), install),
        (dataclasses.replace(request, headers={**request.headers, "x": "y"}), install),
        (request, dataclasses.replace(install, id="other")),
        (request, dataclasses.replace(install, secrets=("onet", "wo"))),
    ]
    for one in asked:
        proven.verify(checker.verify, *one)

    assert checker.calls == len(asked)
