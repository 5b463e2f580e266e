"""One rule for text, numbers and times at every door: 400 with the field."""

from __future__ import annotations

import json

import pytest

from tests.plugin.web.acts.conftest import EMAIL, RULE
from tests.plugin.web.test_api import _key, client
from tests.plugin.web.test_frames import CLAIMS, token_of

__all__ = ["client"]
UNKEPT = ["\ud800", "a\udfffb", "\0", "x\0"]
TIMES = [
    "0001-01-01T00:00:00+23:59",
    "0001-01-01",
    "9999-12-31T23:59:59-23:59",
    "1969-12-31T23:59:59Z",
    "3000-01-01",
    "2026-02-30",
    "nonsense",
    1e400,
    10**400,
    -1,
    [],
    {},
    True,
]
TOLD = {"account_id": "a", "stage": "acknowledged", "at": "2026-11-20"}


def _refused(answer, field: str) -> None:
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_request")
    assert answer.json["error"]["field"] == field
    assert f"{field}: " in answer.json["error"]["message"]


@pytest.mark.parametrize("at", TIMES)
def test_no_time_that_cannot_be_kept_is_taken(client, services, at):
    """Neither alone nor in a list; the store is there for the next one."""
    entry = {**TOLD, "at": at}
    one = client.post("/api/v1/outcomes", data=json.dumps(entry), headers=_key())
    _refused(one, "at")
    body = json.dumps({"outcomes": [TOLD, entry]})
    _refused(client.post("/api/v1/outcomes", data=body, headers=_key()), "outcomes.1.at")

    assert services.store.database.is_up()
    assert client.post("/api/v1/outcomes", data=json.dumps(TOLD), headers=_key()).status_code == 201


@pytest.mark.parametrize("text", UNKEPT)
@pytest.mark.parametrize("field", ["id", "account_id", "rule", "note"])
def test_no_outcome_with_a_text_that_cannot_be_kept_is_taken(client, field, text):
    """Half a surrogate pair cannot be written, and NUL is kept by no PostgreSQL."""
    body = json.dumps({**TOLD, field: text})
    _refused(client.post("/api/v1/outcomes", data=body, headers=_key()), field)


@pytest.mark.parametrize("field", ["email", "id"])
def test_no_question_names_an_account_that_cannot_be_kept(client, field):
    """In an address NUL is written %00."""
    _refused(client.get(f"/api/v1/accounts?{field}=a%00b", headers=_key()), field)


@pytest.fixture
def press(app, send, signed):
    """Send a page's words with the token of its launch."""
    token = token_of(send(signed("demo-zendesk", email=EMAIL)).text)
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}

    def _press(door: str, words: object):
        where = f"/frames/demo-zendesk/{door}"
        return app.test_client().post(where, data=json.dumps(words), headers=headers)

    return _press


@pytest.mark.parametrize("text", UNKEPT)
@pytest.mark.parametrize("field", ["value", "note", "query", "key"])
@pytest.mark.parametrize("action", ["pin", "feedback", "search", "fold", "snooze"])
def test_no_act_with_a_text_that_cannot_be_kept_is_done(press, action, field, text):
    """The same rule as for everybody else."""
    words = {**CLAIMS, "value": f"{RULE}:7", "query": "north", "key": "k1", field: text}
    _refused(press(f"actions/{action}", words), field)


@pytest.mark.parametrize("text", UNKEPT)
@pytest.mark.parametrize("field", ["ticket.id", "requester.email", "requester.id", "locale"])
def test_no_claim_names_anybody_by_a_text_that_cannot_be_kept(press, field, text):
    """Ids and addresses are whole, or refused."""
    part, _, name = field.partition(".")
    _refused(press("widget", {part: {name: text}} if name else {part: text}), field)


@pytest.mark.parametrize("text", UNKEPT)
def test_what_a_customer_wrote_is_mended_and_shown(press, text):
    """A subject that somebody cut in the middle of an emoji hides no account."""
    words = {"ticket": {"id": "1", "subject": text}, "requester": {"email": EMAIL, "name": text}}
    assert press("widget", words).status_code == 200
