"""PostHog: what settings may hold, what is bound, whose silence is a fact, what a check finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError

from plugin.errors import UpstreamNotFound, UpstreamTimeout, UpstreamUnavailable
from plugin.fetching.http.errors import of_status
from plugin.upstream import AccountRef, Identity
from plugin.vendors.posthog.source import posthog
from tests.families.sources.recordings import NAME, NOW, FakeApi, Recording, load

QUERY_PATH = "/api/projects/4411/query/"
FIND_PATH = "/api/projects/4411/groups/find"
NO_GROUP = {"get": FIND_PATH, "status": 404, "answer": {"code": "not_found"}}
PLAIN: dict[str, Any] = {"key": "phx_1", "project": 4411}


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """Return PostHog's recorded answers."""
    return load("posthog", tmp_path)


def _query(sql: str, **more: Any) -> dict[str, Any]:
    return {**PLAIN, "queries": {"q": {"sql": sql, "fields": {"account.tier": "t"}, **more}}}


def _with(recording: Recording, **changes: Any) -> Recording:
    options = posthog.options().load({**recording.said["options"], **changes})
    return replace(recording, options=options)


def _heard(api: FakeApi) -> list[dict[str, Any]]:
    """Return the queries that will be sent, as they are."""
    sent: list[dict[str, Any]] = []
    answer = api.post

    def post(path: str, body: Any, headers: Any = None, *, form: bool = False) -> Any:
        sent.append(body["query"])
        return answer(path, body, headers, form=form)

    api.post = post  # type: ignore[method-assign]
    return sent


def _sent(recording: Recording, api: FakeApi, **changes: Any) -> list[dict[str, Any]]:
    """Fetch, and return the queries that were sent."""
    sent = _heard(api)
    posthog.fetch(recording.account, replace(recording.link(api), **changes))
    return sent


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE events",
        "SELECT 1; SELECT 2",
        "-- SELECT\nALTER TABLE events DELETE",
        "SELECT t FROM events WHERE $group_0 = {phone}",
        "SELECT t FROM events WHERE $group_0 = :account_id",
        "SELECT t FROM events WHERE {filters}",
        "",
    ],
)
def test_refuses_what_is_no_query(sql: str) -> None:
    """One statement that reads, with values that we know; the rest is an error in the settings."""
    with pytest.raises(ValidationError):
        posthog.options().load(_query(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "select t from events where $group_0 = {account_id};",
        "WITH a AS (SELECT 1 AS t) SELECT t FROM a",
        "SELECT t FROM events WHERE event = 'a {b}; :domain' AND $group_0 = { account_id }",
        "SELECT properties.a::text AS t FROM events -- of {phone}; and more",
        "SELECT t FROM events WHERE event LIKE 'it''s {x}' AND has({own_domains}, {domain})",
    ],
)
def test_takes_queries(sql: str) -> None:
    """Texts, comments, casts and a closing semicolon do no harm."""
    assert posthog.options().load(_query(sql))


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "https://us.i.posthog.com"},
        {"url": "https://app.posthog.com"},
        {"project": "x"},
        {"project": 0},
        {"group_type": 5},
        {"group_key": "email"},
        {"active": []},
        {"modules": {"Reporting": []}},
        {"modules": {"Reporting": [""]}},
        {"fields": {"account.tier": "tier"}},  # without a group
        {"activity": False, "contacts": False},  # nothing to read
        {"group_type": 0, "fields": {"account.tyre": "tier"}},
        {"queries": {"q": {"sql": "SELECT 1 AS t", "fields": {"account.tier": "t; --"}}}},
    ],
)
def test_refuses_bad_options(changes: dict[str, Any]) -> None:
    """Whatever could not be an option is found when the settings are read."""
    with pytest.raises(ValidationError):
        posthog.options().load({**PLAIN, **changes})


def test_nothing_of_a_request_becomes_text(recording: Recording) -> None:
    """The queries of two accounts, one of them hostile, have the same text and other values."""
    evil = "x' OR 1=1 --"
    ref = AccountRef(evil, "x", domain=evil, emails=(evil,), external_ids={NAME: evil})
    own = _sent(recording, recording.api())
    group = {**recording.files["group.json"], "group_key": evil}
    routes = [{"get": FIND_PATH, "answer": group}]
    routes += [
        {"post": QUERY_PATH, "has": [name], "answer": answer}
        for name, answer in (
            ("sidelight activity", "idle.json"),
            ("sidelight people", "nobody.json"),
            ("sidelight interest", "none.json"),
        )
    ]
    hostile = _sent(replace(recording, said=_about(recording, ref)), recording.api(*routes))

    assert [one["query"] for one in own] == [one["query"] for one in hostile]
    assert all(evil in str(one["values"]) for one in hostile)


def _about(recording: Recording, ref: AccountRef) -> dict[str, Any]:
    said = {"id": ref.id, "name": ref.name, "domain": ref.domain, "emails": list(ref.emails)}
    return {**recording.said, "account": {**said, "external_ids": dict(ref.external_ids)}}


def test_binds_only_what_a_query_wants(recording: Recording) -> None:
    """An own query is sent its own values and no others."""
    sent = _sent(recording, recording.api())

    assert sent[-1]["values"] == {"account_id": "a-104"}


def test_our_own_staff_is_left_out(recording: Recording) -> None:
    """The workspace's domains are bound, so that nobody has to write them twice."""
    sent = _sent(recording, recording.api(), own_domains=frozenset({"Own.example"}))

    assert [one["values"].get("staff_0") for one in sent] == ["@own.example"] * 2 + [None]


def test_a_group_that_was_never_described_counts_all_the_same(recording: Recording) -> None:
    """Events may name a group that has no record of its own: its activity is known."""
    facts = recording.fetch(recording.api(NO_GROUP))

    assert facts.values["usage.active_users_28d"] == 17
    assert "contract.plan" not in facts.values


def test_silence_counts_only_of_a_group_that_is_known(recording: Recording) -> None:
    """A known group without activity has 0 active users; an unknown one is not found."""
    idle = {"post": QUERY_PATH, "has": ["sidelight activity"], "answer": "idle.json"}

    assert recording.fetch(recording.api(idle)).values["usage.active_users_28d"] == 0
    with pytest.raises(UpstreamNotFound):
        recording.fetch(recording.api(idle, NO_GROUP))


def test_an_account_without_the_key_is_not_asked_about(recording: Recording) -> None:
    """Where the key is the domain, an account without one is not known there."""
    api = recording.api()
    with pytest.raises(UpstreamNotFound, match="no domain"):
        _with(recording, group_key="domain").fetch(api, AccountRef("a-104", "Marigold"))

    assert api.calls == []


def test_without_groups_free_mail_is_nobodys(recording: Recording) -> None:
    """The domains of an account's people say whose events are counted; gmail.com is nobody's."""
    options = {key: recording.said["options"][key] for key in ("key", "project", "url")}
    mail = replace(recording, options=posthog.options().load({**options, "contacts": False}))
    api = recording.api()
    with pytest.raises(UpstreamNotFound, match="no domain of its own"):
        mail.fetch(api, AccountRef("a", "A", domain="gmail.com"))

    assert api.calls == []


def test_facts_are_as_old_as_posthog_says(recording: Recording) -> None:
    """PostHog answers from its own cache, too: the age is that of the calculation."""
    facts = recording.fetch(recording.api())

    assert facts.as_of == datetime(2026, 11, 20, 23, 40, tzinfo=UTC)


def test_the_same_hour_is_the_same_question(recording: Recording) -> None:
    """What PostHog worked out for a question that came too late answers the next one."""
    early, late = (
        _sent(recording, recording.api(), now=NOW + timedelta(minutes=minutes))
        for minutes in (1, 59)
    )

    assert early == late
    assert early[0]["values"]["until"] == NOW.timestamp()


def test_a_wrong_query_leaves_a_gap(recording: Recording) -> None:
    """HogQL that PostHog does not understand costs its own facts only, each time."""
    refusal = {"type": "validation_error", "detail": "Unable to resolve field: evnt"}
    wrong = {
        "post": QUERY_PATH,
        "has": ["sidelight interest"],
        "status": 400,
        "answer": refusal,
    }
    facts = recording.fetch(recording.api(wrong))

    assert [bad.field for bad in facts.bad] == ["usage.upgrade_interest"]
    assert facts.values["usage.active_users_28d"] == 17


@pytest.mark.parametrize("error", [UpstreamTimeout("late"), UpstreamUnavailable("down")])
def test_a_passing_failure_keeps_nothing(recording: Recording, error: Exception) -> None:
    """What fails for now is asked again soon: half an answer would stand for a day."""
    api = recording.api()
    api.fault, api.spared = error, 3
    with pytest.raises(type(error)):
        recording.fetch(api)


def test_finds_a_group_by_domain_where_that_is_its_key(recording: Recording) -> None:
    """A domain is asked for only where it is the key, and then is the account's."""
    assert posthog.find is not None
    group = {**recording.files["group.json"], "group_key": "marigold.example"}
    route = {"get": FIND_PATH, "params": {"group_key": "marigold.example"}, "answer": group}
    link = _with(recording, group_key="domain").link(recording.api(route))
    (found,) = posthog.find(Identity("domain", "marigold.example"), link)

    assert (found.name, found.domains) == ("Marigold Freight", ("marigold.example",))
    assert posthog.find(Identity("external_id", "a-104"), link) == ()


def _checked(recording: Recording, *routes: dict[str, Any]) -> list[str]:
    assert posthog.check is not None
    found = posthog.check(recording.link(recording.api(*routes)))
    return [str(one) for one in found if not one.is_note]


def test_check_names_what_is_not_there(recording: Recording) -> None:
    """Group types, properties and events that PostHog does not have are named, with what it has."""
    wrong = _with(
        recording,
        group_type=3,
        active=["report_opend"],
        modules={"Forms": ["form_"]},
        fields={"contract.plan": "plam"},
    )
    sample = {"get": "/api/projects/4411/groups/", "answer": "groups.json"}
    found = _checked(wrong, sample)

    assert any("no group type 3" in one and "0 = company" in one for one in found)
    assert any("no property plam" in one and "plan" in one for one in found)
    assert any("report_opend" in one and "report_opened" in one for one in found)
    assert any("begins with form_" in one for one in found)


@pytest.mark.parametrize(
    ("status", "detail", "words"),
    [
        (401, "Invalid personal API key.", ["key", "eu.posthog.com"]),
        (403, "API key missing required scope 'group:read'", ["group:read"]),
        (403, "You don't have access to the project.", ["access to project 4411"]),
        (404, "Project not found.", ["no project 4411"]),
    ],
)
def test_check_says_what_a_refusal_means(
    recording: Recording, status: int, detail: str, words: list[str]
) -> None:
    """A key of another region, a missing scope and a wrong project are told apart."""
    api = recording.api()
    api.fault = of_status(status, {}, {"type": "error", "detail": detail}, NOW)
    assert posthog.check is not None
    (found,) = posthog.check(recording.link(api))

    assert all(word in str(found) for word in words), str(found)


def test_check_repeats_what_posthog_says_of_a_query(recording: Recording) -> None:
    """A mistake in an own query is told in PostHog's words; a column that is missing, in ours."""
    refusal = {"type": "validation_error", "detail": "Unable to resolve field: evnt"}
    path: dict[str, Any] = {"post": QUERY_PATH, "has": ["sidelight check interest"]}
    bad = _checked(recording, {**path, "status": 400, "answer": refusal})
    fewer = {**recording.files["none.json"], "columns": ["kind", "when"], "results": []}
    lacking = _checked(recording, {**path, "answer": fewer})

    assert len(bad) == 1
    assert "queries.interest: Unable to resolve field: evnt" in bad[0]
    assert any("queries.interest.fields.at" in one for one in lacking)
