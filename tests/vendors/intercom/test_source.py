"""Intercom: whose conversations are searched for, whose turn it is, and what check says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError

from plugin.upstream import AccountRef, Mined
from plugin.vendors.intercom.api import GROUP, taken_part
from plugin.vendors.intercom.source import intercom_tickets
from tests.families.sources.recordings import FakeApi, Recording, load

CONVERSATIONS = "/conversations/search"
COMPANY = "66f0aa10c4b1d20001aa5001"


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """Return Intercom's recorded answers."""
    return load("intercom_tickets", tmp_path)


def _conversation(recording: Recording, **changes: Any) -> dict[str, Any]:
    return {**recording.files["conversations.json"]["conversations"][0], **changes}


def _listed(kind: str, rows: Sequence[Any]) -> dict[str, Any]:
    return {"post": f"/{kind}/search", "answer": {kind: rows, "pages": {"type": "pages"}}}


def _read(recording: Recording, **changes: Any) -> Any:
    routes = [_listed("conversations", [_conversation(recording, **changes)])]
    return recording.fetch(recording.api(*routes, _listed("tickets", []))).values["tickets"]


@pytest.mark.parametrize(("people", "groups"), [(1, 0), (15, 0), (16, 2), (150, 10)])
def test_a_search_stays_within_what_intercom_takes(
    recording: Recording, people: int, groups: int
) -> None:
    """At most fifteen filters a group and two levels of groups, however many people there are."""
    asked: list[Any] = []

    class Api(FakeApi):
        def post(self, path: str, body: Any, headers: Any = None, *, form: bool = False) -> Any:
            del path, headers, form
            asked.append(body["query"])
            return {"conversations": []}

    taken_part(recording.link(Api([], {})), "conversations", [f"c{n}" for n in range(people)])
    (query,) = asked
    nested = [one for one in query["value"] if one["operator"] == "OR"]

    assert len(nested) == groups
    assert all(len(one["value"]) <= GROUP for one in (query, *nested))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"waiting_since": 1763500000}, "open"),
        ({"waiting_since": None, "statistics": {"last_admin_reply_at": 1763500000}}, "pending"),
        ({"waiting_since": None, "statistics": {"last_admin_reply_at": None}}, "open"),
        ({"waiting_since": None, "statistics": None}, "open"),
        ({"state": "snoozed"}, "on_hold"),
        ({"state": "closed"}, "closed"),
        ({"state": "archived"}, None),
    ],
)
def test_says_whose_turn_it_is(
    recording: Recording, changes: dict[str, Any], status: str | None
) -> None:
    """An open conversation waits for the customer only once an agent has replied."""
    assert _read(recording, **changes)[0].status == status


@pytest.mark.parametrize(
    ("status", "breached"),
    [("missed", True), ("hit", False), ("active", False), ("cancelled", None), (None, None)],
)
def test_says_whether_a_target_was_missed(
    recording: Recording,
    status: str | None,
    breached: bool | None,  # noqa: FBT001 — a case of the table
) -> None:
    """A cancelled SLA, or none, says nothing."""
    assert _read(recording, sla_applied={"sla_status": status})[0].sla_breached is breached


@pytest.mark.parametrize(
    ("stars", "score"), [(1, 0.0), (3, 50.0), (5, 100.0), (0, None), (6, None), (True, None)]
)
def test_stars_are_a_share_of_a_hundred(recording: Recording, stars: Any, score: Any) -> None:
    """One star is nothing, five are all; anything else is no rating."""
    assert _read(recording, conversation_rating={"rating": stars})[0].csat == score


@pytest.mark.parametrize(
    ("by", "replied", "kept"),
    [
        ("campaign_initiated", None, False),
        ("automated", None, False),
        ("admin_initiated", 1763500000, True),
        ("customer_initiated", None, True),
    ],
)
def test_what_nobody_answered_is_no_ticket(
    recording: Recording,
    by: str,
    replied: int | None,
    kept: bool,  # noqa: FBT001 — a case of the table
) -> None:
    """A campaign is ours until a customer writes back."""
    source = {**_conversation(recording)["source"], "delivered_as": by}
    said = _read(recording, source=source, statistics={"last_contact_reply_at": replied})

    assert bool(said) is kept


def _texts(recording: Recording, *routes: Any) -> dict[str, tuple[str, list[str]]]:
    read: dict[str, tuple[str, list[str]]] = {}

    def mine(ticket_id: str, subject: str, texts: Sequence[str]) -> Mined:
        read[ticket_id] = (subject, list(texts))
        return Mined()

    link = replace(recording.link(recording.api(*routes)), mine=mine)
    intercom_tickets.fetch(recording.account, link)
    return read


def test_nothing_is_read_twice_nor_an_agents_words(recording: Recording) -> None:
    """The first line of a chat is its subject and no text; an agent's message is neither."""
    read = _texts(recording)

    assert read["471"] == ("The CSV export stops at 10,000 rows.", ["It worked on Monday."])
    assert read["460"] == ("Webhooks are sent twice", ["Each webhook arrives twice."])
    source = {**_conversation(recording)["source"], "author": {"type": "admin", "id": "991"}}
    source["delivered_as"] = "admin_initiated"
    row = _conversation(recording, source=source, statistics={"last_contact_reply_at": 1763500000})
    agent = _texts(recording, _listed("conversations", [row]))

    assert agent["471"] == ("", [])


@pytest.mark.parametrize(
    ("body", "subject", "texts"),
    [
        ("<p>Hi <b>there</b> &amp; all</p><p>More</p>", "Hi there & all", ["More"]),
        ("word " * 40, ("word " * 24).strip(), [("word " * 16).strip()]),
        ("x" * 200, "x" * 120, ["x" * 80]),
        ("<p></p>", "", []),
        (None, "", []),
    ],
)
def test_a_chat_is_called_by_its_first_line(
    recording: Recording, body: Any, subject: str, texts: list[str]
) -> None:
    """A long line is cut between two words, and the rest stays text."""
    source = {**_conversation(recording)["source"], "body": body}
    read = _texts(recording, _listed("conversations", [_conversation(recording, source=source)]))

    assert read["471"] == (subject, texts)


def test_more_people_than_are_asked_leave_a_part(recording: Recording) -> None:
    """A company whose people are not all read has a partial list."""
    page = {**recording.files["people_2.json"], "pages": {"next": "https://x.example/?page=4"}}
    api = recording.api(
        *(
            {
                "get": f"/companies/{COMPANY}/contacts",
                "params": {"page": str(number)},
                "answer": page,
            }
            for number in (2, 3)
        )
    )
    said = recording.fetch(api)

    assert said.partial == {"tickets", "mentions"}
    assert {bad.reason for bad in said.bad} == {"incomplete"}
    assert not [call for call in api.calls if "x.example" in call]


def test_people_without_a_company_are_a_part_of_the_account(recording: Recording) -> None:
    """What they wrote is shown, and others may have written, too."""
    solo = {**recording.files["contact.json"], "companies": {"data": []}}
    routes = [
        {"post": "/contacts/search", "answer": {"data": [solo]}},
        _listed("conversations", [_conversation(recording)]),
        _listed("tickets", []),
    ]
    ref = AccountRef("a-1", "Nobody", emails=("ada@larkspur.example",))
    said = recording.fetch(recording.api(*routes), ref)

    assert len(said.values["tickets"]) == 1
    assert said.partial == {"tickets", "mentions"}


def test_tickets_can_be_left_out(recording: Recording) -> None:
    """A plan without tickets is no failing upstream."""
    options = intercom_tickets.options().load({**recording.said["options"], "tickets": False})
    api = recording.api()
    said = Recording(recording.upstream, recording.said, recording.files, options).fetch(api)

    assert [ticket.id for ticket in said.values["tickets"]] == ["471", "455", "430", "371"]
    assert "post /tickets/search" not in api.calls


@pytest.mark.parametrize(
    ("route", "said"),
    [
        ({"get": "/me", "status": 401, "answer": {}}, "token: Intercom refuses it (is it whole"),
        ({"post": "/tickets/search", "status": 403, "answer": {}}, "or set tickets = false"),
        ({"post": CONVERSATIONS, "status": 403, "answer": {}}, "refuses it for conversations"),
        (
            {"get": "/me", "answer": {"id": "991", "app": {"region": "EU"}}},
            "region: the token belongs to a workspace in eu",
        ),
    ],
)
def test_check_says_what_to_do(recording: Recording, route: Any, said: str) -> None:
    """A wrong token, a missing right and a wrong region are told apart."""
    found = recording.problems(route)

    assert len(found) == 1
    assert said in found[0]


def test_check_tells_the_id_that_links_need(recording: Recording) -> None:
    """Without an app id tickets have no link, which is a note and no problem."""
    options = intercom_tickets.options().load({"token": "t"})
    changed = Recording(recording.upstream, recording.said, recording.files, options)
    assert intercom_tickets.check is not None
    (note,) = intercom_tickets.check(changed.link(changed.api()))

    assert (note.is_note, note.hint) == (True, "ab12cd34")


@pytest.mark.parametrize(
    "options",
    [
        {"token": ""},
        {"region": "uk"},
        {"version": "unstable"},
        {"version": "2.15\r\nX: y"},
        {"app_id": "../x"},
    ],
)
def test_refuses_bad_options(options: dict[str, Any]) -> None:
    """Whatever could not be an option is found when the settings are read."""
    with pytest.raises(ValidationError):
        intercom_tickets.options().load({"token": "t", **options})
