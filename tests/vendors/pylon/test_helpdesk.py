"""The signature of Pylon, byte for byte as Go makes it, and its handshake."""

from __future__ import annotations

from typing import Any

import pytest

from plugin.errors import BadRequest, BadSignature
from plugin.frame import Proof
from plugin.vendors.pylon import go_json
from tests.families.helpdesks.bench import bench, get, mac


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("b=2&a=1", '{"a":["1"],"b":["2"]}'),
        ("a=x%26y", r'{"a":["x\u0026y"]}'),
        ("a=%3Cb%3E", r'{"a":["\u003cb\u003e"]}'),
        ("a=", '{"a":[""]}'),
        ("a=1+2", '{"a":["1 2"]}'),
        ("a=1%202", '{"a":["1 2"]}'),
        ("a=%E2%80%A8%E2%80%A9", r'{"a":["\u2028\u2029"]}'),
        ("a=%C3%A9/%F0%9F%98%80", '{"a":["é/😀"]}'),
        ("a=%22%5C", r'{"a":["\"\\"]}'),
        ("b=2&a=1&b=1", '{"a":["1"],"b":["2","1"]}'),
        ("Z=1&a=2&%C3%A9=3", '{"Z":["1"],"a":["2"],"é":["3"]}'),
    ],
    ids=[
        "sorted",
        "&",
        "< >",
        "blank",
        "plus",
        "%20",
        "separators",
        "beyond ASCII",
        "quotes",
        "a name twice",
        "bytes",
    ],
)
def test_pylon_signs_what_go_writes(query: str, message: str) -> None:
    """The query is signed as Go's JSON, names sorted bytewise."""
    desk = bench("pylon")
    signature = mac("app-secret", message.encode()).hex()

    proof = desk.helpdesk.verify(get(query, {"x-pylon-signature": signature}), desk.install)

    assert len(proof.claims) == len({pair.partition("=")[0] for pair in query.split("&")})


def test_go_keeps_repeated_values_in_order() -> None:
    """A name that comes twice is one list."""
    assert go_json.encode([("b", "2"), ("a", "1"), ("b", "1")]) == b'{"a":["1"],"b":["2","1"]}'


def test_what_is_read_stands_only_once() -> None:
    """A right signature does not decide which of two requesters is meant."""
    desk = bench("pylon")
    message = b'{"requester_email":["a@acme.test","b@acme.test"]}'
    query = "requester_email=a@acme.test&requester_email=b@acme.test"
    asked = get(query, {"x-pylon-signature": mac("app-secret", message).hex()})

    with pytest.raises(BadSignature, match="twice"):
        desk.helpdesk.verify(asked, desk.install)


def _handshake(code: str) -> Any:
    desk = bench("pylon")
    proof = Proof(claims={"request_type": "verify", "code": code})
    return desk.helpdesk.reply(get(""), proof, desk.install)


def test_pylon_gets_its_code_back() -> None:
    """The handshake is answered with its own code; a ticket wants an account."""
    desk = bench("pylon")
    fetch = Proof(claims={"request_type": "fetch_data"})

    assert _handshake("0bcb6f58").body == {"code": "0bcb6f58"}
    assert desk.helpdesk.reply(get(""), fetch, desk.install) is None


@pytest.mark.parametrize("code", ["", "<script>", "a b", "a" * 201, "code\n"])
def test_a_code_that_is_no_token_is_not_echoed(code: str) -> None:
    """Only token characters come back, also with a right signature."""
    with pytest.raises(BadRequest):
        _handshake(code)


def test_pylon_of_another_organization_is_refused() -> None:
    """Where our organization is set, a signed request of another one is wrong."""
    desk = bench("pylon")
    query = "organization_id=o-2"
    signature = mac("app-secret", b'{"organization_id":["o-2"]}').hex()

    with pytest.raises(BadSignature):
        desk.helpdesk.verify(
            get(query, {"x-pylon-signature": signature}), desk.with_options(organization_id="o-1")
        )
