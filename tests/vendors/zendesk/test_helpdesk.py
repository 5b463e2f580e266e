"""The signature of a Zendesk launch: every way in which a token can be wrong."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest

from plugin.errors import BadSignature, ConfigurationError, ExpiredSignature, UnknownTenant
from plugin.frame import SignedRequest
from plugin.incoming.installs import refuse_other_tenants
from tests.families.helpdesks.bench import BASE, NOW, Bench, bench, later, private_pem, public_pem

API = "https://acme.zendesk.com/api/v2"


@pytest.fixture
def zendesk() -> Bench:
    """Return Zendesk and its install."""
    return bench("zendesk")


def _claims(**changes: Any) -> dict[str, Any]:
    right = {
        "iss": "acme.zendesk.com",
        "sub": f"{API}/users/7.json",
        "aud": f"{API}/apps/installations/42.json",
        "iat": int(NOW.timestamp()),
        "nbf": int(NOW.timestamp()),
        "exp": int((NOW + timedelta(minutes=5)).timestamp()),
        "context": {"product": "support", "location": "ticket_sidebar"},
        "qsh": "not enforced",
        "cnf": {"jku": "https://evil.test/keys"},
    }
    return {name: value for name, value in (right | changes).items() if value is not None}


def _token(key: str = "zendesk", **changes: Any) -> str:
    return jwt.encode(_claims(**changes), private_pem(key), algorithm="RS256")


def _launch(*tokens: str) -> SignedRequest:
    body = urlencode([("token", token) for token in tokens]).encode()
    return SignedRequest("POST", BASE, {}, b"", body, NOW)


def _part(value: Mapping[str, Any]) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")


def test_accepts_a_right_token(zendesk: Bench) -> None:
    """A right token proves the agent and says when it ends."""
    proof = zendesk.helpdesk.verify(_launch(_token()), zendesk.install)

    assert proof.agent_id == "7"
    assert proof.expires_at == NOW + timedelta(minutes=5)


@pytest.mark.parametrize("issuer", ["acme.zendesk.com", "https://acme.zendesk.com"])
def test_accepts_both_forms_of_the_issuer(zendesk: Bench, issuer: str) -> None:
    """Zendesk writes its host with and without the scheme."""
    assert zendesk.helpdesk.verify(_launch(_token(iss=issuer)), zendesk.install).agent_id == "7"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"iss": "evil.zendesk.com"}, id="another account"),
        pytest.param({"iss": "acme.zendesk.com.evil.test"}, id="an account that looks alike"),
        pytest.param({"iss": None}, id="no issuer"),
        pytest.param({"aud": f"{API}/apps/installations/43.json"}, id="another installation"),
        pytest.param({"aud": f"{API}/apps/installations/.json"}, id="an installation without id"),
        pytest.param({"aud": "42"}, id="an audience that is no address"),
        pytest.param(
            {"aud": "https://evil.zendesk.com/api/v2/apps/installations/42.json"},
            id="the same installation of another account",
        ),
        pytest.param({"aud": None}, id="no audience"),
        pytest.param({"context": {"location": "nav_bar"}}, id="another place"),
        pytest.param({"context": {}}, id="no place"),
        pytest.param({"context": None}, id="no context"),
        pytest.param({"exp": None}, id="no end"),
        pytest.param({"iat": None}, id="no start"),
        pytest.param({"exp": "soon"}, id="an end that is no number"),
        pytest.param({"exp": True}, id="an end that is a truth"),
        pytest.param({"exp": 10**30}, id="an end beyond all time"),
        pytest.param({"nbf": int(NOW.timestamp()) + 61}, id="not valid yet"),
        pytest.param({"iat": int(NOW.timestamp()) + 61}, id="made in the future"),
    ],
)
def test_refuses_a_wrong_token(zendesk: Bench, changes: dict[str, Any]) -> None:
    """Right signature, wrong content: refused, and not as too old."""
    with pytest.raises(BadSignature) as caught:
        zendesk.helpdesk.verify(_launch(_token(**changes)), zendesk.install)

    assert type(caught.value) is BadSignature


@pytest.mark.parametrize(("late", "accepted"), [(60, True), (61, False)])
def test_the_leeway_is_a_minute(zendesk: Bench, late: int, accepted: object) -> None:
    """A token passes until a minute after its end, for clocks that differ."""
    request = later(_launch(_token()), 300 + late)
    if accepted:
        assert zendesk.helpdesk.verify(request, zendesk.install).agent_id == "7"
        return

    with pytest.raises(ExpiredSignature):
        zendesk.helpdesk.verify(request, zendesk.install)


def test_an_old_token_of_another_account_is_only_wrong(zendesk: Bench) -> None:
    """What is wrong in more ways than its age does not learn that it is old."""
    with pytest.raises(BadSignature) as caught:
        zendesk.helpdesk.verify(later(_launch(_token(iss="b.zendesk.com")), 900), zendesk.install)

    assert type(caught.value) is BadSignature


def test_refuses_a_token_without_signature(zendesk: Bench) -> None:
    """`alg: none` is no signature."""
    bare = b".".join([_part({"alg": "none", "typ": "JWT"}), _part(_claims()), b""]).decode()

    with pytest.raises(BadSignature):
        zendesk.helpdesk.verify(_launch(bare), zendesk.install)


@pytest.mark.parametrize("algorithm", ["HS256", "RS256"])
def test_refuses_the_public_key_as_hmac_secret(zendesk: Bench, algorithm: str) -> None:
    """Whoever knows the public key cannot sign with it, whatever the header says."""
    signed = _part({"alg": algorithm, "typ": "JWT"}) + b"." + _part(_claims())
    mac = hmac.new(public_pem("zendesk").encode(), signed, hashlib.sha256).digest()
    forged = (signed + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")).decode()

    with pytest.raises(BadSignature):
        zendesk.helpdesk.verify(_launch(forged), zendesk.install)


@pytest.mark.parametrize("header", ["jku", "x5u", "jwk"])
def test_takes_no_key_from_the_token(zendesk: Bench, header: str) -> None:
    """A token that brings or names its own key is judged by the install's keys."""
    forged = jwt.encode(
        _claims(), private_pem("other"), "RS256", headers={header: "https://evil.test/key"}
    )

    with pytest.raises(BadSignature):
        zendesk.helpdesk.verify(_launch(forged), zendesk.install)


def test_refuses_two_tokens(zendesk: Bench) -> None:
    """Two token fields are no launch, also when both are right."""
    with pytest.raises(BadSignature):
        zendesk.helpdesk.verify(_launch(_token(), _token()), zendesk.install)


def test_a_changed_claim_breaks_the_signature(zendesk: Bench) -> None:
    """Claims of one token under the signature of another are refused."""
    head, _, signature = _token().split(".")
    changed = ".".join([head, _part(_claims(sub=f"{API}/users/1.json")).decode(), signature])

    with pytest.raises(BadSignature):
        zendesk.helpdesk.verify(_launch(changed), zendesk.install)


@pytest.mark.parametrize("key", ["no PEM at all", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END…"])
def test_an_unusable_key_verifies_nothing(zendesk: Bench, key: str) -> None:
    """A key that cannot be read fails closed, and does not hide the good one."""
    with pytest.raises(BadSignature):
        zendesk.helpdesk.verify(_launch(_token()), zendesk.keyed(key))

    both = zendesk.keyed(key, public_pem("zendesk"))
    assert zendesk.helpdesk.verify(_launch(_token()), both).agent_id == "7"


def test_an_agent_of_another_account_is_nobody(zendesk: Bench) -> None:
    """The agent id counts only in the address of the own account."""
    request = _launch(_token(sub="https://evil.zendesk.com/api/v2/users/7.json"))

    assert zendesk.asked(request).viewer.role == "agent"


def test_without_an_installation_it_is_named(zendesk: Bench) -> None:
    """Until an installation is registered, a right launch names the one that it comes from."""
    with pytest.raises(UnknownTenant) as caught:
        zendesk.helpdesk.verify(_launch(_token()), zendesk.with_options(installation_id=None))

    assert caught.value.tenant == "42"


def test_an_installation_of_another_install_is_refused(zendesk: Bench) -> None:
    """A tenant that another install has registered is wrong here, not new."""
    new = UnknownTenant("installation_id", "41")
    taken = UnknownTenant("installation_id", "42")

    assert refuse_other_tenants(new, [zendesk.install]) is new
    assert type(refuse_other_tenants(taken, [zendesk.install])) is BadSignature


def test_signing_needs_the_private_key(zendesk: Bench) -> None:
    """Without a private key the trial says which setting it needs."""
    with pytest.raises(ConfigurationError, match=r"installs\.acme\.private_key"):
        zendesk.signed(install=zendesk.with_options(private_key=None))


def test_named_hosts_replace_the_account_as_frame(zendesk: Bench) -> None:
    """The account's own origin may frame the page, unless the install names others."""
    elsewhere = dataclasses.replace(zendesk.install, hosts=("http://127.0.0.1:8321/", "a.test"))

    assert zendesk.helpdesk.ancestors(zendesk.install) == ("https://acme.zendesk.com",)
    assert zendesk.helpdesk.ancestors(elsewhere) == ("http://127.0.0.1:8321", "https://a.test")
