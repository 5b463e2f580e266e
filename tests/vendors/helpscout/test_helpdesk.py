"""The signature of a Help Scout launch, byte for byte as PHP makes it."""

from __future__ import annotations

import base64
import dataclasses
from urllib.parse import urlencode

import pytest

from plugin.frame import SignedRequest
from plugin.vendors.helpscout import php_json
from tests.families.helpdesks.bench import TRIAL, bench, get, mac


def _help_scout(pairs: list[tuple[str, str]], message: str) -> SignedRequest:
    signature = base64.b64encode(mac("app-secret", message.encode(), "sha1")).decode()
    return get(urlencode([*pairs, ("X-HelpScout-Signature", signature)]))


def test_help_scout_signs_what_php_writes() -> None:
    """Slashes and everything beyond ASCII are escaped, blanks of a name become underscores."""
    request = _help_scout(
        [("user-id", "7"), ("a b.c", "x/y é 😀")],
        r'{"user-id":"7","a_b_c":"x\/y \u00e9 \ud83d\ude00"}',
    )
    desk = bench("helpscout")

    assert desk.helpdesk.verify(request, desk.install).agent_id == "7"


def test_php_writes_no_fields_as_a_list() -> None:
    """An empty array of PHP is a list."""
    assert php_json.encode({}) == b"[]"


def test_a_plus_of_the_signature_may_arrive_as_a_space() -> None:
    """Help Scout does not escape the `+` of its base64."""
    desk = bench("helpscout")
    for number in range(200):
        request = desk.signed(dataclasses.replace(TRIAL, ticket_id=str(number)))
        if b"%2B" in request.query:
            raw = request.query.replace(b"%2B", b"+")
            proof = desk.helpdesk.verify(dataclasses.replace(request, query=raw), desk.install)
            assert proof.agent_id == TRIAL.agent_id
            return
    pytest.fail("no signature with a plus among 200")
