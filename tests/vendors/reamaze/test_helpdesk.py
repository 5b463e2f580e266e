"""The signed launch of Re:amaze."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest

from plugin.errors import BadSignature, ExpiredSignature
from plugin.frame import Requester, SignedRequest
from tests.families.helpdesks.bench import NOW, bench, get, later, mac


def _reamaze(params: dict[str, str], **more: str) -> SignedRequest:
    message = "&".join(f"{name}={params[name]}" for name in sorted(params)).encode()
    signature = mac("sso-secret", message).hex()
    return get(urlencode({**params, "hmac": signature, **more}))


REAMAZE = {"brand": "acme", "staff": "ada@us.test", "timestamp": str(int(NOW.timestamp()))}


def test_reamaze_signs_decoded_values() -> None:
    """An address is signed as it reads, not as it is escaped in the query."""
    desk = bench("reamaze")

    asked = desk.asked(_reamaze({**REAMAZE, "email": "jane+x@acme.test"}))

    assert asked.requester == Requester("jane+x@acme.test")


@pytest.mark.parametrize("escaped", ["jane%2Bx%40acme.test", "jane%2bx@acme.test"])
def test_reamaze_may_sign_encoded_values(escaped: str) -> None:
    """The page does not say which is signed: values as they are escaped are taken, too."""
    desk = bench("reamaze")
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in REAMAZE.items())
    fields = sorted(f"{query}&email={escaped}".split("&"))
    signature = mac("sso-secret", "&".join(fields).encode()).hex()

    asked = desk.asked(get(f"{query}&hmac={signature}&email={escaped}"))

    assert asked.requester == Requester("jane+x@acme.test")


def test_reamaze_escaped_anew_is_another_launch() -> None:
    """What is signed escaped proves those bytes alone, not what they would decode to twice."""
    desk = bench("reamaze")
    fields = sorted(
        [*(f"{name}={value}" for name, value in REAMAZE.items()), "email=a%40acme.test"]
    )
    signature = mac("sso-secret", "&".join(fields).encode()).hex()
    changed = "&".join(fields).replace("a%40acme", "b%40acme")

    with pytest.raises(BadSignature):
        desk.asked(get(f"{changed}&hmac={signature}"))


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (_reamaze(REAMAZE, email="eve@evil.test"), BadSignature),
        (_reamaze({**REAMAZE, "brand": "other"}), BadSignature),
        (_reamaze({"brand": "acme", "staff": "a@us.test"}), BadSignature),
        (later(_reamaze(REAMAZE), 301), ExpiredSignature),
    ],
    ids=["a parameter added", "another brand", "no time", "an old time"],
)
def test_reamaze_refuses(request_: SignedRequest, error: type[Exception]) -> None:
    """What was not signed, or long ago, is refused."""
    desk = bench("reamaze")

    with pytest.raises(error) as caught:
        desk.helpdesk.verify(request_, desk.install)

    assert type(caught.value) is error
