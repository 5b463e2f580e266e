"""The cards for HubSpot and Jira, run in Node with their hosts' libraries stubbed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from plugin.frame import SignedRequest
from plugin.incoming.claimed import claimed_requester, claimed_ticket
from plugin.vendors.hubspot.helpdesk import hubspot
from tests.families.helpdesks.bench import NOW, bench
from tests.get_client_sdks import HINT, find
from tests.manifest.broken import good
from tests.manifest.front_ends.node import run

VIEWS = sorted((Path(__file__).parents[2] / "data/widgets/json_view").glob("*.json"))
NORTHWIND = next(path for path in VIEWS if path.stem == "northwind_csm")
CONTACT = {
    "toObjectId": 501,
    "properties": {"email": "jane@acme.test", "firstname": "Jane", "lastname": None},
}
HUBSPOT = {
    "context": {"crm": {"objectId": 25, "objectTypeId": "0-5"}, "user": {"locale": "de"}},
    "ticket": {"isLoading": False, "properties": {"subject": "Export fails"}},
    "contacts": {"isLoading": False, "results": [CONTACT]},
}
JIRA = {
    "context": {"extension": {"issue": {"key": "SUP-7"}}},
    "fields": {
        "summary": "Export fails",
        "reporter": {"displayName": "Jane", "emailAddress": "jane@acme.test"},
    },
}
FILES = {"hubspot": "src/app/cards/SidelightCard.jsx", "jira": "src/index.jsx"}
HOSTS: dict[str, dict[str, Any]] = {"hubspot": HUBSPOT, "jira": JIRA}
Show = Callable[..., dict[str, Any]]


@pytest.fixture
def show(tmp_path: Path) -> Show:
    """Return what runs a card: its questions, what it first drew, and what at last."""

    def show_(helpdesk: str, body: Any = None, host: Any = None, **answer: Any) -> dict[str, Any]:
        file = tmp_path / "card.js"
        file.write_bytes(good(helpdesk).files[FILES[helpdesk]])
        body = body if body is not None else json.loads(NORTHWIND.read_bytes())
        words = (str(file), FILES[helpdesk])
        said: dict[str, Any] = run(
            "render_card.js",
            *words,
            host=host or HOSTS[helpdesk],
            answer={"status": 200, "body": body, **answer},
        )
        return said

    return show_


def _texts(nodes: list[Any]) -> Iterator[str]:
    """Yield every text that is drawn, also those that stand in properties."""
    for node in nodes:
        if isinstance(node, str):
            yield node
        else:
            yield from (node["props"].get(name, "") for name in ("title", "label", "text"))
            yield from _texts(node["children"])


def _all(nodes: list[Any], name: str) -> Iterator[dict[str, Any]]:
    for node in nodes:
        if isinstance(node, dict):
            if node["name"] == name:
                yield node
            yield from _all(node["children"], name)


def _wanted(value: Any) -> Iterator[str]:
    """Yield the texts of a view that no card may leave out."""
    yield value["header"]["title"]
    yield value["header"]["banner"]
    for section in value["sections"]:
        yield section["title"]
        for part in section["components"]:
            yield from (part.get(name, "") for name in ("headline", "word", "play", "value"))
            yield part.get("text", "")
    yield from (gap["text"] for gap in value["gaps"])


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.stem)
@pytest.mark.parametrize("helpdesk", list(FILES))
def test_all_of_a_view_is_drawn(show: Show, helpdesk: str, path: Path) -> None:
    """Whatever Sidelight answers, its words are there: severity as a word, not as a colour only."""
    view = json.loads(path.read_bytes())
    drawn = "\n".join(_texts(show(helpdesk, view)["drawn"]))
    assert [text for text in _wanted(view) if text and text not in drawn] == []


def test_hubspot_is_asked_as_the_adapter_reads_it(show: Show) -> None:
    """The body of the card's question is what our adapter takes ticket and requester from."""
    (asked,) = show("hubspot")["asked"]
    made = bench("hubspot")
    body = json.dumps(asked["body"]).encode()
    request = SignedRequest(asked["method"], asked["url"], {}, b"", body, NOW)
    read = hubspot.parse(request, made.helpdesk.verify(made.signed(), made.install), made.install)

    assert asked["url"] == "https://ctx.acme.test/frames/acme"
    assert read.ticket is not None
    assert (read.ticket.id, read.ticket.subject) == ("25", "Export fails")
    assert read.requester is not None
    assert (read.requester.email, read.requester.name) == ("jane@acme.test", "Jane")
    assert (read.requester.external_id, read.locale) == ("501", "de")


def test_jira_is_asked_as_the_adapter_reads_it(show: Show) -> None:
    """The panel asks Jira for the reporter, and tells ours issue, subject and requester."""
    first, second = show("jira")["asked"]
    ticket, requester = claimed_ticket(second["body"]), claimed_requester(second["body"])

    assert first["path"].startswith("/rest/api/3/issue/SUP-7?")
    assert (second["path"], second["method"]) == ("/frames/acme", "POST")
    assert ticket is not None
    assert (ticket.id, ticket.subject) == ("SUP-7", "Export fails")
    assert requester is not None
    assert requester.email == "jane@acme.test"


def test_a_ticket_without_a_contact_is_asked_all_the_same(show: Show) -> None:
    """Nobody is associated: the question names the ticket alone."""
    alone = {**HUBSPOT, "contacts": {"isLoading": False, "results": []}}
    (asked,) = show("hubspot", host=alone)["asked"]
    assert asked["body"]["requester"] == {}


def test_a_hidden_issue_is_asked_all_the_same(show: Show) -> None:
    """Where Jira does not tell the reporter, the question names the issue alone."""
    _, second = show("jira", host={**JIRA, "fields": None})["asked"]
    assert second["body"]["ticket"] == {"id": "SUP-7", "subject": ""}


def test_nothing_is_asked_before_hubspot_has_told_the_ticket(show: Show) -> None:
    """While properties or contacts are loading there is a spinner and no question."""
    for name in ("ticket", "contacts"):
        said = show("hubspot", host={**HUBSPOT, name: {"isLoading": True}})
        assert said["asked"] == []
        assert [node["name"] for node in said["drawn"]] == ["LoadingSpinner"]


@pytest.mark.parametrize("helpdesk", list(FILES))
@pytest.mark.parametrize("answer", [{"status": 401}, {"status": 500}, {"lost": True}])
def test_a_refusal_is_a_calm_sentence(show: Show, helpdesk: str, answer: dict[str, Any]) -> None:
    """Without an answer the card says that the ticket is not affected."""
    drawn = "\n".join(_texts(show(helpdesk, **answer)["drawn"]))
    assert "The account cannot be shown now" in drawn
    assert "is not affected" in drawn


@pytest.mark.parametrize("helpdesk", list(FILES))
def test_a_spinner_comes_first(show: Show, helpdesk: str) -> None:
    """Before the answer is there, something moves."""
    (first,) = show(helpdesk)["first"]
    assert first["name"] in ("LoadingSpinner", "Spinner")


def test_severity_is_also_a_colour(show: Show) -> None:
    """Risk and growth take the host's own colours."""
    tags = list(_all(show("hubspot")["drawn"], "StatusTag"))
    assert {"danger", "warning"} <= {tag["props"]["variant"] for tag in tags}


def test_links_are_https(show: Show) -> None:
    """Only what the view says is a link becomes one."""
    links = list(_all(show("hubspot")["drawn"], "Link"))
    assert links
    assert all(link["props"]["href"].startswith("https://") for link in links)


@pytest.fixture(scope="module", params=["forge-bridge-4", "@forge/bridge"])
def bridge(request: pytest.FixtureRequest) -> str:
    """Return where Atlassian's own bridge is, in each version; without it, skip, in CI fail."""
    found = find()
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(HINT)
    return str(found / request.param)


def test_the_bridge_itself_brings_the_account(show: Show, bridge: str) -> None:
    """Through Atlassian's own package the panel asks for the issue, then shows the account."""
    said = show("jira", host={**JIRA, "bridge": bridge})

    assert "Northwind Analytics" in "\n".join(_texts(said["drawn"]))
    assert said["asked"][1]["body"]["requester"]["email"] == "jane@acme.test"


REFUSED: list[dict[str, Any]] = [
    {"status": 401, "body": {"error": "bad_signature"}},
    {"status": 403, "told": True},
    {"status": 500, "body": "<html>"},
    {"status": 200, "body": {"unlike": "a view"}},
    {"lost": True},
    {"nothing": True},
]


@pytest.mark.parametrize("answer", REFUSED, ids=json.dumps)
def test_a_call_that_the_bridge_refuses_is_calm(
    show: Show, bridge: str, answer: dict[str, Any]
) -> None:
    """Atlassian's package resolves with the error; the panel still says a sentence."""
    drawn = "\n".join(_texts(show("jira", host={**JIRA, "bridge": bridge}, **answer)["drawn"]))

    assert "The account cannot be shown now" in drawn


def test_a_jira_that_does_not_answer_costs_the_reporter_alone(show: Show, bridge: str) -> None:
    """Where asking for the issue throws, the account is asked for by the issue's key."""
    said = show("jira", host={**JIRA, "bridge": bridge, "silent": True})

    assert "Northwind Analytics" in "\n".join(_texts(said["drawn"]))
