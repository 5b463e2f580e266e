"""Freshdesk: its numbers, its hidden tickets, its ratings, and what check says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError

from plugin.errors import UpstreamBroken, UpstreamNotFound
from plugin.upstream import AccountRef
from plugin.vendors.freshdesk.api import companies
from plugin.vendors.freshdesk.source import freshdesk_tickets
from tests.families.sources.recordings import FakeApi, Recording, load

TICKETS = "/api/v2/tickets"
RATINGS = "/api/v2/surveys/satisfaction_ratings"
MEANS = {"survey.csat_90d", "survey.csat_prior", "survey.csat_answers"}


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """Return Freshdesk's recorded answers."""
    return load("freshdesk_tickets", tmp_path)


def _ticket(recording: Recording, **changes: Any) -> dict[str, Any]:
    return {**recording.files["tickets.json"][0], **changes}


def _read(recording: Recording, **changes: Any) -> Any:
    route = {"get": TICKETS, "answer": [_ticket(recording, **changes)]}
    return recording.fetch(recording.api(route)).values["tickets"][0]


@pytest.mark.parametrize(
    "ref",
    [
        AccountRef("51200417", "Somebody"),
        AccountRef("a-1", "Somebody", domain="larkspur.example"),
        AccountRef("a-1", "Somebody", emails=("ada@okafor.example",)),
        AccountRef("a-1", "Larkspur Tools"),
    ],
    ids=["external id", "domain", "person", "name"],
)
def test_finds_the_company_of_an_account(recording: Recording, ref: AccountRef) -> None:
    """An account that the CRM knows leads to its company, and all its tickets."""
    assert recording.fetch(recording.api(), ref).values == recording.fetch(recording.api()).values


def test_several_companies_are_nobodys(recording: Recording) -> None:
    """Where a domain is listed by two companies, no later step picks one of them."""
    both = [{**recording.files["company.json"], "id": key} for key in (51001, 51002)]
    route = {"get": "/api/v2/search/companies", "answer": {"total": 2, "results": both}}
    ref = AccountRef("a-1", "Larkspur Tools", domain="larkspur.example")

    with pytest.raises(UpstreamNotFound):
        recording.fetch(recording.api(route), ref)


@pytest.mark.parametrize("value", ["a' OR domain:'x", 'a"b', "a:b", "(a)", "a\n", "'"])
def test_untrusted_text_is_never_part_of_a_search(recording: Recording, value: str) -> None:
    """A value that could end its quotes is not asked about."""
    api = recording.api()

    assert companies(recording.link(api), "domain", value) == []
    assert api.calls == []


def test_a_search_that_freshdesk_does_not_know_finds_nobody(recording: Recording) -> None:
    """A field that cannot be searched by is a 400, and no failing upstream."""
    route = {"get": "/api/v2/search/companies", "status": 400, "answer": {"errors": []}}

    assert companies(recording.link(recording.api(route)), "crm_id", "1") == []


@pytest.mark.parametrize(
    ("status", "changes", "breached"),
    [
        (2, {"due_by": "2026-11-20T00:00:00Z"}, True),
        (2, {"due_by": "2026-11-22T00:00:00Z"}, False),
        (3, {"due_by": "2026-11-20T00:00:00Z"}, None),
        (3, {"due_by": "2026-11-22T00:00:00Z"}, False),
        (3, {"due_by": "2026-11-22T00:00:00Z", "fr_escalated": True}, True),
        (3, {"due_by": "2026-11-22T00:00:00Z", "nr_escalated": True}, True),
        (4, {"stats": {"resolved_at": "2026-11-20T09:00:00Z"}}, True),
        (5, {"stats": {"closed_at": "2026-11-20T08:00:00Z"}}, False),
        (2, {"due_by": None}, None),
    ],
)
def test_a_missed_target_is_flagged_or_follows_from_the_day(
    recording: Recording,
    status: int,
    changes: dict[str, Any],
    breached: bool | None,  # noqa: FBT001 — a case of the table
) -> None:
    """While a ticket waits its clock is stopped, so a day that has passed says nothing."""
    assert _read(recording, status=status, **changes).sla_breached is breached


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"status": 6}, "status", "pending"),
        ({"status": 8}, "status", "on_hold"),
        ({"status": 9}, "status", None),
        ({"priority": 1}, "priority", "low"),
        ({"priority": 9}, "priority", None),
        ({"type": "Feature Request"}, "kind", None),
        ({"stats": {"reopened_at": "2026-11-19T00:00:00Z"}}, "reopens", None),
        ({"stats": {"reopened_at": None}}, "reopens", 0),
        ({"stats": {}}, "reopens", None),
        (
            {"cc_emails": ["eve@rival.example", "X@Larkspur.example"]},
            "participants",
            ("ada@larkspur.example", "X@Larkspur.example"),
        ),
    ],
)
def test_numbers_and_words_are_ours(
    recording: Recording, changes: dict[str, Any], field: str, value: Any
) -> None:
    """What Freshdesk's numbers mean is said; what has no meaning is unknown."""
    assert getattr(_read(recording, **changes), field) == value


@pytest.mark.parametrize(("source", "read"), [(1, True), (2, True), (3, False), (10, False)])
def test_an_agents_words_are_not_the_customers(
    recording: Recording,
    source: int,
    read: bool,  # noqa: FBT001 — a case of the table
) -> None:
    """A call is written down by an agent, and an outbound e-mail is an agent's."""
    row = _ticket(recording, source=source, subject="")
    ticket = recording.fetch(recording.api({"get": TICKETS, "answer": [row]}))

    # The suite's miner knows a topic where there is any text.
    assert (ticket.values["tickets"][0].topics is not None) is read


def _recent(recording: Recording) -> dict[str, Any]:
    rows = [row for row in recording.files["tickets.json"] if row["id"] > 6989]
    return {"get": TICKETS, "answer": rows}


def test_archived_tickets_are_not_forgotten(recording: Recording) -> None:
    """Where no old closed ticket is listed some may be archived: absence proves nothing."""
    said = recording.fetch(recording.api(_recent(recording)))

    assert said.partial == {"tickets", "mentions"}
    assert "survey.csat_90d" in said.values
    assert {bad.field for bad in said.bad} == MEANS - {"survey.csat_90d"}


def test_an_admin_may_say_that_nothing_is_archived(recording: Recording) -> None:
    """With `archives = false` a short list is the whole list."""
    options = freshdesk_tickets.options().load({**recording.said["options"], "archives": False})
    said = Recording(recording.upstream, recording.said, recording.files, options).fetch(
        recording.api(_recent(recording))
    )

    assert said.partial == frozenset()
    assert set(said.values) >= MEANS


def test_more_people_than_are_asked_have_no_mean(recording: Recording) -> None:
    """A mean without the ratings of some is none."""
    rows = [_ticket(recording, id=number, requester_id=number) for number in range(1, 8)]
    api = recording.api({"get": TICKETS, "answer": rows}, {"get": RATINGS, "answer": []})
    said = recording.fetch(api)

    assert {bad.reason for bad in said.bad if bad.field in MEANS} == {"incomplete"}
    assert len([call for call in api.calls if RATINGS in call]) == 5


def test_a_key_that_may_not_read_ratings_costs_the_means(recording: Recording) -> None:
    """The tickets are shown, and the reason for the gap."""
    said = recording.fetch(recording.api({"get": RATINGS, "status": 403, "answer": {}}))

    assert len(said.values["tickets"]) == 5
    assert {(bad.field, bad.reason) for bad in said.bad} == {(path, "refused") for path in MEANS}
    assert not MEANS & set(said.values)


def test_ratings_can_be_left_out(recording: Recording) -> None:
    """With `ratings = false` nothing is asked for them, and nothing is promised."""
    options = freshdesk_tickets.options().load({**recording.said["options"], "ratings": False})
    api = recording.api()
    said = Recording(recording.upstream, recording.said, recording.files, options).fetch(api)

    assert not MEANS & (set(said.values) | freshdesk_tickets.covers(options))
    assert not [call for call in api.calls if RATINGS in call]


def test_people_without_a_company_are_a_part_of_the_account(recording: Recording) -> None:
    """Their tickets are shown, and others may exist."""
    solo = {**recording.files["contact.json"], "company_id": None}
    rows = [_ticket(recording, company_id=None)]
    routes: list[dict[str, Any]] = [
        {"get": "/api/v2/contacts", "params": {"email": "ada@okafor.example"}, "answer": [solo]},
        {"get": TICKETS, "params": {"requester_id": "81001"}, "answer": rows},
    ]
    ref = AccountRef("a-1", "Nobody", emails=("ada@okafor.example",))
    said = recording.fetch(recording.api(*routes), ref)

    assert len(said.values["tickets"]) == 1
    assert said.partial == {"tickets", "mentions"}
    with pytest.raises(UpstreamBroken):  # tickets of somebody else are refused
        recording.fetch(
            recording.api(
                *routes[:1], {"get": TICKETS, "answer": [{**rows[0], "requester_id": 9}]}
            ),
            ref,
        )


def test_a_company_that_is_gone_is_not_found(recording: Recording) -> None:
    """Freshdesk answers an id that it does not have with a 400, which is no failing upstream."""
    route = {"get": TICKETS, "status": 400, "answer": {"errors": [{"field": "company_id"}]}}
    with pytest.raises(UpstreamNotFound):
        recording.fetch(recording.api(route))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/api/v2/agents/me", "upstreams.source.key: Freshdesk refuses it (copy"),
        (RATINGS, "Freshdesk refuses it for ratings (or set ratings = false)"),
        ("/api/v2/ticket_fields", "Freshdesk refuses it for ticket fields"),
    ],
)
def test_check_says_what_the_key_may_not(recording: Recording, path: str, said: str) -> None:
    """Each missing right is named."""
    found = recording.problems({"get": path, "status": 403, "answer": {}})

    assert len(found) == 1
    assert said in found[0]


def test_check_names_what_settings_lack(recording: Recording) -> None:
    """A status without a meaning, a field that does not exist, an agent who sees a part."""
    options = freshdesk_tickets.options().load(
        {"domain": "acme", "key": "k", "external_id": "crm_ids"}
    )
    files = {**recording.files, "me.json": {**recording.files["me.json"], "ticket_scope": 2}}
    changed = Recording(recording.upstream, recording.said, files, options)

    agent, status, field = changed.problems()

    assert agent.startswith("upstreams.source.key: its agent does not see all tickets")
    assert status.startswith(
        "upstreams.source.statuses.8: status 8 (In development) has no meaning"
    )
    assert field.startswith("upstreams.source.external_id: companies have no field crm_ids")
    assert "did you mean crm_id?" in field


def test_check_finds_a_wrong_domain(recording: Recording) -> None:
    """A 404 for the agent itself is a Freshdesk that does not exist."""
    (found,) = recording.problems({"get": "/api/v2/agents/me", "status": 404, "answer": {}})

    assert found.startswith("upstreams.source.domain: there is no Freshdesk at acme.freshdesk.com")


@pytest.mark.parametrize(
    "options",
    [
        {"key": ""},
        {"domain": "acme.freshdesk.com"},
        {"domain": "acme/../x"},
        {"statuses": {"open": "open"}},
        {"statuses": {"8": "later"}},
        {"external_id": "crm id"},
        {"external_id": "a:'x"},
    ],
)
def test_refuses_bad_options(options: dict[str, Any]) -> None:
    """Whatever could not be an option is found when the settings are read."""
    with pytest.raises(ValidationError):
        freshdesk_tickets.options().load({"domain": "acme", "key": "k", **options})


def test_an_unknown_account_is_not_found(recording: Recording) -> None:
    """An account that nothing leads to has no tickets that could be shown."""
    with pytest.raises(UpstreamNotFound):
        recording.fetch(FakeApi(recording.said["routes"][:3], {}), AccountRef("x", "Nobody"))
