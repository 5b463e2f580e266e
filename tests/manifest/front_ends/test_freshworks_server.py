"""The server part of the Freshworks app signs what our adapter accepts."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from plugin.errors import BadSignature
from plugin.frame import FrameRequest, SignedRequest
from plugin.settings.records import Install
from plugin.vendors.freshdesk.helpdesk import freshdesk
from tests.manifest.broken import good
from tests.manifest.front_ends.node import run

KEY = "0123456789abcdef0123456789abcdef"
ASKED = {
    "v": 1,
    "ticket_id": 25,
    "ticket": {"subject": "Export fails"},
    "requester": {"id": 1, "email": "jane@acme.test", "name": "Jäne"},
    "company_id": 2,
    "agent": {"id": 3},
    "locale": "en",
}
ARGS = {
    **ASKED,
    "iparams": {"api_key": KEY},
    "currentHost": {"endpoint_urls": {"freshdesk": "https://acme.freshdesk.com"}},
    "domain": "acme.freshdesk.com",
}
Serve = Callable[..., dict[str, Any]]


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    """Return what runs the server part in Node."""
    file = tmp_path / "server.js"
    file.write_bytes(good("freshdesk").files["server/server.js"])

    def run_(args: Any = ARGS, status: int = 200) -> dict[str, Any]:
        answer = {"status": status, "response": '{"version": 1}'}
        words = (str(file), "accountContext")
        said: dict[str, Any] = run("serve_function.js", *words, args=args, answer=answer)
        return said

    return run_


def _asked(sent: dict[str, Any], **options: Any) -> FrameRequest:
    """Verify and parse what was sent, with the header that the request template makes of it."""
    schema = json.loads(good("freshdesk").files["config/requests.json"])["accountContext"]["schema"]
    header = schema["headers"]["Authorization"].replace("<%= context.token %>", sent["token"])
    options = {"account": "acme.freshdesk.com", "signed": True, **options}
    install = Install("acme", "freshdesk", "main", (KEY,), options=options)
    url = f"https://{schema['host']}{schema['path']}"
    headers = {"authorization": header}
    body = sent["body"].encode()
    request = SignedRequest("POST", url, headers, b"", body, datetime.now(UTC))  # noqa: TID251 - Node signs with its own clock
    return freshdesk.parse(request, freshdesk.verify(request, install), install)


def test_the_adapter_accepts_what_the_app_signs(serve: Serve) -> None:
    """Ticket, requester and company arrive as the page knew them."""
    (sent,) = serve()["sent"]
    asked = _asked({"token": sent["context"]["token"], "body": sent["body"]})

    assert sent["template"] == "accountContext"
    assert asked.ticket is not None
    assert (asked.ticket.id, asked.ticket.subject) == ("25", "Export fails")
    assert asked.requester is not None
    assert (asked.requester.email, asked.requester.name) == ("jane@acme.test", "Jäne")
    assert asked.requester.organization_id == "2"


def test_the_account_is_the_platforms_not_the_pages(serve: Serve) -> None:
    """A page that claims another account is signed for its own one."""
    (sent,) = serve({**ARGS, "account": "other.freshdesk.com"})["sent"]
    token = {"token": sent["context"]["token"], "body": sent["body"]}

    assert _asked(token).ticket is not None
    with pytest.raises(BadSignature):
        _asked(token, account="other.freshdesk.com")


def test_the_key_is_not_sent(serve: Serve) -> None:
    """Only what the key signs leaves, never the key."""
    assert KEY not in json.dumps(serve()["sent"])


def test_the_page_gets_the_answer(serve: Serve) -> None:
    """What Sidelight answers is handed on as it is."""
    assert serve()["data"] == {"version": 1}


def test_a_refusal_is_handed_on_without_details(serve: Serve) -> None:
    """The page learns the status and a sentence."""
    said = serve(status=401)
    assert said["error"] == {"status": 401, "message": "Sidelight did not answer."}


def test_an_account_that_nobody_tells_is_said(serve: Serve) -> None:
    """Where neither the server part nor the page knows the account, a refusal says so."""
    bare = {name: value for name, value in ARGS.items() if name not in ("currentHost", "domain")}
    said = serve(bare, status=401)
    (sent,) = said["sent"]

    assert said["error"]["status"] == 401
    assert "did not tell which account this is" in said["error"]["message"]
    with pytest.raises(BadSignature, match="names no Freshdesk account"):
        _asked({"token": sent["context"]["token"], "body": sent["body"]})


def test_the_page_names_the_account_where_the_server_part_is_not_told(serve: Serve) -> None:
    """Without host and domain the account is the one that the front end reads."""
    bare = {name: value for name, value in ARGS.items() if name not in ("currentHost", "domain")}
    (sent,) = serve({**bare, "account": "acme.freshdesk.com"})["sent"]

    asked = _asked({"token": sent["context"]["token"], "body": sent["body"]})

    assert asked.ticket is not None
