"""Salesforce: the token and its renewal, SOQL that nobody breaks out of, fields that are gone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from plugin.errors import UpstreamBroken, UpstreamRefused, UpstreamUnset
from plugin.upstream import AccountRef, Identity, Link
from plugin.vendors.salesforce.soql import containing, literal
from plugin.vendors.salesforce.source import salesforce
from tests.families.sources.recordings import NAME, NOW, FakeApi, Recording, load

QUERY = "/services/data/v66.0/query"
TOKEN = "/services/oauth2/token"
OVER = {"status": 401, "answer": [{"errorCode": "INVALID_SESSION_ID", "message": "expired"}]}
BASIC = {"domain": "acme", "client_id": "c", "client_secret": "s"}
IN_TIME = 1005.0


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """Return Salesforce's recorded answers."""
    return load("salesforce", tmp_path)


class Expiring(FakeApi):
    """Salesforce whose first tokens are over when they are used."""

    refusals = 1

    def get(self, path: str, params: Any = (), headers: Any = None) -> Any:
        """Refuse the first calls as a session that is over."""
        assert str((headers or {}).get("Authorization")).startswith("Bearer 00D")
        if self.refusals > 0:
            self.refusals -= 1
            self.calls.append("refused")
            return self._body({"get": path, **OVER})
        return super().get(path, params, headers)


def _expiring(recording: Recording, refusals: int) -> Expiring:
    api = Expiring(list(recording.said["routes"]), recording.files)
    api.refusals = refusals
    return api


def test_a_token_is_exchanged_once_for_many_questions(recording: Recording) -> None:
    """Every question of a process carries the same token."""
    api = recording.api()
    sources = recording.sources(api)
    for key in ("a", "b"):
        sources.gather(AccountRef(key, key, external_ids=recording.account.external_ids), IN_TIME)

    assert api.calls.count(f"post {TOKEN}") == 1
    assert len(api.calls) > 3


def test_a_token_that_is_over_is_renewed_once(recording: Recording) -> None:
    """A 401 costs one more exchange, and the question gets its answer."""
    api = _expiring(recording, 1)
    looked = recording.sources(api).gather(recording.account, IN_TIME)[NAME]

    assert looked.facts is not None
    assert api.calls.count(f"post {TOKEN}") == 2


def test_a_new_token_that_is_refused_too_is_the_end(recording: Recording) -> None:
    """After one renewal a 401 means that the credentials are refused."""
    api = _expiring(recording, 9)
    looked = recording.sources(api).gather(recording.account, IN_TIME)[NAME]

    assert looked.reason == "refused"
    assert api.calls.count("refused") == 2


def test_too_many_calls_is_a_limit_and_no_refusal(recording: Recording) -> None:
    """Salesforce says with a 403 that its limit is reached; the credentials stay good."""
    limit = [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]
    api = recording.api({"get": QUERY, "status": 403, "answer": limit})
    looked = recording.sources(api).gather(recording.account, IN_TIME)[NAME]

    assert looked.reason == "rate_limited"
    assert looked.until is not None


@pytest.mark.parametrize("error", ["invalid_client_id", "invalid_grant"])
def test_an_app_that_gets_no_token_is_refused(recording: Recording, error: str) -> None:
    """Salesforce answers 400 to wrong credentials; they are not sent again."""
    api = recording.api({"post": TOKEN, "status": 400, "answer": {"error": error}})
    sources = recording.sources(api)
    looked = sources.gather(recording.account, IN_TIME)[NAME]
    sources.gather(AccountRef("x", "x"), IN_TIME)

    assert looked.reason == "refused"
    assert api.calls == [f"post {TOKEN}"]


@pytest.mark.parametrize("answer", [{}, {"access_token": 7}, {"access_token": "a\nb"}, [], None])
def test_an_answer_without_a_token_is_broken(recording: Recording, answer: Any) -> None:
    """What is no token never becomes a header."""
    api = recording.api({"post": TOKEN, "answer": answer})
    assert salesforce.authorise is not None
    with pytest.raises(UpstreamBroken):
        salesforce.authorise(recording.link(api))


class Keeping(FakeApi):
    """A token endpoint that keeps what it was sent."""

    sent: dict[str, Any]

    def post(self, path: str, body: Any, headers: Any = None, *, form: bool = False) -> Any:
        """Keep the form."""
        del path, headers
        assert form
        self.sent = body
        return {"access_token": "00D!x"}


def test_signs_for_a_user_with_its_key() -> None:
    """Without a secret the app signs a short-lived token for the integration user."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    options = {"domain": "acme--uat.sandbox", "client_id": "c", "username": "u@acme.example"}
    loaded = salesforce.options().load({**options, "private_key": pem})
    api = Keeping([], {})
    assert salesforce.authorise is not None
    header = salesforce.authorise(Link("acme", NAME, loaded, api, NOW))
    claims = jwt.decode(
        api.sent["assertion"],
        key.public_key(),
        algorithms=["RS256"],
        audience="https://test.salesforce.com",
        options={"verify_exp": False},
    )

    assert header == {"Authorization": "Bearer 00D!x"}
    assert (claims["iss"], claims["sub"]) == ("c", "u@acme.example")
    assert claims["exp"] - NOW.timestamp() == 180


def test_a_key_that_is_none_is_a_setting() -> None:
    """A key that cannot sign is said, without quoting it."""
    options = {"domain": "acme", "client_id": "c", "username": "u", "private_key": "hush"}
    link = Link("acme", NAME, salesforce.options().load(options), Keeping([], {}), NOW)
    assert salesforce.authorise is not None
    with pytest.raises(UpstreamUnset) as caught:
        salesforce.authorise(link)

    assert "hush" not in str(caught.value)


@given(st.text(max_size=30))
def test_no_text_ends_its_literal(value: str) -> None:
    """Whatever a requester is called, the literal ends where it should."""
    for written in (literal(value), containing(value)):
        inner = re.sub(r"\\.", "", written[1:-1])

        assert written[0] == written[-1] == "'"
        assert not {"'", "\\", "\n", "\r"} & set(inner)


def test_wildcards_stand_for_themselves() -> None:
    """A domain with an underscore is no pattern."""
    assert containing("a_b%c") == "'%a\\_b\\%c%'"


def test_a_field_that_is_gone_is_one_gap(recording: Recording) -> None:
    """Salesforce refuses the whole query; the field is left out, and the rest is read."""
    message = "ERROR at Row:1\nNo such column 'ARR__c' on entity 'Account'."
    gone = [{"errorCode": "INVALID_FIELD", "message": message}]
    api = recording.api({"get": QUERY, "has": ["ARR__c"], "status": 400, "answer": gone})
    facts = recording.fetch(api)

    assert facts.values["account.city"] == "Kassel"
    assert [(bad.field, bad.where) for bad in facts.bad] == [("contract.arr", "Salesforce, ARR__c")]


def test_a_field_that_is_always_gone_is_broken(recording: Recording) -> None:
    """Where leaving fields out does not help, the answer is broken."""
    gone = [{"errorCode": "INVALID_FIELD", "message": "No such column 'Id' on entity 'Account'"}]
    with pytest.raises(UpstreamBroken):
        recording.fetch(recording.api({"get": QUERY, "status": 400, "answer": gone}))


def test_contacts_of_two_accounts_are_both_offered(recording: Recording) -> None:
    """One address on contacts of two accounts is ambiguous, never the first of them."""
    ids = ("001Ka00002xLarkIAE", "001Ka00002xOtheIAE")
    row = recording.files["people.json"]["records"][0]
    account = recording.files["accounts.json"]["records"][0]
    people = {"totalSize": 2, "done": True, "records": [{**row, "AccountId": key} for key in ids]}
    accounts = {"totalSize": 2, "done": True, "records": [{**account, "Id": key} for key in ids]}
    api = recording.api(
        {"get": QUERY, "has": ["FROM Contact"], "answer": people},
        {"get": QUERY, "has": ["Id IN ("], "answer": accounts},
    )
    assert salesforce.find is not None
    found = salesforce.find(Identity("contact_email", "ada@larkspur.example"), recording.link(api))

    assert [ref.id for ref in found] == list(ids)


def test_amounts_of_an_org_with_many_currencies_name_theirs(recording: Recording) -> None:
    """With several currencies each record says which one its amounts are in."""
    options = {**recording.said["options"], "multi_currency": True}
    loaded = salesforce.options().load(options)
    page = recording.files["account.json"]
    row = {**page["records"][0], "CurrencyIsoCode": "CHF"}
    api = recording.api(
        {"get": QUERY, "has": ["CurrencyIsoCode"], "answer": {**page, "records": [row]}}
    )
    link = Link("acme", NAME, loaded, api, NOW)
    facts = salesforce.fetch(recording.account, link)

    assert facts.values["account.annual_revenue"].currency == "chf"
    assert facts.values["contract.arr"].currency == "eur"


def test_a_refused_renewal_is_a_refusal(recording: Recording) -> None:
    """When the app is switched off between two calls, no token is to be had."""
    assert salesforce.authorise is not None
    api = recording.api({"post": TOKEN, "status": 400, "answer": {"error": "invalid_app_access"}})
    with pytest.raises(UpstreamRefused):
        salesforce.authorise(recording.link(api))


@pytest.mark.parametrize(
    "options",
    [
        {"domain": "https://acme.my.salesforce.com"},
        {"domain": "evil.example/acme"},
        {"client_secret": None},
        {"username": "u", "private_key": "k"},
        {"version": "66"},
        {"fields": {"contract.arr": "ARR__c FROM User --"}},
        {"websites": []},
        {"organization": "x' OR Name != '"},
    ],
)
def test_refuses_bad_options(options: dict[str, Any]) -> None:
    """Whatever could not be an option is found when the settings are read."""
    with pytest.raises(ValidationError):
        salesforce.options().load({**BASIC, **options})
