"""The door of the webhooks: who is let in, what is forgotten, and what nobody learns."""

from __future__ import annotations

import json
import logging
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema
from sqlalchemy import select

from plugin.answer import Desk
from plugin.desks import UPSTREAMS
from plugin.errors import StoreUnavailable
from plugin.hook import NewTicket
from plugin.settings import Connection, Settings, Workspace
from plugin.store.pins import PinKey, StoredPin, put
from plugin.store.tables import TAKEN
from plugin.upstream import AccountRef, Facts, Link, Upstream
from tests.plugin.conftest import BASE, NOW
from tests.plugin.hooks.bench import SCHEMES, mac
from wsgi import create_app

SECRET, RIVAL_SECRET = "whsec_of_acme", "whsec_of_the_rival"
KIND = "counted"
ONE = AccountRef("a-1", "One", "one.example", emails=("ann@one.example",))
TWO = AccountRef("a-2", "Two", "two.example", external_ids={"billing": "cus_21,cus_22"})


class Counted:
    """An upstream that counts how often each account is fetched; it reads `cus_<account>`."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.meanwhile: Callable[[str], object] = lambda _name: None

    def fetch(self, ref: AccountRef, link: Link) -> Facts:
        """Say how often this account was asked for."""
        self.calls.append(f"{link.workspace}/{link.name}/{ref.id}")
        count = self.calls.count(self.calls[-1])
        self.meanwhile(link.name)
        ids = frozenset({f"cus_{ref.id}"})
        return Facts({"contract.plan": str(count)}, link.now, ids=ids)


@pytest.fixture
def counted(monkeypatch):
    """The kind of connection that the tests ask."""
    made = Counted()
    supplies = frozenset({"contract.plan"})
    for hook in ("stripe", "hubspot", "intercom"):
        kind = f"{KIND}-{hook}"
        one = Upstream(kind, "Counted", "https://x", Schema, supplies, made.fetch, hook=hook)
        monkeypatch.setitem(UPSTREAMS, kind, one)
    return made


def _space(name: str, rules: Path, *secrets: str) -> Workspace:
    kinds = {"billing": "stripe", "crm": "hubspot", "helpdesk": "intercom", "silent": "stripe"}
    connections = {
        one: Connection(
            one, f"{KIND}-{kind}", ttl=900.0, webhook_secrets=() if one == "silent" else secrets
        )
        for one, kind in kinds.items()
    }
    return Workspace(name, name.title(), rules=rules, upstreams=connections)


@pytest.fixture
def app(counted, demo_settings: Settings, hands, tmp_path):
    """A service of two workspaces with a connection that tells, and one without a secret."""
    del counted
    rules = tmp_path / "rules.yaml"
    rules.write_text("version: 1\npack: none\n")  # compiling those that ship takes a second
    spaces = {
        "acme": _space("acme", rules, SECRET, "whsec_old"),
        "rival": _space("rival", rules, RIVAL_SECRET),
    }
    store = replace(demo_settings.store, url=f"sqlite:///{tmp_path}/memory.db")
    made = create_app(replace(demo_settings, workspaces=spaces, store=store), clock=hands.clock())
    yield made
    parts = made.extensions["sidelight"]
    parts.store.writer.close()
    parts.store.database.close()


@pytest.fixture
def parts(app):
    """The parts of the service."""
    return app.extensions["sidelight"]


@pytest.fixture
def tell(app, hands):
    """Deliver a body, signed as Stripe does."""

    def _tell(
        body: Any, path: str = "/hooks/acme/billing", secret: str = SECRET, scheme: Any = None
    ):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signed = (scheme or SCHEMES["stripe"])(secret, raw, hands.now)
        return app.test_client().post(path, data=raw, headers=signed)

    return _tell


@pytest.fixture
def tell_hubspot(tell):
    """Deliver a list of events, signed as HubSpot does."""
    return partial(tell, path="/hooks/acme/crm", scheme=_for_crm)


@pytest.fixture
def tell_intercom(tell):
    """Deliver a notification, signed as Intercom does."""
    return partial(tell, path="/hooks/acme/helpdesk", scheme=SCHEMES["intercom"])


def _for_crm(secret: str, body: bytes, at: datetime) -> dict[str, str]:
    milliseconds = str(int(at.timestamp() * 1000))
    url = f"{BASE}/hooks/acme/crm"
    found = mac(secret, f"POST{url}".encode() + body + milliseconds.encode())
    return {
        "x-hubspot-signature-v3": b64encode(found).decode(),
        "x-hubspot-request-timestamp": milliseconds,
    }


@contextmanager
def away(*_patience: int) -> Iterator[None]:
    """Stand in for a store that does not answer."""
    raise StoreUnavailable("away")
    yield


@pytest.fixture
def plan(parts):
    """Return what a workspace shows of an account: how often it was fetched."""

    def _plan(ref: AccountRef = ONE, workspace: str = "acme", name: str = "billing") -> str:
        found = parts.desks[workspace].sources.gather(ref, time.monotonic() + 5)[name].facts
        return str(found.values["contract.plan"])

    return _plan


def _event(number: str, customer: str | None = None, kind: str = "invoice.paid") -> dict[str, Any]:
    thing = {"id": "in_1", "object": "invoice", "customer": customer}
    return {"id": f"evt_{number}", "object": "event", "type": kind, "data": {"object": thing}}


def test_a_change_is_forgotten_at_once_and_only_there(tell, plan):
    """The account is fetched anew; another account, connection or workspace is not."""
    before = [plan(), plan(TWO), plan(name="silent"), plan(workspace="rival")]
    answer = tell(_event("1", "cus_a-1"))

    assert (answer.status_code, answer.json) == (200, {"outcome": "accepted"})
    assert before == ["1"] * 4
    assert [plan(), plan(TWO), plan(name="silent"), plan(workspace="rival")] == ["2", "1", "1", "1"]


@pytest.mark.parametrize("word", ["cus_21", "cus_22", "two@two.example", "CUS_21"])
def test_an_account_of_several_customers_is_known_by_each(tell, plan, word):
    """By the ids that the CRM keeps for it, and by its people's addresses."""
    ref = replace(TWO, emails=("two@two.example",))
    plan(ref)
    tell(_event("1", word))

    assert plan(ref) == "2"


def test_what_cannot_be_told_concerns_the_whole_connection(tell, plan):
    """A price, or an event that names no account: never nothing."""
    plan(), plan(TWO), plan(name="silent")
    tell(_event("1", kind="price.updated"))

    assert [plan(), plan(TWO), plan(name="silent")] == ["2", "2", "1"]


def test_an_event_of_no_concern_is_taken_and_changes_nothing(tell, plan):
    """Vendors send kinds that nobody here reads, and kinds that are new."""
    plan()
    for number, kind in enumerate(("payout.paid", "teleport.completed")):
        answer = tell(_event(str(number), kind=kind))
        assert (answer.status_code, answer.json) == (200, {"outcome": "ignored"})

    assert plan() == "1"


def test_a_repetition_changes_nothing(tell, plan, hands):
    """Also in another order, with other bytes and hours later; after a day it counts anew."""
    first, second = _event("1", "cus_a-1"), _event("2", "cus_a-1")
    assert [tell(one).json["outcome"] for one in (second, first)] == ["accepted"] * 2
    fetched = plan()
    repeated = [tell(one) for one in (second, {**first, "pending_webhooks": 3})]
    assert [answer.json["outcome"] for answer in repeated] == ["duplicate"] * 2
    assert plan() == fetched

    hands.tick(hours=23)
    assert tell(first).json == {"outcome": "duplicate"}
    hands.tick(hours=2)
    assert tell(first).json == {"outcome": "accepted"}


def test_an_event_counts_once_for_each_connection(tell):
    """The same id from another workspace is another event."""
    assert tell(_event("1", "cus_1")).json == {"outcome": "accepted"}
    told = tell(_event("1", "cus_1"), "/hooks/rival/billing", RIVAL_SECRET)
    assert told.json == {"outcome": "accepted"}


def test_an_event_without_an_id_is_known_by_all_that_came(tell):
    """The same bytes are the same event."""
    one, other = {"type": "price.updated"}, {"type": "price.updated", "created": 2}

    assert [tell(each).json["outcome"] for each in (one, one, other)] == [
        "accepted",
        "duplicate",
        "accepted",
    ]


def test_what_was_under_way_when_the_event_came_is_not_kept(tell, plan, counted):
    """A fetch that began before the change may not outlive it."""
    answers: list[str] = []

    def meanwhile(name: str) -> None:
        if name == "billing" and not answers:
            answers.append(tell(_event("1", "cus_a-1")).json["outcome"])

    counted.meanwhile = meanwhile
    plan()

    assert answers == ["accepted"]
    assert plan() == "2"


REFUSED = {
    "error": {"code": "bad_signature", "message": "This request could not be verified."},
}


def test_every_refusal_is_the_same_word_for_word(tell, app):
    """An unknown workspace, connection, missing secret and bad proof cannot be told apart."""
    event = _event("1", "cus_a-1")
    answers = [
        tell(event, "/hooks/nobody/billing"),
        tell(event, "/hooks/acme/nothing"),
        tell(event, "/hooks/acme/silent"),
        tell(event, "/hooks/acme/silent", ""),
        tell(event, secret="wrong"),
        tell(event, secret=RIVAL_SECRET),
        tell(event, "/hooks/rival/billing"),
        tell(event, "/hooks/%00/%2e%2e"),
        tell(b"not json", secret="wrong"),
        app.test_client().post("/hooks/acme/billing"),
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert {answer.data for answer in answers} == {answers[0].data}
    assert answers[0].json == REFUSED
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


def test_the_previous_secret_still_proves(tell):
    """While a secret is replaced."""
    assert tell(_event("1", "cus_1"), secret="whsec_old").status_code == 200


def test_a_refused_delivery_changes_nothing(tell, plan):
    """And its id is not taken: the right one still counts."""
    plan()
    tell(_event("1", "cus_a-1"), secret="wrong")
    assert plan() == "1"
    assert tell(_event("1", "cus_a-1")).json == {"outcome": "accepted"}


def test_a_right_signature_that_is_old_is_told_so(hands, app):
    """Only whoever knows the secret learns it."""
    raw = json.dumps(_event("1")).encode()
    signed = SCHEMES["stripe"](SECRET, raw, hands.now)
    hands.tick(seconds=301)
    answer = app.test_client().post("/hooks/acme/billing", data=raw, headers=signed)

    assert (answer.status_code, answer.json["error"]["code"]) == (401, "expired_signature")


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"",
        b"[]",
        b'"evt"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b'{"a":1,"a":2}',
    ],
    ids=["words", "empty", "list", "text", "bytes", "deep lists", "deep objects", "twice"],
)
def test_a_proven_body_that_holds_no_event_is_a_bad_request(tell, body):
    """It is said calmly, and is no fault of ours."""
    answer = tell(body)

    assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_request")


def test_a_body_that_is_too_large_is_not_read(tell, parts):
    """Proven or not, known or not."""
    body = b" " * (parts.settings.service.max_body + 1)
    answers = [tell(body), tell(body, "/hooks/nobody/x"), tell(body, secret="wrong")]

    assert [answer.status_code for answer in answers] == [413] * 3


def test_only_deliveries_are_taken(app):
    """Nothing is shown at this address; Intercom's HEAD learns nothing either."""
    client = app.test_client()
    heads = [client.head(f"/hooks/{path}") for path in ("acme/billing", "nobody/x")]

    assert client.get("/hooks/acme/billing").status_code == 405
    assert [(head.status_code, head.data) for head in heads] == [(200, b"")] * 2


def test_a_thousand_events_in_one_body_are_one_change_of_everything(tell_hubspot, plan, parts):
    """It is answered at once, and leaves one line in the store."""
    event = {"subscriptionType": "company.propertyChange", "occurredAt": 5}
    plan(name="crm"), plan(TWO, name="crm")
    answer = tell_hubspot([{**event, "eventId": one, "objectId": one} for one in range(1000)])

    assert (answer.status_code, answer.json) == (200, {"outcome": "accepted"})
    assert [plan(name="crm"), plan(TWO, name="crm")] == ["2", "2"]
    with parts.store.database.read() as connection:
        assert len(connection.execute(select(TAKEN)).all()) == 1


def test_each_event_of_a_list_counts_by_itself(tell_hubspot, plan):
    """A repetition beside something new is not heard twice, and what is new is."""
    event = {"subscriptionType": "company.propertyChange", "occurredAt": 5}
    one, two = ({**event, "eventId": place, "objectId": f"cus_{place}"} for place in (1, 2))
    first = {**event, "eventId": 3, "objectId": "cus_a-1"}
    outcomes = [tell_hubspot(each).json["outcome"] for each in ([one], [one, first], [first, two])]
    plan(name="crm")

    assert outcomes == ["accepted"] * 3
    assert tell_hubspot([two, {**first, "attemptNumber": 2}, one]).json["outcome"] == "duplicate"
    assert plan(name="crm") == "1"


@pytest.fixture
def remembered(parts):
    """Remember something of Jo, and return what is remembered of whom."""
    memory, key = parts.desks["acme"].memory, PinKey("contact", "jo@one.example")
    with memory.database.write() as connection:
        put(connection, "acme", StoredPin(key, "a-1", "One", "kim", NOW))
        put(connection, "rival", StoredPin(key, "a-1", "One", "kim", NOW))

    def _remembered(workspace: str = "acme") -> bool:
        return parts.desks[workspace].memory.pin([key]) is not None

    return _remembered


def _deletion(number: str) -> dict[str, Any]:
    item = {"type": "contact", "id": "c-1", "email": "Jo@one.example"}
    return {"id": number, "topic": "contact.deleted", "data": {"item": item}}


def test_whom_the_vendor_deleted_is_forgotten(tell_intercom, remembered, parts, plan):
    """Their pins, and every byte that this connection said; elsewhere they stay."""
    plan()
    assert tell_intercom(_deletion("1")).json == {"outcome": "accepted"}
    kept = parts.runtime.cache.size()[0]

    assert [remembered(), remembered("rival")] == [False, True]
    assert kept == len(parts.desks["acme"].connections) - 1


def test_a_deletion_is_not_lost_while_the_store_is_away(
    tell_intercom, remembered, parts, monkeypatch
):
    """The vendor is told to come again, and then it is done."""
    with monkeypatch.context() as patch:
        patch.setattr(parts.store.database, "write", away)
        assert tell_intercom(_deletion("1")).status_code == 503
    assert remembered()
    assert tell_intercom(_deletion("1")).json == {"outcome": "accepted"}
    assert not remembered()


def test_a_flood_is_slowed_down_for_one_connection_only(tell, parts, monkeypatch):
    """The vendor tries again later; nobody without the secret can use the places up."""
    monkeypatch.setattr(parts.deliveries, "_most", 2)
    for _ in range(5):
        tell(_event("0"), secret="wrong")
    outcomes = [tell(_event(str(number), "cus_1")).status_code for number in range(3)]

    assert outcomes == [200, 200, 429]
    assert tell(_event("1"), "/hooks/rival/billing", RIVAL_SECRET).status_code == 200


def test_without_the_store_events_are_heard_all_the_same(tell, plan, parts, monkeypatch):
    """What was heard twice was forgotten twice, which harms nobody."""
    monkeypatch.setattr(parts.store.database, "write", away)
    monkeypatch.setattr(parts.store.database, "read", away)
    plan()

    assert tell(_event("1", "cus_a-1")).json == {"outcome": "accepted"}
    assert plan() == "2"
    assert tell(_event("1", "cus_a-1")).json == {"outcome": "duplicate"}


def test_operators_see_one_line_and_a_count_and_no_customer(tell, app, caplog):
    """Names of the settings only."""
    caplog.set_level(logging.INFO, "sidelight")
    event = _event("1", "cus_a-1")
    event["data"]["object"] |= {"object": "customer", "id": "cus_77", "email": "jo@one.example"}
    tell(event), tell(event), tell(event, secret="wrong"), tell(event, "/hooks/nobody/x")
    lines = [vars(one) for one in caplog.records if one.message == "hook"]
    metrics = app.test_client().get("/metrics").text

    assert [(one["kind"], one["outcome"]) for one in lines] == [
        (f"{KIND}-stripe", "accepted"),
        (f"{KIND}-stripe", "duplicate"),
        (f"{KIND}-stripe", "refused"),
        ("unknown", "refused"),
    ]
    for secret in (SECRET, "jo@one.example", "cus_77", "evt_1", "nobody"):
        assert secret not in str([vars(one) for one in caplog.records])
        assert secret not in metrics
    assert (
        f'sidelight_hook_deliveries_total{{outcome="duplicate",upstream="{KIND}-stripe"}}'
        in metrics
    )


def test_a_new_ticket_warms_its_account_once(tell_intercom, monkeypatch, parts):
    """After what was known is forgotten, and not for a repetition."""
    warmed = []

    def warm(_self: Any, desk: Desk, name: str, ticket: NewTicket) -> None:
        warmed.append((desk.workspace.id, name, ticket.id))

    monkeypatch.setattr(type(parts.warmer), "warm", warm)
    event = {"id": "n-1", "topic": "conversation.user.created", "data": {"item": {"id": "25"}}}
    outcomes = [tell_intercom(event).json["outcome"] for _ in range(2)]
    tell_intercom({**event, "id": "n-2", "topic": "conversation.user.replied"})

    assert outcomes == ["accepted", "duplicate"]
    assert warmed == [("acme", "helpdesk", "25")]


def test_nothing_is_believed_but_that_it_changed(tell, plan):
    """A body may say what it likes: facts are fetched."""
    plan()
    event = _event("1", "cus_a-1")
    event["data"]["object"]["plan"] = "999"
    tell(event)

    assert plan() == "2"
