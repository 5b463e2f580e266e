"""The service with one install whose requesters a helpdesk's API confirms."""

from __future__ import annotations

import html
import re
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from plugin.fetching.clock import Clock
from plugin.helpdesk import Trial
from plugin.web.services import Services
from plugin.workspace.trial_request import signed_trial

HOST = "127.0.0.1:8321"
JANE = "billing.admin@northwind.example"
SAARA = "saara.lindqvist@haldenfreight.example"
TICKET = {"id": "25", "subject": "Export fails"}


class Hands:
    """The time of day in the test's hand; deadlines run in real time."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    def clock(self) -> Clock:
        """Return the clock."""
        return Clock(lambda: self.now, time.monotonic, lambda _seconds: None)


class Place:
    """The service with one install, and what its helpdesk and its page send."""

    def __init__(self, app: Flask, kind: str, hands: Hands) -> None:
        self.services: Services = app.extensions["sidelight"]
        self.client: FlaskClient = app.test_client()
        self.kind = kind
        self.hands = hands

    def launch(self, **trial: Any) -> Any:
        """Send the helpdesk's own, signed request."""
        install, helpdesk = (
            self.services.installs["desk-install"],
            self.services.helpdesks[self.kind],
        )
        asked = Trial(**({"ticket_id": "25", "email": JANE} | trial))
        signed = signed_trial(helpdesk, install, asked, f"http://{HOST}", self.hands.now)
        split = urlsplit(signed.url)
        target = f"{split.path}?{split.query}" if split.query else split.path
        headers = dict(signed.headers)
        return self.client.open(target, method=signed.method, headers=headers, data=signed.body)

    def page(self, email: str | None, ticket: Any = TICKET, door: str = "widget") -> str:
        """Send what a page claims, with the token of its launch; return the widget's markup."""
        token = re.search(r'data-token="([^"]+)"', self.launch().text)
        assert token is not None
        bearer = {"Authorization": f"Bearer {html.unescape(token[1])}"}
        claims = {"ticket": ticket, "requester": {"email": email}}
        answer = self.client.post(f"/frames/desk-install/{door}", json=claims, headers=bearer)
        assert answer.status_code == 200
        return str(answer.text)

    def counted(self, outcome: str) -> float:
        """Return how often this came of a confirmation."""
        text = self.client.get("/metrics").text
        name = f'sidelight_confirmations_total{{helpdesk="{self.kind}",outcome="{outcome}"}} '
        found = re.search(re.escape(name) + r"(\S+)", text)
        return float(found[1]) if found else 0.0
