"""Amplitude: what is honest to say of an account where only users can be asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError

from plugin.errors import UpstreamBroken, UpstreamError, UpstreamLimited, UpstreamNotFound
from plugin.fetching.http.errors import of_status
from plugin.upstream import AccountRef
from plugin.vendors.amplitude.source import MOST_PEOPLE, amplitude
from tests.families.sources.recordings import NOW, FakeApi, Recording, load

PATH = "/v1/userprofile"
UNSEEN = {"error": "User id and device id not seen before"}
TOO_MANY = {
    "error": "Number of requests per minute exceeds system limit."
    " Please contact support if you need this limit raised"
}


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """Return Amplitude's recorded answers."""
    return load("amplitude", tmp_path)


def _with(recording: Recording, **changes: Any) -> Recording:
    options = {**recording.said["options"], **changes}
    loaded = amplitude.options().load({key: one for key, one in options.items() if one is not None})
    return replace(recording, options=loaded)


def _asked(api: FakeApi) -> list[str]:
    """Return the users that will be asked about, as they are."""
    users: list[str] = []
    answer = api.get

    def get(path: str, params: Any = (), headers: Any = None) -> Any:
        users.append(dict(params)["user_id"])
        return answer(path, params, headers)

    api.get = get  # type: ignore[method-assign]
    return users


def test_the_eu_region_is_an_error_that_says_so() -> None:
    """Amplitude has no such API there: better said when settings are read than never answered."""
    with pytest.raises(ValidationError, match="no User Profile API in its EU region"):
        amplitude.options().load({"secret_key": "s", "region": "eu"})
    with pytest.raises(ValidationError):
        amplitude.options().load({"secret_key": "s", "region": "moon"})


def test_people_are_never_the_whole_account(recording: Recording) -> None:
    """Amplitude cannot say who belongs to an account: the list of people is always partial."""
    assert recording.fetch(recording.api()).partial == {"contacts"}


def test_the_requester_is_asked_about_first(recording: Recording) -> None:
    """As their address is written, and in small letters where that is not known."""
    api = recording.api()
    users = _asked(api)
    recording.fetch(api)

    assert users == [
        "Ben@marigold.example",
        "ben@marigold.example",
        "ada@marigold.example",
        "eve@marigold.example",
    ]


def test_not_everybody_is_asked_about(recording: Recording) -> None:
    """One call a person: five people, and none of our own."""
    link = replace(recording.link(recording.api()), own_domains=frozenset({"own.example"}))
    api = recording.api()
    users = _asked(api)
    emails = ("me@own.example", *(f"p{index}@marigold.example" for index in range(9)))
    with pytest.raises(UpstreamNotFound):
        amplitude.fetch(AccountRef("a", "A", emails=emails), replace(link, client=api))

    assert users == [f"p{index}@marigold.example" for index in range(MOST_PEOPLE)]


def test_an_account_without_addresses_is_not_asked_about(recording: Recording) -> None:
    """Nobody to ask about is nobody found."""
    api = recording.api()
    with pytest.raises(UpstreamNotFound, match="no address"):
        recording.fetch(api, AccountRef("a", "A", domain="marigold.example"))

    assert api.calls == []


def test_a_fact_counts_where_all_people_agree(recording: Recording) -> None:
    """Two people with two answers make a gap; one who has none does not count."""
    facts = recording.fetch(recording.api())

    assert facts.values["contract.plan"] == "Growth"
    assert facts.values["custom.sessions"] == 41.0
    assert [(bad.field, bad.message) for bad in facts.bad] == [
        ("account.employees", "the account's people differ in it")
    ]


@pytest.mark.parametrize(
    ("status", "answer", "kind"),
    [
        (200, UNSEEN, UpstreamNotFound),
        (400, UNSEEN, UpstreamNotFound),
        (200, TOO_MANY, UpstreamLimited),
        (400, TOO_MANY, UpstreamLimited),
        (429, None, UpstreamLimited),  # its 429 is a text
        (200, {"error": "Something else"}, UpstreamBroken),
        (400, {"error": "Something else"}, UpstreamBroken),
    ],
)
def test_reads_errors_in_words(
    recording: Recording, status: int, answer: Any, kind: type[UpstreamError]
) -> None:
    """Amplitude tells some errors in the body alone, whatever the status is."""
    route = {"get": PATH, "status": status, "answer": answer}
    with pytest.raises(kind) as caught:
        recording.fetch(recording.api(route))

    if isinstance(caught.value, UpstreamLimited):
        assert caught.value.until == NOW + timedelta(minutes=1)


def test_a_profile_without_properties_is_a_person(recording: Recording) -> None:
    """A user without properties was seen, and nothing more is known."""
    bare = {"userData": {"user_id": "ben@marigold.example", "amp_props": None}}
    route = {"get": PATH, "params": {"user_id": "ben@marigold.example"}, "answer": bare}
    facts = recording.fetch(recording.api(route))

    assert facts.values["contacts"][0].email == "Ben@marigold.example"
    assert facts.values["contacts"][0].last_seen_at is None


def test_each_requester_has_an_answer_of_their_own(recording: Recording) -> None:
    """What is read depends on who writes, so it is kept for each of them."""
    assert amplitude.is_personal(recording.options)


def _checked(recording: Recording, *routes: dict[str, Any]) -> list[str]:
    assert amplitude.check is not None
    return [str(one) for one in amplitude.check(recording.link(recording.api(*routes)))]


def test_check_names_properties_that_no_user_has(recording: Recording) -> None:
    """A slip in a property's name is told with the one that may be meant, and fill rates beside."""
    wrong = _with(recording, fields={"contract.plan": "plam"}, contact_fields={"title": "rolle"})
    found = _checked(wrong)

    assert any("fields.contract.plan: there is no property plam" in one for one in found)
    assert any("contact_fields.title: there is no property rolle" in one for one in found)


def test_check_does_not_repeat_an_address(recording: Recording) -> None:
    """A user of the sample whom Amplitude has not seen is named by their place in it."""
    found = _checked(_with(recording, sample=["ada@marigold.example", "zoe@marigold.example"]))

    assert any("not seen user 2" in one for one in found)
    assert not any("@" in one for one in found)


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (401, None, ["secret_key", "refuses this key", "EU region"]),
        (404, None, ["does not answer"]),
        (200, UNSEEN, ["sample", "is not set"]),
        (503, None, ["did not answer"]),
    ],
)
def test_check_without_a_sample_tries_the_key(
    recording: Recording, status: int, answer: Any, words: list[str]
) -> None:
    """A user who was never seen is a good answer; a key that is refused, none."""
    route = {"get": PATH, "status": status, "answer": answer}
    last = _checked(_with(recording, sample=None), route)[-1]

    assert all(word in last for word in words), last


def test_the_key_goes_into_the_header(recording: Recording) -> None:
    """The secret key is sent as Amplitude wants it, and a refusal's text never holds it."""
    assert amplitude.headers(recording.options) == {"Authorization": "Api-Key s-1"}
    error = of_status(401, {}, None, NOW)

    assert "s-1" not in str(error)
