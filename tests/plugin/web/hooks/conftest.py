"""A service of two workspaces whose connections count what they are asked, and tell."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema

from plugin.errors import StoreUnavailable
from plugin.families import UPSTREAMS
from plugin.settings.records import Connection, Settings, Workspace
from plugin.upstream import AccountRef, Facts, Link, Upstream
from plugin.web.app import create_app
from tests.families.hooks.bench import SCHEMES, mac
from tests.plugin.conftest import BASE

SECRET, RIVAL_SECRET = "whsec_of_acme", "whsec_of_the_rival"
KIND = "counted"
ONE = AccountRef("a-1", "One", "one.example", emails=("ann@one.example",))
TWO = AccountRef("a-2", "Two", "two.example", external_ids={"billing": "cus_21,cus_22"})


class Counted:
    """An upstream that counts how often each account is fetched; it reads `cus_<account>`."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.meanwhile: Callable[[str], object] = lambda _name: None

    def fetch(self, ref: AccountRef, link: Link) -> Facts:
        """Say how often this account was asked for."""
        self.calls.append(f"{link.workspace}/{link.name}/{ref.id}")
        count = self.calls.count(self.calls[-1])
        self.meanwhile(link.name)
        ids = frozenset({f"cus_{ref.id}"})
        return Facts({"contract.plan": str(count)}, link.now, ids=ids)


@pytest.fixture
def counted(monkeypatch):
    """The kind of connection that the tests ask."""
    made = Counted()
    supplies = frozenset({"contract.plan"})
    for hook in ("stripe", "hubspot", "intercom"):
        kind = f"{KIND}-{hook}"
        one = Upstream(kind, "Counted", "https://x", Schema, supplies, made.fetch, hook=hook)
        monkeypatch.setitem(UPSTREAMS, kind, one)
    return made


def _space(name: str, rules: Path, *secrets: str) -> Workspace:
    kinds = {"billing": "stripe", "crm": "hubspot", "helpdesk": "intercom", "silent": "stripe"}
    connections = {
        one: Connection(
            one, f"{KIND}-{kind}", ttl=900.0, webhook_secrets=() if one == "silent" else secrets
        )
        for one, kind in kinds.items()
    }
    return Workspace(name, name.title(), rules=rules, upstreams=connections)


@pytest.fixture
def app(counted, demo_settings: Settings, hands, tmp_path):
    """A service of two workspaces with a connection that tells, and one without a secret."""
    del counted
    rules = tmp_path / "rules.yaml"
    rules.write_text("version: 1\npack: none\n")  # compiling those that ship takes a second
    spaces = {
        "acme": _space("acme", rules, SECRET, "whsec_old"),
        "rival": _space("rival", rules, RIVAL_SECRET),
    }
    store = replace(demo_settings.store, url=f"sqlite:///{tmp_path}/memory.db")
    made = create_app(replace(demo_settings, workspaces=spaces, store=store), clock=hands.clock())
    yield made
    parts = made.extensions["sidelight"]
    parts.store.writer.close()
    parts.store.database.close()


@pytest.fixture
def parts(app):
    """The parts of the service."""
    return app.extensions["sidelight"]


@pytest.fixture
def tell(app, hands):
    """Deliver a body, signed as Stripe does."""

    def _tell(
        body: Any, path: str = "/hooks/acme/billing", secret: str = SECRET, scheme: Any = None
    ):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signed = (scheme or SCHEMES["stripe"])(secret, raw, hands.now)
        return app.test_client().post(path, data=raw, headers=signed)

    return _tell


@pytest.fixture
def tell_hubspot(tell):
    """Deliver a list of events, signed as HubSpot does."""
    return partial(tell, path="/hooks/acme/crm", scheme=_for_crm)


@pytest.fixture
def tell_intercom(tell):
    """Deliver a notification, signed as Intercom does."""
    return partial(tell, path="/hooks/acme/helpdesk", scheme=SCHEMES["intercom"])


def _for_crm(secret: str, body: bytes, at: datetime) -> dict[str, str]:
    milliseconds = str(int(at.timestamp() * 1000))
    url = f"{BASE}/hooks/acme/crm"
    found = mac(secret, f"POST{url}".encode() + body + milliseconds.encode())
    return {
        "x-hubspot-signature-v3": b64encode(found).decode(),
        "x-hubspot-request-timestamp": milliseconds,
    }


@contextmanager
def away(*_patience: int) -> Iterator[None]:
    """Stand in for a store that does not answer."""
    raise StoreUnavailable("away")
    yield


@pytest.fixture
def plan(parts):
    """Return what a workspace shows of an account: how often it was fetched."""

    def _plan(ref: AccountRef = ONE, workspace: str = "acme", name: str = "billing") -> str:
        found = parts.runtimes[workspace].sources.gather(ref, time.monotonic() + 5)[name].facts
        return str(found.values["contract.plan"])

    return _plan


def event_of(
    number: str, customer: str | None = None, kind: str = "invoice.paid"
) -> dict[str, Any]:
    """Return an event of Stripe's, about an invoice of this customer."""
    thing = {"id": "in_1", "object": "invoice", "customer": customer}
    return {"id": f"evt_{number}", "object": "event", "type": kind, "data": {"object": thing}}
