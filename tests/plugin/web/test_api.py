"""The read API and the outcome ledger: by a workspace's key, as its role may see it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from plugin.settings.records import ApiKey
from plugin.store import audit, outcomes
from plugin.web.limits import RequestLimit

EMAIL = "billing.admin@northwind.example"
KEYS = (ApiKey("reports", "k" * 24, "csm"), ApiKey("widget", "w" * 24, "agent"))


@pytest.fixture
def client(app, services):
    """The service with two keys for its workspace."""
    runtime = services.runtimes["demo"]
    with_keys = replace(runtime, workspace=replace(runtime.workspace, api_keys=KEYS))
    app.extensions["sidelight"] = replace(services, runtimes={"demo": with_keys})
    yield app.test_client()
    app.extensions["sidelight"] = services


def _key(letter: str = "k") -> dict[str, str]:
    return {"Authorization": f"Bearer {letter * 24}"}


def test_a_key_reads_the_record_as_its_role_may_see_it(client):
    """The same account, redacted by role."""
    asked = f"/api/v1/accounts?email={EMAIL}"
    csm, agent = (client.get(asked, headers=_key(letter)).json for letter in "kw")

    assert csm["context"]["contract"]["arr"]["amount"] == "30000.00"
    assert "arr" not in agent["context"]["contract"]
    assert {"field": "contract.arr", "roles": ["csm", "ae"]} in agent["withheld"]


def test_an_account_can_be_asked_for_by_its_id(client):
    """As other systems know it."""
    asked = client.get(f"/api/v1/accounts?email={EMAIL}", headers=_key()).json
    account_id = asked["match"]["account_id"]
    again = client.get(f"/api/v1/accounts?id={account_id}", headers=_key()).json

    assert again["match"]["name"] == "Northwind Analytics"


@pytest.mark.parametrize("headers", [{}, _key("x"), {"Authorization": "Basic a2s6"}])
def test_without_a_key_nothing_is_learned(client, headers):
    """Word for word the same refusal."""
    answer = client.get(f"/api/v1/accounts?email={EMAIL}", headers=headers)

    assert (answer.status_code, answer.json["error"]["code"]) == (401, "bad_signature")


def test_a_question_without_an_account_is_a_bad_request(client):
    """Name one."""
    assert client.get("/api/v1/accounts", headers=_key()).status_code == 400


def test_outcomes_are_added_once(client, services):
    """Telling them again changes nothing."""
    told = {"account_id": "acct-1", "stage": "outcome", "outcome": "renewed"}
    told["at"] = "2026-11-20T00:00:00+00:00"
    answers = [
        client.post("/api/v1/outcomes", data=json.dumps({"outcomes": [told]}), headers=_key()).json
        for _ in range(2)
    ]

    assert answers == [{"added": 1, "known": 0}, {"added": 0, "known": 1}]
    with services.store.database.read() as connection:
        kept = [one for one in outcomes.entries(connection, "demo") if one.account_id == "acct-1"]
    assert [(one.outcome, one.told_by, one.source) for one in kept] == [
        ("renewed", "api:reports", "api")
    ]


@pytest.mark.parametrize(
    "told",
    [
        {"stage": "shown"},
        {"account_id": "a", "stage": "won"},
        {"account_id": "a", "stage": "outcome"},
        {"account_id": "a", "stage": "shown", "outcome": "renewed"},
        {"account_id": "a", "stage": "shown", "more": 1},
        {"outcomes": ["x"]},
    ],
)
def test_an_outcome_that_cannot_be_read_is_a_bad_request(client, told):
    """None of the list is added."""
    answer = client.post("/api/v1/outcomes", data=json.dumps(told), headers=_key())

    assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_request")


def test_the_pages_own_examples_work(client):
    """What docs/api.md sends is what the service takes."""
    page = (Path(__file__).parents[3] / "docs" / "api.md").read_text()
    query = re.search(r"/api/v1/accounts\?\S+?(?=\")", page)
    body = re.search(r"-d '(\{.*\})'", page)
    assert query is not None
    assert body is not None

    assert client.get(query[0], headers=_key()).json["match"]["status"] == "matched"
    assert client.post("/api/v1/outcomes", data=body[1], headers=_key()).status_code == 201


@pytest.mark.parametrize("scope", ["read", "outcomes", "packages"])
def test_a_key_opens_the_doors_of_its_scopes_and_no_other(app, services, client, scope):
    """403 for the others, in the audit of its workspace."""
    runtime = app.extensions["sidelight"].runtimes["demo"]
    key = ApiKey("narrow", "n" * 32, "csm", frozenset({scope}))
    narrow = replace(runtime, workspace=replace(runtime.workspace, api_keys=(key,)))
    app.extensions["sidelight"] = replace(services, runtimes={"demo": narrow})
    told = {"account_id": "northwind", "stage": "outcome", "outcome": "renewed"}
    headers = {"Authorization": f"Bearer {'n' * 32}"}
    answers = {
        "read": client.get(f"/api/v1/accounts?email={EMAIL}", headers=headers),
        "outcomes": client.post("/api/v1/outcomes", json=told, headers=headers),
        "packages": client.get("/api/v1/installs/demo-zendesk/package", headers=headers),
    }

    passed = {name for name, answer in answers.items() if answer.status_code < 300}
    assert passed == {scope}
    assert {answer.status_code for name, answer in answers.items() if name != scope} == {403}


def test_what_a_key_read_or_fetched_is_in_the_audit(client, services):
    """Once an hour for each account; the account by its pseudonym."""
    for _ in range(2):
        client.get(f"/api/v1/accounts?email={EMAIL}", headers=_key("w"))
    client.get("/api/v1/installs/demo-zendesk/package", headers=_key("w"))
    services.store.writer.flush()
    with services.store.database.read() as connection:
        found = [one.event for one in audit.entries(connection, "demo")]

    mine = [(one.action, one.target) for one in found if one.actor == "api:widget"]
    reads = [target for action, target in mine if action == "account_read"]
    assert len(reads) == 1
    assert reads[0].startswith("account:")
    assert "northwind" not in reads[0]
    assert mine.count(("package_downloaded", "demo-zendesk")) == 1


def test_a_key_is_not_found_by_guessing_its_rest(app, services, client):
    """After as many wrong ones as are admitted, not even the right one is told."""
    limited = replace(
        app.extensions["sidelight"], actions=RequestLimit(services.clock.monotonic, 3, 60.0)
    )
    app.extensions["sidelight"] = limited
    asked = f"/api/v1/accounts?email={EMAIL}"
    guesses = ["k" * 23 + letter for letter in "abc"] + ["k" * 24]
    told = [
        client.get(asked, headers={"Authorization": f"Bearer {guess}"}).status_code
        for guess in guesses
    ]
    elsewhere = client.get(asked, headers=_key(), environ_overrides={"REMOTE_ADDR": "192.0.2.1"})

    assert (told, elsewhere.status_code) == ([401] * 3 + [429], 200)


def test_wrong_keys_are_slowed_and_the_right_one_is_not(app, services, client):
    """Whoever guesses from behind the same proxy shuts nobody out."""
    few = RequestLimit(services.clock.monotonic, 3, 60.0)
    app.extensions["sidelight"] = replace(app.extensions["sidelight"], actions=few)
    asked = f"/api/v1/accounts?email={EMAIL}"

    assert [client.get(asked, headers=_key("x")).status_code for _ in range(4)] == [401] * 3 + [429]
    assert client.get(asked, headers=_key()).status_code == 200
