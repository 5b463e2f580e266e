"""The invocation token of Forge: keys, app, site."""

from __future__ import annotations

import base64
import dataclasses
import json
from typing import Any

import jwt
import pytest

from plugin.errors import BadSignature, UnknownTenant
from plugin.frame import SignedRequest
from tests.families.helpdesks.bench import (
    NOW,
    Bench,
    bench,
    key_set,
    mac,
    post,
    private_pem,
    public_jwk,
    public_pem,
)


def _forge(kid: str | None = "jira", key: str = "jira", **changes: Any) -> SignedRequest:
    right: dict[str, Any] = {
        "iss": "forge/invocation-token",
        "aud": "ari:cloud:ecosystem::app/1",
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 60,
        "app": {"installationId": "inst-1"},
        "principal": "7",
    }
    claims = {name: value for name, value in (right | changes).items() if value is not None}
    headers = {"kid": kid} if kid else {}
    token = jwt.encode(claims, private_pem(key), "RS256", headers=headers)
    return post(b"{}", {"authorization": f"Bearer {token}"})


@pytest.fixture
def jira() -> Bench:
    """Return Jira and its install."""
    return bench("jira")


def test_jira_accepts_a_right_token(jira: Bench) -> None:
    """A right token proves the user."""
    assert jira.helpdesk.verify(_forge(), jira.install).agent_id == "7"


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(_forge(aud="ari:cloud:ecosystem::app/2"), id="another app"),
        pytest.param(_forge(iss="evil"), id="another issuer"),
        pytest.param(_forge(app={}), id="no installation"),
        pytest.param(_forge(kid="unknown"), id="an unknown key"),
        pytest.param(_forge(kid=None), id="no key named"),
        pytest.param(_forge(key="other"), id="another key under the known name"),
        pytest.param(_forge(exp=None), id="no end"),
    ],
)
def test_jira_refuses(jira: Bench, request_: SignedRequest) -> None:
    """A token for another app, or under a key that is not Atlassian's, proves nothing."""
    with pytest.raises(BadSignature) as caught:
        jira.helpdesk.verify(request_, jira.install)

    assert type(caught.value) is BadSignature


def test_jira_refuses_its_public_key_as_hmac_secret(jira: Bench) -> None:
    """HS256 under the published key is no signature."""
    part = [{"alg": "HS256", "kid": "jira"}, {"aud": "ari:cloud:ecosystem::app/1"}]
    signed = b".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in part)
    tag = base64.urlsafe_b64encode(mac(public_pem("jira"), signed)).rstrip(b"=")
    token = (signed + b"." + tag).decode()

    with pytest.raises(BadSignature):
        jira.helpdesk.verify(post(b"{}", {"authorization": f"Bearer {token}"}), jira.install)


def test_jira_needs_no_more_than_an_end_and_an_app(jira: Bench) -> None:
    """Issuer and start are judged where they are there."""
    assert jira.helpdesk.verify(_forge(iss=None, iat=None), jira.install).agent_id == "7"


def test_another_site_of_jira_is_named(jira: Bench) -> None:
    """The keys serve all sites: an installation that is not registered is named."""
    with pytest.raises(UnknownTenant) as caught:
        jira.helpdesk.verify(_forge(app={"installationId": "inst-2"}), jira.install)

    assert caught.value.tenant == "inst-2"


@pytest.mark.parametrize(
    "keys",
    [
        [],
        [{}],
        ["x"],
        [{"kid": "jira", "kty": "oct", "k": "AAAA"}],
        [{"kid": "jira", "kty": "RSA"}],
    ],
    ids=["none", "empty", "a text", "a shared secret", "half a key"],
)
def test_odd_key_sets_verify_nothing(jira: Bench, keys: list[Any]) -> None:
    """A key set that is empty or broken fails closed."""
    with pytest.raises(BadSignature):
        jira.helpdesk.verify(_forge(), jira.keyed(key_set(*keys)))


def test_the_right_key_is_found_among_others(jira: Bench) -> None:
    """Broken neighbours of a key do not hide it."""
    many = jira.keyed("no JSON", key_set({"kid": "jira", "kty": "RSA"}, "other"), key_set("jira"))

    assert jira.helpdesk.verify(_forge(), many).agent_id == "7"


def test_the_service_may_hand_in_a_key_set(jira: Bench) -> None:
    """Keys that the service has fetched count like those of the settings."""
    fetched = jira.with_options(jwks={"keys": [public_jwk("jira")]})
    keyless = dataclasses.replace(fetched, secrets=())

    assert jira.helpdesk.verify(_forge(), keyless).agent_id == "7"
