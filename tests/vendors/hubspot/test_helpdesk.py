"""The signature of HubSpot's proxy: what it signs, and in which form."""

from __future__ import annotations

import base64
import dataclasses
from datetime import UTC, datetime

import pytest

from plugin.errors import BadSignature, UnknownTenant
from plugin.frame import SignedRequest
from tests.families.helpdesks.bench import BASE, NOW, bench, mac

HUBSPOT_BODY = b"{'example_field':'example_value'}"
HUBSPOT_SECRET = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"
HUBSPOT_AT = datetime.fromtimestamp(1693657560, UTC)


def _hubspot_vector(signature: str) -> SignedRequest:
    headers = {
        "x-hubspot-signature-v3": signature,
        "x-hubspot-request-timestamp": "1693657560000",
    }
    url = "https://www.example.com/webhook_uri"
    return SignedRequest("POST", url, headers, b"", HUBSPOT_BODY, HUBSPOT_AT)


@pytest.mark.parametrize(
    ("signature", "why"),
    [
        ("K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=", "names no portal_id"),
        ("K36dawei4A QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=", "names no portal_id"),
        ("K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Z=", "signature is wrong"),
    ],
    ids=["right", "a plus as a space", "a letter wrong"],
)
def test_hubspot_signs_as_its_own_libraries_do(signature: str, why: str) -> None:
    """The public example passes the signature; it only lacks the account that HubSpot adds."""
    desk = bench("hubspot")

    with pytest.raises(BadSignature, match=why):
        desk.helpdesk.verify(_hubspot_vector(signature), desk.keyed(HUBSPOT_SECRET))


def _hubspot(query: str, signed: str | None = None, timestamp: str = "") -> SignedRequest:
    timestamp = timestamp or str(int(NOW.timestamp() * 1000))
    body = '{"ticket": {"subject": "Größe"}}'.encode()
    message = f"POST{BASE}?{signed or query}".encode() + body + timestamp.encode()
    headers = {
        "x-hubspot-signature-v3": base64.b64encode(mac("client-secret", message)).decode(),
        "x-hubspot-request-timestamp": timestamp,
    }
    return SignedRequest("POST", f"{BASE}?{query}", headers, query.encode(), body, NOW)


@pytest.mark.parametrize(
    ("query", "signed"),
    [
        ("portalId=4711&userId=7", None),
        ("portalId=4711&userEmail=ada%40us.test", "portalId=4711&userEmail=ada@us.test"),
        ("portalId=4711&a=%3A%2F%3F%21%24%27%28%29%2A%2C%3B", "portalId=4711&a=:/?!$'()*,;"),
        ("portalId=4711&a=%20%26%25", "portalId=4711&a=%20%26%25"),
    ],
    ids=["plain", "an address", "all that is decoded", "what stays encoded"],
)
def test_hubspot_decodes_some_signs_before_it_signs(query: str, signed: str | None) -> None:
    """Some characters of the address are signed decoded, the others as they are."""
    desk = bench("hubspot")

    assert desk.helpdesk.verify(_hubspot(query, signed), desk.install) is not None


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(_hubspot("portalId=4711&portalId=9"), id="two accounts"),
        pytest.param(
            dataclasses.replace(_hubspot("portalId=4711"), url=f"http://10.0.0.1:8000{BASE}?"),
            id="the host behind a proxy",
        ),
        pytest.param(
            _hubspot("portalId=4711", timestamp=str(int(NOW.timestamp()))), id="seconds for millis"
        ),
        pytest.param(_hubspot("portalId=4711", timestamp="soon"), id="a time that is none"),
        pytest.param(
            dataclasses.replace(_hubspot("portalId=4711"), body=b'{"ticket": {"subject": "?"}}'),
            id="another body",
        ),
    ],
)
def test_hubspot_refuses(request_: SignedRequest) -> None:
    """What differs from what was signed, or names two accounts, is refused."""
    desk = bench("hubspot")

    with pytest.raises(BadSignature):
        desk.helpdesk.verify(request_, desk.install)


def test_another_account_of_hubspot_is_named() -> None:
    """The secret serves all accounts of an app: one that is not registered is named."""
    desk = bench("hubspot")

    with pytest.raises(UnknownTenant) as caught:
        desk.helpdesk.verify(_hubspot("portalId=9"), desk.install)

    assert (caught.value.setting, caught.value.tenant) == ("portal_id", "9")
