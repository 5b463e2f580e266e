"""Front: its aliases and pages, whose conversation it is, whose turn, and what check says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError

from plugin.errors import UpstreamBroken, UpstreamNotFound
from plugin.upstream import AccountRef, TicketKey
from plugin.vendors.front.api import PAGES, account_with_domain, people
from plugin.vendors.front.source import PEOPLE_MOST, front_tickets
from plugin.vendors.front.tickets import moment
from tests.families.sources.recordings import NAME, FakeApi, Recording, load

ADA = "/contacts/crd_a81/conversations"
MEMBERS = "/accounts/acc_61/contacts"
PART = {"tickets", "mentions"}


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """Return Front's recorded answers."""
    return load("front_tickets", tmp_path)


def _conversation(recording: Recording, **changes: Any) -> dict[str, Any]:
    return {**recording.files["conversation.json"], **changes}


def _listed(rows: Sequence[Any], token: str | None = None) -> dict[str, Any]:
    link = f"https://x.api.frontapp.com/y?page_token={token}" if token else None
    return {"_pagination": {"next": link}, "_results": list(rows)}


def _only(recording: Recording, rows: Sequence[Any]) -> FakeApi:
    """Return an account of one person who takes part in `rows`."""
    one = _listed([recording.files["contact.json"]])
    routes = [{"get": MEMBERS, "answer": one}, {"get": ADA, "answer": _listed(rows)}]
    return recording.api(*routes)


def _read(recording: Recording, **changes: Any) -> Any:
    return recording.fetch(_only(recording, [_conversation(recording, **changes)]))


@pytest.mark.parametrize(
    "ref",
    [
        AccountRef("51200417", "Somebody"),
        AccountRef("a-1", "Somebody", domain="Larkspur.example"),
        AccountRef("a-1", "Somebody", domains=("unknown.example", "larkspur.example")),
    ],
    ids=["external id", "domain", "second domain"],
)
def test_finds_the_account(recording: Recording, ref: AccountRef) -> None:
    """An account that the CRM knows leads to Front's, and to what its people wrote."""
    assert recording.fetch(recording.api(), ref).values == recording.fetch(recording.api()).values


@pytest.mark.parametrize("known", ["acc_62", "../me", "crd_a81"])
def test_an_unknown_account_is_not_looked_for_elsewhere(recording: Recording, known: str) -> None:
    """A key that another system keeps for the account is right or wrong, never a hint."""
    ref = replace(recording.account, external_ids={NAME: known}, domain="larkspur.example")
    with pytest.raises(UpstreamNotFound):
        recording.fetch(recording.api(), ref)


@pytest.mark.parametrize(
    ("value", "asked"),
    [
        ("a/../b?c#d", "/accounts/alt:domain:a%2F..%2Fb%3Fc%23d"),
        ("a b", "/accounts/alt:domain:a%20b"),
        ("a:b%", "/accounts/alt:domain:a%3Ab%25"),
    ],
)
def test_untrusted_text_stays_one_part_of_the_path(
    recording: Recording, value: str, asked: str
) -> None:
    """A domain comes from elsewhere: it never becomes another path or a query."""
    api = recording.api()

    assert account_with_domain(recording.link(api), value) == []
    assert api.calls == [f"get {asked}"]


def test_a_name_that_front_does_not_take_finds_nobody(recording: Recording) -> None:
    """What cannot be an alias is a 400, and no failing upstream."""
    route = {"get": "/accounts/alt:domain:x", "status": 400, "answer": {"_error": {}}}

    assert account_with_domain(recording.link(recording.api(route)), "x") == []


def test_an_alias_that_names_another_account_is_not_believed(recording: Recording) -> None:
    """Front's answer must list the domain that was asked about."""
    route = {"get": "/accounts/alt:domain:x.example", "answer": "account.json"}

    assert account_with_domain(recording.link(recording.api(route)), "x.example") == []


def test_people_without_an_account_are_a_part_of_it(recording: Recording) -> None:
    """What they wrote is shown, and others may have written, too."""
    ref = AccountRef("a-1", "Nobody", emails=("ada@okafor.example", "new@okafor.example"))
    said = recording.fetch(recording.api(), ref)

    assert [ticket.id for ticket in said.values["tickets"]] == ["cnv_471", "cnv_440", "cnv_430"]
    assert said.partial == PART


def test_nobody_known_is_not_found(recording: Recording) -> None:
    """Without an account and without people nothing can be asked."""
    with pytest.raises(UpstreamNotFound):
        recording.fetch(recording.api(), AccountRef("a-1", "Nobody"))


def test_another_persons_conversation_is_left_out_and_said(recording: Recording) -> None:
    """In a conversation of somebody else one of ours may be in copy: it is not theirs."""
    related = {"related": {"contact": "https://x.api.frontapp.com/contacts/crd_e99"}}
    eve = {"_links": related, "name": "Eve", "handle": "eve@rival.example", "role": "from"}
    rows = [_conversation(recording), _conversation(recording, id="cnv_999", recipient=eve)]
    said = recording.fetch(_only(recording, rows))

    assert [ticket.id for ticket in said.values["tickets"]] == ["cnv_471"]
    assert said.partial == PART
    with pytest.raises(UpstreamBroken):
        recording.fetch(_only(recording, rows[1:]))


def test_a_colleague_who_is_no_contact_yet_writes_from_the_domain(recording: Recording) -> None:
    """The account's own domains tell whose conversation it is."""
    new = {"name": None, "handle": "new@Larkspur.test", "role": "from"}

    assert len(_read(recording, recipient=new).values["tickets"]) == 1


def test_more_people_than_are_asked_leave_a_part(recording: Recording) -> None:
    """Only the contacts that changed last are asked about."""
    many = [{**recording.files["contact.json"], "id": f"crd_{n}"} for n in range(PEOPLE_MOST + 1)]
    routes: list[dict[str, Any]] = [{"get": MEMBERS, "answer": _listed(many)}]
    routes += [
        {"get": f"/contacts/{one['id']}/conversations", "answer": _listed([])} for one in many
    ]
    api = recording.api(*routes)
    said = recording.fetch(api)

    assert sum(call.endswith("/conversations") for call in api.calls) == PEOPLE_MOST
    assert said.partial == PART


@pytest.mark.parametrize("token", ["again", "%00", ""])
def test_pages_end_at_a_bound(recording: Recording, token: str) -> None:
    """Pages without an end leave the list partial, and no host but ours is asked."""
    page = _listed([_conversation(recording)])
    page["_pagination"]["next"] = f"https://elsewhere.example/x?page_token={token}"
    api = recording.api({"get": ADA, "answer": page})
    said = recording.fetch(api)

    assert api.calls.count(f"get {ADA}") == (PAGES if token else 1)
    assert said.partial == PART
    assert not [call for call in api.calls if "elsewhere" in call]


def test_an_empty_page_may_not_be_the_last(recording: Recording) -> None:
    """Front says to follow the link, however few records a page has."""
    api = recording.api(
        {"get": ADA, "answer": _listed([], "tok2")},
        {"get": ADA, "params": {"page_token": "tok2"}, "answer": "conversations_ada_2.json"},
    )

    assert "cnv_430" in {ticket.id for ticket in recording.fetch(api).values["tickets"]}


def test_all_pages_of_people_are_said_to_be_read_or_not(recording: Recording) -> None:
    """One page of contacts is read; a second one is a part that is missing."""
    route = {"get": MEMBERS, "answer": _listed([recording.files["contact.json"]], "tok9")}
    rows, is_cut = people(recording.link(recording.api(route)), "acc_61")

    assert (len(rows), is_cut) == (1, True)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": "unassigned"}, "open"),
        ({"status": "assigned"}, "open"),
        ({"status": "assigned", "waiting_since": None}, "pending"),
        ({"status": "archived", "waiting_since": None}, "closed"),
        ({"status": "snoozed"}, "on_hold"),
        ({"status_category": "open", "waiting_since": None}, "open"),
        ({"status_category": "waiting"}, "pending"),
        ({"status_category": "resolved", "status": "archived"}, "solved"),
        ({"scheduled_reminders": [{"scheduled_at": 1796112000.5}]}, "on_hold"),
        ({"scheduled_reminders": [{"scheduled_at": 1790000000}]}, "open"),
        ({"scheduled_reminders": [{"scheduled_at": "soon"}, None]}, "open"),
        ({"scheduled_reminders": [{"scheduled_at": 1796112000}], "status": "archived"}, "closed"),
    ],
)
def test_says_whose_turn_it_is(
    recording: Recording, changes: dict[str, Any], status: str | None
) -> None:
    """A ticket's own status counts first; a reminder and an answer only while it is open."""
    assert _read(recording, **changes).values["tickets"][0].status == status


@pytest.mark.parametrize(
    "changes",
    [{"status": "deleted"}, {"status": "trashed"}, {"status": "spam"}, {"is_private": True}],
    ids=str,
)
def test_what_is_no_ticket_is_left_out(recording: Recording, changes: dict[str, Any]) -> None:
    """Neither the bin nor a teammate's own inbox: nothing is missing without them."""
    said = _read(recording, **changes)

    assert said.values["tickets"] == ()
    assert said.partial == frozenset()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (1795166999.987, 1795166999),
        (Decimal("1795166999.987"), 1795166999),
        (1795166999, 1795166999),
        ("soon", "soon"),
        (None, None),
        (True, True),
    ],
)
def test_thousandths_of_a_second_are_cut(said: Any, meant: Any) -> None:
    """Front's times are seconds with a fraction."""
    assert moment(said) == meant


@pytest.mark.parametrize("said", [Decimal("1e999999"), Decimal("NaN"), float("inf"), 1e300])
def test_an_absurd_time_stays_unread(recording: Recording, said: Any) -> None:
    """No number makes the adapter fail, or work for long: the time is a gap."""
    facts = _read(recording, created_at=said)

    assert facts.values["tickets"][0].created_at is None
    assert [bad.field for bad in facts.bad] == ["tickets[].created_at"]


def test_a_phone_call_has_no_address(recording: Recording) -> None:
    """A number is no e-mail; the contact tells whose it is."""
    recipient = {**recording.files["conversation.json"]["recipient"], "handle": "+4930123456"}
    (ticket,) = _read(recording, recipient=recipient).values["tickets"]

    assert (ticket.requester_email, ticket.participants) == (None, None)


def test_nobody_writes_in_a_discussion(recording: Recording) -> None:
    """Teammates among themselves have no recipient."""
    row = _conversation(recording, recipient=None)
    link = recording.link(recording.api({"get": "/conversations/cnv_471", "answer": row}))
    assert front_tickets.whose is not None

    assert front_tickets.whose(TicketKey("cnv_471"), link) is None


@pytest.mark.parametrize(
    ("route", "said"),
    [
        ({"get": "/accounts", "status": 401, "answer": {}}, "token: Front refuses it (create one"),
        ({"get": "/accounts", "status": 403, "answer": {}}, "give it the scope accounts:read"),
        ({"get": "/contacts", "status": 403, "answer": {}}, "give it the scope contacts:read"),
        ({"get": "/conversations", "status": 403, "answer": {}}, "conversations:read"),
        ({"get": "/conversations", "status": 500, "answer": {}}, "Front did not answer"),
        ({"get": "/contacts", "status": 429, "answer": {}}, "Front wants no more calls for now"),
    ],
)
def test_check_says_what_to_do(recording: Recording, route: Any, said: str) -> None:
    """A wrong token and a missing scope are told apart."""
    (found,) = recording.problems(route)

    assert said in found


@pytest.mark.parametrize("options", [{}, {"token": ""}, {"token": "t", "ratings": True}])
def test_refuses_bad_options(options: dict[str, Any]) -> None:
    """Whatever could not be an option is found when the settings are read."""
    with pytest.raises(ValidationError):
        front_tickets.options().load(options)
