"""The signed request of Salesforce Canvas."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.errors import BadSignature
from plugin.frame import Requester, SignedRequest
from tests.families.helpdesks.bench import bench, post

ORGANIZATION = "00Dx00000001hxyEAA"


def _envelope(record: Any = None, **changes: Any) -> dict[str, Any]:
    context = {
        "user": {"userId": "7", "email": "ada@us.test", "language": "de"},
        "organization": {"organizationId": ORGANIZATION},
        "environment": {"record": record, "parameters": {"email": "eve@evil.test"}},
    }
    client = {"instanceId": "_:a", "targetOrigin": "https://a.test", "oauthToken": "live-token"}
    return {"algorithm": "HMACSHA256", "client": client, "context": context} | changes


def _canvas(envelope: Any, secret: bytes = b"consumer-secret") -> tuple[str, str]:
    encoded = base64.b64encode(json.dumps(envelope).encode()).decode()
    signature = hmac.new(secret, encoded.encode(), hashlib.sha256).digest()
    return base64.b64encode(signature).decode(), encoded


def _posted(signature: str, encoded: str) -> SignedRequest:
    return post(urlencode({"signed_request": f"{signature}.{encoded}"}).encode(), {})


@pytest.mark.parametrize(
    ("change"),
    [
        str,
        lambda text: text.rstrip("="),
        lambda text: text.replace("+", "-").replace("/", "_"),
    ],
    ids=["as it is", "without padding", "url-safe"],
)
def test_salesforce_may_write_its_signature_in_either_alphabet(change: Any) -> None:
    """The signature is compared as bytes, however it is encoded."""
    desk = bench("salesforce")
    signature, encoded = _canvas(_envelope())

    assert desk.helpdesk.verify(_posted(change(signature), encoded), desk.install).agent_id == "7"


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(_posted(*_canvas(_envelope(algorithm="none"))), id="another algorithm"),
        pytest.param(_posted(*_canvas(_envelope(algorithm="HMACSHA1"))), id="a weaker algorithm"),
        pytest.param(_posted(*_canvas([])), id="an envelope that is no object"),
        pytest.param(_posted(*_canvas(_envelope(context={}))), id="no organization"),
        pytest.param(
            _posted(_canvas(_envelope())[0], _canvas(_envelope())[1] + ".x"), id="a dot more"
        ),
        pytest.param(
            _posted(*_canvas(_envelope(), base64.urlsafe_b64decode("consumer-secret="))),
            id="the secret decoded first",
        ),
        pytest.param(_posted("", _canvas(_envelope())[1]), id="no signature"),
    ],
)
def test_salesforce_refuses(request_: SignedRequest) -> None:
    """A lie about the algorithm, a foreign key or an odd form prove nothing."""
    desk = bench("salesforce")

    with pytest.raises(BadSignature):
        desk.helpdesk.verify(request_, desk.install)


def test_salesforce_knows_an_organization_by_both_lengths() -> None:
    """Set-up shows the id with 15 characters, the envelope holds 18."""
    desk = bench("salesforce")
    short = desk.with_options(organization_id=ORGANIZATION[:15])

    assert desk.helpdesk.verify(_posted(*_canvas(_envelope())), short).agent_id == "7"


def test_a_launch_of_salesforce_counts_once() -> None:
    """The same envelope has the same digest, whatever surrounds it in the form."""
    desk = bench("salesforce")
    signature, encoded = _canvas(_envelope())
    first = desk.helpdesk.verify(_posted(signature, encoded), desk.install)
    varied = _posted(signature.rstrip("="), encoded)
    varied = dataclasses.replace(varied, body=varied.body + b"&x=1")

    assert first.once is not None
    assert desk.helpdesk.verify(varied, desk.install).once == first.once


def test_the_live_token_of_salesforce_is_dropped() -> None:
    """What is handed on holds no token for the Salesforce API."""
    desk = bench("salesforce")
    request = _posted(*_canvas(_envelope()))
    proof = desk.helpdesk.verify(request, desk.install)

    shown = repr((proof, desk.helpdesk.parse(request, proof, desk.install)))

    assert "live-token" not in shown


@pytest.mark.parametrize(
    ("record", "ticket", "requester"),
    [
        (
            {
                "attributes": {"type": "Case"},
                "Id": "500x",
                "Subject": "Hi",
                "ContactEmail": "jane@acme.test",
                "ContactId": "003x",
                "AccountId": "001x",
            },
            "500x",
            Requester("jane@acme.test", None, "003x", "001x"),
        ),
        (
            {"attributes": {"type": "Account"}, "Id": "001x"},
            None,
            Requester(organization_id="001x"),
        ),
        (
            {"attributes": {"type": "Contact"}, "Id": "003x", "Email": "jane@acme.test"},
            None,
            Requester("jane@acme.test", None, "003x"),
        ),
        ({"Id": "500x"}, "500x", None),
        (None, None, None),
    ],
    ids=["a case", "an account", "a contact", "only an id", "no record"],
)
def test_salesforce_signs_the_record(
    record: Any, ticket: str | None, requester: Requester | None
) -> None:
    """Ticket and requester come from the record; the page author's parameters are left out."""
    desk = bench("salesforce")
    asked = desk.asked(_posted(*_canvas(_envelope(record))))

    assert (asked.ticket.id if asked.ticket else None) == ticket
    assert asked.requester == requester
    assert asked.viewer.role == "csm"
    assert asked.extra["bridge"] == {"instanceId": "_:a", "targetOrigin": "https://a.test"}


@settings(max_examples=40)
@given(
    st.recursive(
        st.none() | st.text(max_size=8),
        lambda s: (
            st.lists(s)
            | st.dictionaries(
                st.sampled_from(["attributes", "type", "Id", "Email", "ContactEmail", "Subject"]), s
            )
        ),
    )
)
def test_any_record_of_salesforce_is_read(record: Any) -> None:
    """A signed record of any shape is read as far as it goes."""
    desk = bench("salesforce")

    assert desk.asked(_posted(*_canvas(_envelope(record)))).install_id == "acme"


@pytest.mark.parametrize(("group", "role"), [("00E1", "csm"), ("00e2", "ae"), ("00E3", "agent")])
def test_the_role_and_the_profile_of_a_user_are_groups(group: str, role: str) -> None:
    """Both are inside the envelope: a team need not be listed name by name."""
    desk = bench("salesforce")
    install = dataclasses.replace(desk.install, roles={"00e1": "csm", "00E2": "ae"})
    envelope = _envelope()
    envelope["context"]["user"] |= {"roleId": group, "profileId": None}
    asked = desk.asked(_posted(*_canvas(envelope)), install)

    assert (asked.viewer.role, asked.viewer.groups) == (role, (group,))
