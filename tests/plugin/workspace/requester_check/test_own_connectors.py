"""Help Scout and Front through the door: their own connectors say who wrote, from real answers."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from plugin.demo.setup import set_up_demo
from plugin.families import UPSTREAMS
from plugin.fetching.clock import Clock
from plugin.frame import Requester
from plugin.helpdesk import Trial
from plugin.upstream import Link, TicketKey
from plugin.web.app import create_app
from plugin.web.services import Services
from plugin.workspace.start import load_settings
from plugin.workspace.trial_request import signed_trial
from tests.families.sources.recordings import FakeApi
from tests.plugin.workspace.requester_check.helpdesk_api import HelpdeskApi

HOST = "127.0.0.1:8321"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
JANE = "billing.admin@northwind.example"
SAARA = "saara.lindqvist@haldenfreight.example"
OURS, THEIRS = "Northwind", "Halden"
SETTINGS = """
[workspaces.demo.upstreams.desk]
kind = "{kind}_tickets"
{options}
[workspaces.demo.installs.own]
kind = "{kind}"
secrets = ["0123456789abcdef0123456789abcdef"]
confirm_by = "desk"
confirm_required = true
"""
OPTIONS = {"helpscout": 'app_id = "a"\napp_secret = "s"', "front": 'token = "t"'}
TICKETS = {"helpscout": "25", "front": "cnv_25"}
CUSTOMER = {
    "id": 1,
    "firstName": "Jane",
    "organizationId": 7,
    "_embedded": {"emails": [{"id": 1, "value": JANE, "type": "work"}]},
}
CONTACT = {"_links": {"related": {"contact": "https://acme.api.frontapp.com/contacts/crd_1"}}}
ROUTES: Mapping[str, list[dict[str, Any]]] = {
    "helpscout": [
        {"get": "/v2/conversations/25", "answer": {"id": 25, "primaryCustomer": {"id": 1}}},
        {"get": "/v2/customers/1", "answer": CUSTOMER},
    ],
    "front": [
        {
            "get": "/conversations/cnv_25",
            "answer": {"id": "cnv_25", "recipient": {**CONTACT, "name": "Jane", "handle": JANE}},
        }
    ],
}
Open = Callable[[str, FakeApi], "Door"]


class Door:
    """The service with one install, and what helpdesk and page send."""

    def __init__(self, kind: str, path: Path) -> None:
        app = create_app(
            load_settings(path), clock=Clock(lambda: NOW, time.monotonic, lambda _: None)
        )
        self.kind = kind
        self.services: Services = app.extensions["sidelight"]
        self.client: FlaskClient = app.test_client()

    def launch(self) -> str:
        """Send the signed launch; return the page."""
        asked = Trial(ticket_id=TICKETS[self.kind], email=SAARA)
        helpdesk, install = self.services.helpdesks[self.kind], self.services.installs["own"]
        signed = signed_trial(helpdesk, install, asked, f"http://{HOST}", NOW)
        split = urlsplit(signed.url)
        answer = self.client.open(f"{split.path}?{split.query}", method=signed.method)
        assert answer.status_code == 200
        return str(answer.text)

    def page(self, email: str, ticket: str | None = None) -> str:
        """Send what the page claims, with the token of its launch; return the widget."""
        token = re.search(r'data-token="([^"]+)"', self.launch())
        assert token is not None
        bearer = {"Authorization": f"Bearer {html.unescape(token[1])}"}
        claims = {"ticket": {"id": ticket or TICKETS[self.kind]}, "requester": {"email": email}}
        answer = self.client.post("/frames/own/widget", json=claims, headers=bearer)
        assert answer.status_code == 200
        return str(answer.text)


@pytest.fixture
def open_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return a maker of the service whose connector asks recorded answers."""

    def make(kind: str, api: FakeApi) -> Door:
        known = UPSTREAMS[f"{kind}_tickets"]

        def whose(asked: TicketKey, link: Link) -> Requester | None:
            assert known.whose is not None
            return known.whose(asked, replace(link, client=api))

        asked = replace(known, whose=whose, fetch=HelpdeskApi().fetch, find=None)
        monkeypatch.setitem(UPSTREAMS, known.name, asked)
        path = set_up_demo(tmp_path, HOST, NOW)
        with path.open("a", encoding="utf-8") as file:
            file.write(SETTINGS.format(kind=kind, options=OPTIONS[kind]))
        return Door(kind, path)

    return make


def test_help_scout_s_launch_of_ids_is_full_at_once(open_door: Open) -> None:
    """The ids of the signed address lead to the customer's address, and that to the account."""
    api = FakeApi(ROUTES["helpscout"], {})
    shown = open_door("helpscout", api).launch()

    assert OURS in shown
    assert api.calls == ["get /v2/conversations/25", "get /v2/customers/1"]


def test_help_scout_refuses_another_customer_s_conversation(open_door: Open) -> None:
    """Where the API names another customer than the launch, nobody's account is shown."""
    other = {"id": 25, "primaryCustomer": {"id": 2, "email": JANE}}
    routes = [{"get": "/v2/conversations/25", "answer": other}]
    shown = open_door("helpscout", FakeApi(routes, {})).page(JANE)

    assert OURS not in shown
    assert "no account is shown" in shown


def test_front_s_api_wins_over_the_page(open_door: Open) -> None:
    """The page names somebody else: the conversation's own recipient is shown."""
    door = open_door("front", FakeApi(ROUTES["front"], {}))
    shown = door.page(SAARA)

    assert (OURS in shown, THEIRS in shown) == (True, False)
    assert f"The page names {SAARA}; Front says that {JANE} wrote this ticket." in shown
    assert OURS in door.page(JANE)


def test_front_confirms_nobody_in_an_unknown_conversation(open_door: Open) -> None:
    """What Front does not have confirms no claim, so no account is shown."""
    shown = open_door("front", FakeApi(ROUTES["front"], {})).page(JANE, "cnv_404")

    assert OURS not in shown
    assert "Front did not confirm who wrote this ticket, so no account is shown." in shown
