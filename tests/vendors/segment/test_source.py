"""Segment: every trait, of the account that was asked for, and of the people linked to it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError

from plugin.errors import UpstreamBroken, UpstreamNotFound
from plugin.fetching.http.errors import of_status
from plugin.upstream import AccountRef, Identity
from plugin.vendors.segment.source import MOST_PEOPLE, segment
from tests.families.sources.recordings import NAME, NOW, Recording, load

ACCOUNT = "/v1/spaces/spa_7kQ/collections/accounts/profiles/group_id:a-104"
USERS = "/v1/spaces/spa_7kQ/collections/users/profiles"
NOT_FOUND = {"error": {"code": "not_found", "message": "Profile was not found."}}
PLAIN: dict[str, Any] = {"token": "t", "space": "spa", "fields": {"contract.plan": "plan"}}


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """Return Segment's recorded answers."""
    return load("segment", tmp_path)


def _with(recording: Recording, **changes: Any) -> Recording:
    options = {**recording.said["options"], **changes}
    loaded = segment.options().load({key: one for key, one in options.items() if one is not None})
    return replace(recording, options=loaded)


def _linked(*rows: list[tuple[str, str]], more: bool = False) -> dict[str, Any]:
    data = [
        {"to_collection": "users", "external_ids": [{"type": kind, "id": key} for kind, key in row]}
        for row in rows
    ]
    cursor = {"has_more": more, "next": "x" if more else ""}
    return {"get": f"{ACCOUNT}/links", "answer": {"data": data, "cursor": cursor}}


def test_each_region_has_its_host(recording: Recording) -> None:
    """A space is asked for where it is; the token is the user, without a password."""
    assert segment.base_url(recording.options) == "https://profiles.euw1.segment.com"
    assert segment.base_url({"region": "us"}) == "https://profiles.segment.com"
    assert segment.headers({"token": "t-1"}) == {"Authorization": "Basic dC0xOg=="}


def test_every_call_says_its_limit(recording: Recording) -> None:
    """Without a limit Segment answers ten traits, and the rest would look as if empty."""
    asked: list[dict[str, str]] = []
    api = recording.api()
    answer = api.get

    def get(path: str, params: Any = (), headers: Any = None) -> Any:
        asked.append(dict(params))
        return answer(path, params, headers)

    api.get = get  # type: ignore[method-assign]
    recording.fetch(api)

    assert {params["limit"] for params in asked} == {"200", "100", "20"}


def test_pages_end_some_time(recording: Recording) -> None:
    """A cursor that leads in a circle is an answer that cannot be used."""
    circle = {
        "get": f"{ACCOUNT}/traits",
        "answer": {"traits": {"plan": "Growth"}, "cursor": {"has_more": True, "next": "go_live"}},
    }
    api = recording.api(circle)
    with pytest.raises(UpstreamBroken, match="more than 10 pages"):
        recording.fetch(api)

    assert len(api.calls) == 1 + 10


def test_a_cursor_without_a_place_is_no_answer(recording: Recording) -> None:
    """Half of the traits are not all of them."""
    cut = {
        "get": f"{ACCOUNT}/traits",
        "answer": {"traits": {"plan": "Growth"}, "cursor": {"has_more": True, "next": ""}},
    }
    with pytest.raises(UpstreamBroken):
        recording.fetch(recording.api(cut))


def test_a_person_without_a_profile_is_left_out(recording: Recording) -> None:
    """A link may outlive the profile; the list then is not whole."""
    gone = {"get": f"{USERS}/user_id:u-7001/traits", "status": 404, "answer": NOT_FOUND}
    facts = recording.fetch(recording.api(gone))

    assert [one.id for one in facts.values["contacts"]] == ["u-7002"]
    assert facts.partial == {"contacts"}


def test_people_are_read_once_each_and_not_without_end(recording: Recording) -> None:
    """One call a person, at most ten of them; who is unread makes the list partial."""
    rows = [[("user_id", f"u-{index}"), ("user_id", f"old-{index}")] for index in range(12)]
    routes = [
        {
            "get": f"{USERS}/user_id:u-{index}/traits",
            "answer": {"traits": {"email": f"p{index}@marigold.example"}, "cursor": {}},
        }
        for index in range(12)
    ]
    facts = recording.fetch(recording.api(_linked(*rows), *routes))

    assert len(facts.values["contacts"]) == MOST_PEOPLE
    assert facts.partial == {"contacts"}


@pytest.mark.parametrize(
    "links",
    [
        _linked([("user_id", "u-7002")], more=True),
        _linked([("user_id", "u-7002")], [("anonymous_id", "x")]),
    ],
)
def test_unread_links_make_the_list_partial(recording: Recording, links: dict[str, Any]) -> None:
    """More links than a page, or a person without a user id: not everybody was read."""
    facts = recording.fetch(recording.api(links))

    assert [one.id for one in facts.values["contacts"]] == ["u-7002"]
    assert facts.partial == {"contacts"}


def test_without_contacts_nobody_is_asked_about(recording: Recording) -> None:
    """People cost a call each, so they are read where the settings say so."""
    api = recording.api()
    facts = _with(recording, contacts=False, contact_fields=None).fetch(api)

    assert "contacts" not in facts.values
    assert len(api.calls) == 3


def test_keys_are_encoded(recording: Recording) -> None:
    """An id of another shape stays one part of the path."""
    api = recording.api()
    with pytest.raises(UpstreamNotFound):
        recording.fetch(api, AccountRef("x", "x", external_ids={NAME: "a/b?c=#d é"}))

    assert api.calls[0].endswith("/group_id:a%2Fb%3Fc%3D%23d%20%C3%A9/external_ids")


def test_finds_by_domain_where_that_is_the_key(recording: Recording) -> None:
    """Accounts grouped by domain are found by it."""
    assert segment.find is not None
    path = ACCOUNT.replace("a-104", "marigold.example")
    own = {"data": [{"type": "group_id", "id": "marigold.example"}]}
    routes: list[dict[str, Any]] = [
        {"get": f"{path}/external_ids", "answer": own},
        {"get": f"{path}/traits", "answer": "traits_2.json"},
    ]
    link = _with(recording, group_key="domain").link(recording.api(*routes))
    (found,) = segment.find(Identity("domain", "marigold.example"), link)

    assert (found.id, found.name, found.domain) == ("marigold.example",) * 3


@pytest.mark.parametrize(
    "changes",
    [
        {"region": "moon"},
        {"space": "a/b"},
        {"id_type": "a:b"},
        {"token": " "},
        {"fields": {}},
        {"fields": {"contract.plam": "plan"}},
        {"contact_fields": {"email": "mail"}},  # without contacts
        {"contacts": True, "contact_fields": {"mail": "mail"}},
    ],
)
def test_refuses_bad_options(changes: dict[str, Any]) -> None:
    """Whatever could not be an option is found when the settings are read."""
    with pytest.raises(ValidationError):
        segment.options().load({**PLAIN, **changes})


def _checked(recording: Recording, *routes: dict[str, Any]) -> list[str]:
    assert segment.check is not None
    return [str(one) for one in segment.check(recording.link(recording.api(*routes)))]


def test_check_names_traits_that_no_account_has(recording: Recording) -> None:
    """A slip in a trait's name is told with the one that may be meant, and fill rates beside."""
    wrong = _with(recording, fields={"contract.plan": "plam", "account.tier": "seats"})
    found = _checked(wrong)

    assert any("no property plam" in one and "plan" in one for one in found)
    assert any("seats is filled in 1 of 1" in one for one in found)


def test_check_names_a_sample_that_is_not_there(recording: Recording) -> None:
    """An account to try that Segment does not have proves nothing."""
    found = _checked(_with(recording, sample=["a-77"]))

    assert any("no profile group_id:a-77" in one for one in found)


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (401, {"error": {"code": "authentication_error"}}, ["token", "region eu"]),
        (404, {"error": {"code": "validation_error"}}, ["space", "spa_7kQ"]),
        (404, NOT_FOUND, ["sample", "is not set"]),
        (503, None, ["did not answer"]),
    ],
)
def test_check_without_a_sample_tries_the_door(
    recording: Recording, status: int, answer: Any, words: list[str]
) -> None:
    """A profile that is not there is a good answer; a token or a space that is not, none."""
    plain = _with(recording, sample=None)
    api = plain.api()
    api.fault = of_status(status, {}, answer, NOW)
    assert segment.check is not None
    last = str(segment.check(plain.link(api))[-1])

    assert all(word in last for word in words), last
