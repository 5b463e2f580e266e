"""Zendesk: whose tickets are asked for, what untrusted text cannot do, and what check says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError

from plugin.errors import UpstreamNotFound
from plugin.sources.ticketing.matching import quoted
from plugin.upstream import AccountRef, TicketKey
from plugin.vendors.zendesk.source import zendesk_tickets
from tests.families.sources.recordings import NAME, FakeApi, Recording, load

SEARCH = "/api/v2/search.json"


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """Return Zendesk's recorded answers."""
    return load("zendesk_tickets", tmp_path)


def _search(query: str, answer: Any, **params: str) -> dict[str, Any]:
    return {"get": SEARCH, "params": {"query": query, **params}, "answer": answer}


@pytest.mark.parametrize(
    "ref",
    [
        AccountRef("crm-51200417", "Somebody"),
        AccountRef("a-1", "Somebody", domain="larkspur.example"),
        AccountRef("a-1", "Somebody", emails=("ada@larkspur.example",)),
    ],
    ids=["external id", "domain", "person"],
)
def test_finds_the_organization_of_an_account(recording: Recording, ref: AccountRef) -> None:
    """An account that the CRM knows leads to its organization, and all its tickets."""
    said = recording.fetch(recording.api(), ref)

    assert said.values == recording.fetch(recording.api()).values


@pytest.mark.parametrize(
    ("domains", "found"),
    [(("larkspur.example",), True), ((), True), (("larkspur.test",), False)],
)
def test_a_name_alone_needs_domains_that_agree(
    recording: Recording,
    domains: tuple[str, ...],
    found: bool,  # noqa: FBT001 — a case of the table
) -> None:
    """Two customers may bear one name: an organization with other domains is not theirs."""
    none = _search('type:organization "larkspur.example"', {"results": []})
    named = _search('type:organization name:"Larkspur Tools"', "organizations.json")
    ref = AccountRef("a-1", "larkspur tools", domains=domains)
    api = recording.api(
        none, {**named, "params": {"query": 'type:organization name:"larkspur tools"'}}
    )
    if found:
        assert recording.fetch(api, ref).values["tickets"]
    else:
        with pytest.raises(UpstreamNotFound):
            recording.fetch(api, ref)


def test_people_without_an_organization_are_a_part_of_the_account(recording: Recording) -> None:
    """Their tickets are shown, others may exist, and those of strangers are left out."""
    query = 'type:ticket requester:"ada@larkspur.example" requester:"eve@larkspur.example"'
    ref = AccountRef("a-1", "Tools", emails=("ada@larkspur.example", "eve@larkspur.example"))
    routes = [
        _search(query, "search.json"),
        _search(query, {"results": []}, page="2"),
        {"get": "/api/v2/users/search.json", "answer": {"users": []}},
    ]
    said = recording.fetch(recording.api(*routes), ref)

    assert {ticket.requester_email for ticket in said.values["tickets"]} == {"Ada@larkspur.example"}
    assert said.partial == {"tickets", "mentions"}
    assert {bad.reason for bad in said.bad} == {"incomplete"}


def test_older_pages_are_left_unread_and_said(recording: Recording) -> None:
    """Two pages of a search are read; a third makes the list partial."""
    body = {**recording.files["search_2.json"], "next_page": "https://elsewhere.example/?page=3"}
    api = recording.api(files={**recording.files, "search_2.json": body})
    said = recording.fetch(api)

    assert said.partial == {"tickets", "mentions"}
    assert len([call for call in api.calls if "search.json" in call]) == 2
    assert not [call for call in api.calls if "elsewhere" in call]


@pytest.mark.parametrize(
    "value", ['a"b', 'a" OR type:ticket "', "a\\", 'x" organization:1 requester:"y', "a\nb"]
)
def test_a_value_stays_one_phrase_of_the_search(value: str) -> None:
    """Nothing that a customer writes becomes a word of Zendesk's search language."""
    phrase = quoted(value)

    assert phrase[0] == phrase[-1] == '"'
    assert not set('"\\\n') & set(phrase[1:-1])


def test_an_agents_words_are_not_the_customers(recording: Recording) -> None:
    """Where an agent opened the ticket, its first comment is not mined."""
    texts: dict[str, list[str]] = {}

    def mine(ticket_id: str, subject: str, said: Any) -> Any:
        texts[ticket_id] = list(said)
        return link.mine(ticket_id, subject, said)

    link = recording.link(recording.api())
    asked = type(link)(link.workspace, NAME, link.options, link.client, link.now, mine=mine)
    zendesk_tickets.fetch(recording.account, asked)

    assert texts["900101"] == ["The export of our report stops."]
    assert texts["900088"] == []


@pytest.mark.parametrize(
    ("user", "said"),
    [
        ({"id": None, "name": "Anonymous user", "role": "end-user"}, "Zendesk does not know it"),
        ({"id": 1, "role": "end-user"}, "belongs to no agent"),
        ({"id": 1, "role": "agent", "ticket_restriction": "groups"}, "sees only some tickets"),
    ],
)
def test_check_names_what_a_token_cannot_see(
    recording: Recording, user: dict[str, Any], said: str
) -> None:
    """A part of the tickets must never look like all of them."""
    me = {"get": "/api/v2/users/me.json", "answer": {"user": user}}

    assert said in " ".join(recording.problems(me))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "upstreams.source.token: Zendesk refuses it"),
        (429, "Zendesk wants no more calls for now (run it again in a minute)"),
        (500, "Zendesk did not answer: answered 500 (see status.zendesk.com)"),
        (404, "upstreams.source.subdomain: there is no Zendesk at larkspur-help.zendesk.com"),
    ],
)
def test_check_says_what_to_do(recording: Recording, status: int, said: str) -> None:
    """A wrong token and a wrong subdomain are told apart."""
    me = {"get": "/api/v2/users/me.json", "status": status, "answer": {}}

    assert said in " ".join(recording.problems(me))


def test_a_writer_who_did_not_come_along_is_asked_for(recording: Recording) -> None:
    """Where a ticket comes without its users, the user is asked for, or nobody is named."""
    assert zendesk_tickets.whose is not None
    bare = {**recording.files["ticket.json"], "users": []}
    route = {"get": "/api/v2/tickets/900101.json", "answer": bare}
    gone = {"get": "/api/v2/users/7701.json", "status": 404, "answer": {}}
    said = zendesk_tickets.whose(TicketKey("900101"), recording.link(recording.api(route)))

    assert said is not None
    assert (said.email, said.organization_id) == ("Ada@larkspur.example", "36049")
    api = recording.api(route, gone)
    assert zendesk_tickets.whose(TicketKey("900101"), recording.link(api)) is None


def test_check_names_the_setting_that_is_wrong(recording: Recording) -> None:
    """With an OAuth token there is no `token` to look at."""
    options = zendesk_tickets.options().load({"subdomain": "acme", "oauth_token": "o"})
    changed = Recording(recording.upstream, recording.said, recording.files, options)
    (found,) = changed.problems({"get": "/api/v2/users/me.json", "status": 401, "answer": {}})

    assert found.startswith("upstreams.source.oauth_token: Zendesk refuses it")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"email": "a@b.example"},
        {"token": "t"},
        {"email": "a@b.example", "token": "t", "oauth_token": "o"},
        {"oauth_token": ""},
        {"oauth_token": "o", "subdomain": "acme.zendesk.com"},
        {"oauth_token": "o", "subdomain": "acme/x"},
        {"oauth_token": "o", "subdomain": "acme\n"},
        {"oauth_token": "o", "kinds": {"problem": "trouble"}},
    ],
)
def test_refuses_bad_options(options: dict[str, Any]) -> None:
    """Whatever could not be an option is found when the settings are read."""
    with pytest.raises(ValidationError):
        zendesk_tickets.options().load({"subdomain": "acme", **options})


def test_signs_in_as_zendesk_documents() -> None:
    """An API token is a user name that ends with /token; an OAuth token is a bearer."""
    basic = zendesk_tickets.headers({"email": "a@b.example", "token": "t"})
    bearer = zendesk_tickets.headers({"oauth_token": "o"})

    assert basic == {"Authorization": "Basic YUBiLmV4YW1wbGUvdG9rZW46dA=="}
    assert bearer == {"Authorization": "Bearer o"}


def test_an_unknown_account_is_not_found(recording: Recording) -> None:
    """An account that nothing leads to has no tickets that could be shown."""
    with pytest.raises(UpstreamNotFound):
        recording.fetch(FakeApi(recording.said["routes"][:2], {}), AccountRef("x", "Nobody"))
