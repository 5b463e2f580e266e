"""Who is let in by the door of the webhooks, and what nobody learns there."""

from __future__ import annotations

import json
import logging

import pytest

from tests.families.hooks.bench import SCHEMES
from tests.plugin.web.hooks.conftest import KIND, RIVAL_SECRET, SECRET, event_of

REFUSED = {
    "error": {"code": "bad_signature", "message": "This request could not be verified."},
}


def test_every_refusal_is_the_same_word_for_word(tell, app):
    """An unknown workspace, connection, missing secret and bad proof cannot be told apart."""
    event = event_of("1", "cus_a-1")
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
    assert tell(event_of("1", "cus_1"), secret="whsec_old").status_code == 200


def test_a_refused_delivery_changes_nothing(tell, plan):
    """And its id is not taken: the right one still counts."""
    plan()
    tell(event_of("1", "cus_a-1"), secret="wrong")
    assert plan() == "1"
    assert tell(event_of("1", "cus_a-1")).json == {"outcome": "accepted"}


def test_a_right_signature_that_is_old_is_told_so(hands, app):
    """Only whoever knows the secret learns it."""
    raw = json.dumps(event_of("1")).encode()
    signed = SCHEMES["stripe"](SECRET, raw, hands.now)
    hands.tick(seconds=301)
    answer = app.test_client().post("/hooks/acme/billing", data=raw, headers=signed)

    assert (answer.status_code, answer.json["error"]["code"]) == (401, "expired_signature")
    assert "send it anew" in answer.json["error"]["message"]


@pytest.mark.parametrize(
    "says",
    [{"content_type": "application/x-www-form-urlencoded"}, {"headers": {"Accept": "text/html"}}],
)
def test_a_refusal_is_json_whatever_the_client_says_by_default(app, says):
    """`curl -d`, as the page shows it, calls its body a form: the answer still names the code."""
    answer = app.test_client().post("/hooks/acme/billing", data=b"{}", **says)

    assert answer.json["error"]["code"] == "bad_signature"


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


def test_a_flood_is_slowed_down_for_one_connection_only(tell, parts, monkeypatch):
    """The vendor tries again later; nobody without the secret can use the places up."""
    monkeypatch.setattr(parts.deliveries, "_most", 2)
    for _ in range(5):
        tell(event_of("0"), secret="wrong")
    outcomes = [tell(event_of(str(number), "cus_1")).status_code for number in range(3)]

    assert outcomes == [200, 200, 429]
    assert tell(event_of("1"), "/hooks/rival/billing", RIVAL_SECRET).status_code == 200


def test_operators_see_one_line_and_a_count_and_no_customer(tell, app, caplog):
    """Names of the settings only."""
    caplog.set_level(logging.INFO, "sidelight")
    event = event_of("1", "cus_a-1")
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


def test_nothing_is_believed_but_that_it_changed(tell, plan):
    """A body may say what it likes: facts are fetched."""
    plan()
    event = event_of("1", "cus_a-1")
    event["data"]["object"]["plan"] = "999"
    tell(event)

    assert plan() == "2"
