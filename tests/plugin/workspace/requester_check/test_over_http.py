"""Chatwoot's page proves nothing: its own API, over real HTTP on loopback, says who writes."""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from plugin.demo.setup import set_up_demo
from plugin.fetching.clock import system_clock
from plugin.web.app import create_app
from plugin.workspace.start import load_settings

HOST = "127.0.0.1:8321"
KEY = "0123456789abcdef0123456789abcdef"
JANE, SAARA = "billing.admin@northwind.example", "saara.lindqvist@haldenfreight.example"
SETTINGS = """
[workspaces.demo.upstreams.chats]
kind = "chatwoot_tickets"
base_url = "{url}"
account_id = "3"
token = "made-up-token"
loopback = true
[workspaces.demo.installs.chat]
kind = "chatwoot"
secrets = ["{key}"]
hosts = ["https://chat.acme.example"]
account_id = "3"
confirm_by = "chats"
confirm_required = true
"""
SENDER = {"id": 501, "email": JANE, "name": "Jane", "identifier": None}
CONVERSATION = {"id": 42, "account_id": 3, "meta": {"sender": SENDER}}


class Chatwoot(BaseHTTPRequestHandler):
    """Knows one conversation, and whoever asks without the token nothing."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        known = self.headers["api_access_token"] == "made-up-token"
        found = self.path == "/api/v1/accounts/3/conversations/42"
        body = json.dumps(CONVERSATION if found else {"payload": []}).encode()
        self.send_response((200 if found or "search" in self.path else 404) if known else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said: object) -> None:
        """Keep quiet."""


@pytest.fixture
def asked() -> list[str]:
    """Return what Chatwoot was asked."""
    return []


@pytest.fixture
def client(tmp_path: Path, asked: list[str]) -> Iterator[FlaskClient]:
    """Return a client of a service whose Chatwoot runs on this machine."""
    handler = type("Handler", (Chatwoot,), {"asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    path = set_up_demo(tmp_path, HOST, system_clock().now())
    with path.open("a", encoding="utf-8") as file:
        file.write(SETTINGS.format(url=f"http://127.0.0.1:{server.server_port}", key=KEY))
    app = create_app(load_settings(path))
    yield app.test_client()
    app.extensions["sidelight"].resources.close()
    server.shutdown()
    server.server_close()
    thread.join()


def _shown(client: FlaskClient, ticket: str, email: str) -> str:
    page = client.get(f"/frames/chat?k={KEY}")
    token = re.search(r'data-token="([^"]+)"', page.text)
    assert token is not None
    claims: dict[str, Any] = {"ticket": {"id": ticket}, "requester": {"email": email}}
    bearer = {"Authorization": f"Bearer {html.unescape(token[1])}"}
    return str(client.post("/frames/chat/widget", json=claims, headers=bearer).text)


def test_the_contact_of_the_conversation_is_shown(client: FlaskClient, asked: list[str]) -> None:
    """Whatever the page claims, the conversation's own contact decides; asked once."""
    honest, forged = _shown(client, "42", JANE), _shown(client, "42", SAARA)

    assert "Northwind" in honest
    assert "Northwind" in forged
    assert "Halden" not in forged
    assert f"The page names {SAARA}" in forged
    assert asked.count("/api/v1/accounts/3/conversations/42") == 1


def test_a_conversation_of_nobody_shows_no_account(client: FlaskClient) -> None:
    """What Chatwoot does not know, or an id that is none, confirms nobody."""
    for ticket in ("43", "../contacts/501"):
        shown = _shown(client, ticket, JANE)

        assert "Chatwoot did not confirm who wrote this ticket" in shown
        assert "Northwind" not in shown
