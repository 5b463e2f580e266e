"""A source that misbehaves, seen from the helpdesk: 200 in time, the rest intact, said in words."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from marshmallow import Schema

from plugin.families import UPSTREAMS
from plugin.helpdesk import Trial
from plugin.settings.records import Connection
from plugin.upstream import AccountRef, Facts, Link, Upstream
from plugin.web.app import create_app
from plugin.workspace.trial_request import signed_trial
from tests.faults.conftest import answer
from tests.faults.conftest import serve as serve  # noqa: PLC0414 - a fixture, for this file too
from tests.plugin.conftest import BASE
from tests.plugin.web.test_frames import token_of

EMAIL = "billing.admin@northwind.example"
BUDGET = 1.0
KIND = "misbehaving"


def _fetch(ref: AccountRef, link: Link) -> Facts:
    return Facts({"survey.nps": link.client.get(f"/{ref.id}")["nps"]}, link.now)


def _base(options: Any) -> str:
    return str(options["url"])


@pytest.fixture
def open_ticket(monkeypatch, demo_settings, serve):
    """Open a ticket where one of five connections asks a server that follows a script."""
    made = Upstream(
        KIND, "Survey", "https://x", Schema, frozenset({"survey.nps"}), _fetch, base_url=_base
    )
    monkeypatch.setitem(UPSTREAMS, KIND, made)

    def _open(url: str):
        space = demo_settings.workspaces["demo"]
        broken = Connection("survey", KIND, options={"url": url}, loopback=True)
        space = replace(space, upstreams={**space.upstreams, "survey": broken})
        service = replace(demo_settings.service, frame_budget=BUDGET, demo=False)
        app = create_app(replace(demo_settings, workspaces={"demo": space}, service=service))
        parts = app.extensions["sidelight"]
        install, client = parts.installs["demo-zendesk"], app.test_client()
        zendesk, now = parts.helpdesks["zendesk"], parts.clock.now()
        launch = signed_trial(zendesk, install, Trial(EMAIL), BASE, now)
        where = launch.url.removeprefix(BASE)
        page = client.post(where, data=launch.body, headers=dict(launch.headers))
        headers = {"Authorization": f"Bearer {token_of(page.text)}"}
        began = time.monotonic()
        claims = {"requester": {"email": EMAIL}}
        told = client.post("/frames/demo-zendesk/widget", json=claims, headers=headers)
        return told, time.monotonic() - began

    def _serve(script: Callable[..., None]):
        return _open(serve(script).url)

    _serve.at = _open  # type: ignore[attr-defined]  # the address itself, where nobody serves
    return _serve


UNWELCOME = answer(status="401 Unauthorized")
LIMITED = answer(status="429 Too Many Requests", headers={"Retry-After": "60"})
PAGE = answer(b"<p>", headers={"Content-Type": "text/html"})
SCRIPTS = {
    "hung": (lambda talk: talk.hang(), "did not answer in time"),
    "garbage": (lambda talk: talk.send(b"\x00\xff\r\n\r\n"), "did not answer"),
    "page": (lambda talk: talk.send(PAGE), "did not answer"),
    "down": (lambda talk: talk.send(answer(status="503 Busy")), "did not answer"),
    "unwelcome": (
        lambda talk: talk.send(UNWELCOME),
        "refuses our credentials",
    ),
    "limited": (lambda talk: talk.send(LIMITED), "asks us to wait"),
}


@pytest.mark.parametrize("fault", SCRIPTS)
def test_a_source_that_fails_costs_its_own_facts_only(open_ticket, fault):
    """200 within the budget, the account is there, and the footer says what happened."""
    script, words = SCRIPTS[fault]
    told, took = open_ticket(script)

    assert (told.status_code, "Northwind Analytics" in told.text) == (200, True)
    assert took < BUDGET + 1.0  # a busy machine judges and draws slowly
    assert f"Survey {words}" in told.text


def test_a_source_that_refuses_to_connect_costs_its_own_facts_only(open_ticket):
    """Nobody listens on port 9."""
    told, _ = open_ticket.at("http://127.0.0.1:9")

    assert (told.status_code, "Northwind Analytics" in told.text) == (200, True)
