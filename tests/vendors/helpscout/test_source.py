"""Help Scout: its organizations, its pages, and what check says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError

from plugin.errors import UpstreamBroken, UpstreamNotFound, UpstreamRefused
from plugin.upstream import AccountRef, Mined
from plugin.vendors.helpscout.api import PAGES, conversations
from plugin.vendors.helpscout.source import helpscout_tickets
from tests.families.sources.recordings import NAME, FakeApi, Recording, load

TOKEN = "/v2/oauth2/token"
REPORT = "/v2/reports/happiness/ratings"
LISTED = "/v2/organizations/6101/conversations"
MEANS = {"survey.csat_90d", "survey.csat_prior", "survey.csat_answers"}
PART = {"tickets", "mentions"}


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """Return Help Scout's recorded answers."""
    return load("helpscout_tickets", tmp_path)


def _conversation(recording: Recording, **changes: Any) -> dict[str, Any]:
    return {**recording.files["conversation.json"], **changes}


def _hal(rows: Sequence[Any], **page: Any) -> dict[str, Any]:
    counted = {"size": 25, "totalElements": len(rows), "totalPages": 1, "number": 1}
    return {"_embedded": {"conversations": rows}, "page": {**counted, **page}}


def _read(recording: Recording, **changes: Any) -> Any:
    route = {"get": LISTED, "answer": _hal([_conversation(recording, **changes)])}
    return recording.fetch(recording.api(route))


@pytest.mark.parametrize(
    "ref",
    [
        AccountRef("a-1", "Somebody", domain="larkspur.example"),
        AccountRef("a-1", "Somebody", domains=("unknown.example", "larkspur.example")),
        AccountRef("a-1", "Somebody", emails=("ada@okafor.example",)),
    ],
    ids=["domain", "second domain", "person"],
)
def test_finds_the_organization_of_an_account(recording: Recording, ref: AccountRef) -> None:
    """An account that the CRM knows leads to its organization, and all its conversations."""
    assert recording.fetch(recording.api(), ref).values == recording.fetch(recording.api()).values


def test_several_organizations_are_nobodys(recording: Recording) -> None:
    """Where the people of a domain belong to two organizations that list it, none is picked."""
    ada = recording.files["customer.json"]
    both = [{**ada, "id": 8101 + number, "organizationId": 6101 + number} for number in (0, 1)]
    found = {"_embedded": {"customers": both}, "page": {"totalElements": 2}}
    other = {**recording.files["organization.json"], "id": 6102}
    routes = [
        {"get": "/v2/customers", "answer": found},
        {"get": "/v2/organizations/6102", "answer": other},
    ]
    with pytest.raises(UpstreamNotFound):
        recording.fetch(recording.api(*routes), AccountRef("a-1", "X", domain="larkspur.example"))


@pytest.mark.parametrize("known", ["6102", "../users/me", "x"])
def test_an_unknown_organization_is_not_looked_for_elsewhere(
    recording: Recording, known: str
) -> None:
    """A key that another system keeps for the account is right or wrong, never a hint."""
    ref = replace(recording.account, external_ids={NAME: known}, domain="larkspur.example")
    with pytest.raises(UpstreamNotFound):
        recording.fetch(recording.api(), ref)


def test_people_without_an_organization_are_a_part_of_the_account(recording: Recording) -> None:
    """What they wrote is shown; an address that only contains theirs is not; others may exist."""
    longer = {**_conversation(recording)["primaryCustomer"], "email": "x-ada@larkspur.example"}
    rows = [_conversation(recording), _conversation(recording, id=9500, primaryCustomer=longer)]
    query = '(email:"ada@larkspur.example" OR email:"ben@larkspur.example")'
    asked = {"status": "all", "query": query, "sortField": "createdAt", "sortOrder": "desc"}
    routes: list[dict[str, Any]] = [
        {"get": "/v2/customers", "has": ["ada@"], "answer": "none.json"},
        {"get": "/v2/conversations", "params": asked, "answer": _hal(rows)},
    ]
    ref = AccountRef("a-1", "X", emails=("ada@larkspur.example", "ben@larkspur.example"))
    said = recording.fetch(recording.api(*routes), ref)

    assert [ticket.id for ticket in said.values["tickets"]] == ["9471"]
    assert said.partial == PART
    assert MEANS & set(said.values) == set()


@pytest.mark.parametrize("value", ['a" OR email:"*', "a\\", "a\n"])
def test_untrusted_text_stays_one_phrase(recording: Recording, value: str) -> None:
    """A quote, a backslash or a break in an address cannot end its phrase."""
    asked: list[str] = []

    class Api(FakeApi):
        def get(self, path: str, params: Any = (), headers: Any = None) -> Any:
            asked.append(dict(params).get("query", ""))
            return super().get(path, params, headers)

    api = Api(list(recording.said["routes"]), recording.files)
    ref = AccountRef("a-1", "X", emails=(f"{value}@larkspur.example",))
    helpscout_tickets.fetch(ref, recording.link(api))

    assert len([query for query in asked if query]) == 2
    assert all(query.count('"') == 2 and "\\" not in query for query in asked if query)


def test_a_strangers_conversation_is_left_out_and_said(recording: Recording) -> None:
    """One of somebody else's among our own is not shown, and others of ours may be missing."""
    eve = {"id": 8199, "email": "eve@rival.example"}
    rows = [_conversation(recording), _conversation(recording, id=9999, primaryCustomer=eve)]
    said = recording.fetch(recording.api({"get": LISTED, "answer": _hal(rows)}))

    assert [ticket.id for ticket in said.values["tickets"]] == ["9471"]
    assert said.partial == PART


def test_people_are_asked_for_only_where_their_domain_says_nothing(recording: Recording) -> None:
    """Who writes from the organization's own domain belongs to it."""
    api = recording.api({"get": LISTED, "answer": _hal([_conversation(recording)])})
    recording.fetch(api)

    assert "get /v2/organizations/6101/customers" not in api.calls


def test_pages_end_at_a_bound(recording: Recording) -> None:
    """More than four pages leave the list partial and the means unknown."""
    api = recording.api({"get": LISTED, "answer": _hal([_conversation(recording)], totalPages=9)})
    said = recording.fetch(api)

    assert api.calls.count(f"get {LISTED}") == PAGES
    assert said.partial == PART
    assert {bad.field for bad in said.bad if bad.reason == "incomplete"} == MEANS


@pytest.mark.parametrize("body", [{}, {"page": {}}, {"page": {"totalElements": 3}}, [], None])
def test_a_page_without_its_list_is_broken(recording: Recording, body: Any) -> None:
    """Only a page that counts none of them may lack its conversations."""
    with pytest.raises(UpstreamBroken):
        conversations(recording.link(recording.api({"get": LISTED, "answer": body})), "6101")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": "active"}, "open"),
        ({"status": "open"}, "open"),
        ({"status": "pending"}, "pending"),
        ({"status": "closed"}, "closed"),
        ({"status": "archived"}, None),
        ({"snooze": {"snoozedUntil": "2026-11-22T00:00:00Z"}}, "on_hold"),
        ({"snooze": {"snoozedUntil": "2026-11-20T00:00:00Z"}}, "open"),
        ({"snooze": None}, "open"),
        ({"status": "closed", "snooze": {"snoozedUntil": "2026-11-22T00:00:00Z"}}, "closed"),
    ],
)
def test_says_whose_turn_it_is(
    recording: Recording, changes: dict[str, Any], status: str | None
) -> None:
    """A snoozed conversation waits for a day to come; a word that is unknown is no status."""
    assert _read(recording, **changes).values["tickets"][0].status == status


@pytest.mark.parametrize(
    "changes", [{"status": "spam"}, {"state": "draft"}, {"state": "deleted"}], ids=str
)
def test_what_is_no_conversation_is_left_out(recording: Recording, changes: dict[str, Any]) -> None:
    """Neither spam nor a draft is a ticket, and nothing is missing without them."""
    said = _read(recording, **changes)

    assert said.values["tickets"] == ()
    assert said.partial == frozenset()


@pytest.mark.parametrize(
    ("changes", "texts"),
    [
        ({}, ["The export stops at 10,000 rows. It worked on Monday."]),
        ({"customerWaitingSince": {"latestReplyFrom": "user"}}, []),
        ({"customerWaitingSince": {"latestReplyFrom": "user"}, "threads": 1}, ["The export"]),
        ({"customerWaitingSince": None, "threads": 1, "createdBy": {"type": "user"}}, []),
        ({"preview": None}, []),
        ({"preview": " "}, []),
    ],
)
def test_an_agents_words_are_not_read(
    recording: Recording, changes: dict[str, Any], texts: list[str]
) -> None:
    """The preview is of the latest message: it counts where that is the customer's."""
    read: list[str] = []

    def mine(ticket_id: str, subject: str, said: Sequence[str]) -> Mined:
        del ticket_id, subject
        read.extend(said)
        return Mined()

    route = {"get": LISTED, "answer": _hal([_conversation(recording, **changes)])}
    link = replace(recording.link(recording.api(route)), mine=mine)
    helpscout_tickets.fetch(recording.account, link)

    assert [text[: len(texts[0])] if texts else text for text in read] == texts


# The app and its user.


def test_a_token_is_asked_for_once(recording: Recording) -> None:
    """Every question of a process carries the same token."""
    api = recording.api()
    sources = recording.sources(api)
    sources.gather(recording.account, 1005.0)
    sources.gather(replace(recording.account, id="other"), 1005.0)

    assert api.calls.count(f"post {TOKEN}") == 1


@pytest.mark.parametrize("status", [400, 401])
def test_wrong_credentials_are_refused(recording: Recording, status: int) -> None:
    """Help Scout's word for a wrong secret is a refusal, and check says where to look."""
    wrong = {"post": TOKEN, "status": status, "answer": {"error": "invalid_client"}}
    assert helpscout_tickets.authorise is not None
    with pytest.raises(UpstreamRefused):
        helpscout_tickets.authorise(recording.link(recording.api(wrong)))
    (problem,) = recording.sources(recording.api(wrong)).check(NAME)

    assert "Help Scout refuses app_id and app_secret" in str(problem)


@pytest.mark.parametrize(
    ("route", "said"),
    [
        ({"get": "/v2/users/me", "status": 401, "answer": {}}, "My Apps"),
        ({"get": "/v2/users/me", "answer": {"id": 1, "role": "user"}}, "only the inboxes"),
        ({"get": "/v2/users/me", "status": 429, "answer": {}}, "wants no more calls for now"),
        ({"get": "/v2/organizations", "status": 403, "answer": {}}, "for organizations"),
        ({"get": "/v2/customers", "status": 403, "answer": {}}, "for customers"),
        ({"get": REPORT, "status": 403, "answer": {}}, "set ratings = false"),
        ({"get": REPORT, "status": 500, "answer": {}}, "did not answer for ratings"),
    ],
)
def test_check_says_what_to_do(recording: Recording, route: Any, said: str) -> None:
    """A wrong secret, a user who sees a part, and a plan without ratings are told apart."""
    found = recording.problems(route)

    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize("options", [{"app_id": ""}, {"app_secret": ""}, {"ratings": "perhaps"}])
def test_refuses_bad_options(options: dict[str, Any]) -> None:
    """Whatever could not be an option is found when the settings are read."""
    with pytest.raises(ValidationError):
        helpscout_tickets.options().load({"app_id": "a", "app_secret": "s", **options})
