"""Every helpdesk without a frame, from its signed request to what stands in its own answer.

The card of HubSpot, the panel of Jira and the server part of Freshdesk's app ask with what their
hosts tell them and draw what the service answers; the others are asked at the door.
"""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from marshmallow import Schema

from plugin.demo.setup import set_up_demo
from plugin.families import HELPDESKS, UPSTREAMS
from plugin.fetching.clock import system_clock
from plugin.frame import SignedRequest
from plugin.helpdesk import Trial
from plugin.settings.records import Connection
from plugin.upstream import AccountRef, Facts, Link, Upstream
from plugin.vendors.hubspot.signature import SIGNATURE, TIMESTAMP, signature
from plugin.web.app import create_app
from plugin.workspace.start import load_settings
from plugin.workspace.trial_request import signed_trial
from tests.families.helpdesks.bench import bench
from tests.families.helpdesks.every_install import installs
from tests.manifest.broken import good
from tests.manifest.front_ends.node import run

HOST = "127.0.0.1:8321"
EMAIL = "billing.admin@northwind.example"
STRANGER = "someone@nowhere.example"
NATIVE = [name for name, desk in HELPDESKS.items() if desk.format != "html"]
CARDS = {"hubspot": "src/app/cards/SidelightCard.jsx", "jira": "src/index.jsx"}
PACKAGED = [*CARDS, "freshdesk"]
SLOW = "slow"


@pytest.fixture(scope="module", params=["quick", SLOW])
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """Return the service with the demo's accounts; as `slow`, one of its sources never answers."""
    path = set_up_demo(tmp_path_factory.mktemp("demo"), HOST, system_clock().now())
    folder = tmp_path_factory.mktemp("zed")
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" + installs(folder))
    (folder / "accounts.csv").write_text("account_id,name,domain\nz-1,Zed Labs,zedlabs.example\n")
    settings, released = load_settings(path), threading.Event()
    with pytest.MonkeyPatch.context() as patch:
        if request.param == SLOW:
            patch.setitem(UPSTREAMS, SLOW, _slow(released))
            space = settings.workspaces["demo"]
            late = Connection("survey", SLOW, deadline=0.2)
            space = dataclasses.replace(space, upstreams={**space.upstreams, "survey": late})
            settings = dataclasses.replace(
                settings, workspaces={**settings.workspaces, "demo": space}
            )
        made = create_app(settings)
        made.config[SLOW] = request.param == SLOW
        yield made
    released.set()


def _slow(released: threading.Event) -> Upstream:
    def fetch(ref: AccountRef, link: Link) -> Facts:
        del ref
        released.wait(60)
        return Facts({}, link.now)

    return Upstream(SLOW, "Survey", "https://x", Schema, frozenset({"survey.nps"}), fetch)


def _trial(name: str, email: str | None) -> SignedRequest:
    install = dataclasses.replace(bench(name).install, id=f"test-{name}")
    trial = Trial(email=email, name="Jane", ticket_id="31", subject="Hi", agent_id="7")
    now = system_clock().now()
    return signed_trial(HELPDESKS[name], install, trial, f"http://{HOST}", now)


def _send(service: Flask, signed: SignedRequest) -> Any:
    split = urlsplit(signed.url)
    target = split.path + (f"?{split.query}" if split.query else "")
    return service.test_client().open(
        target, method=signed.method, headers=dict(signed.headers), data=signed.body
    )


def _card(tmp_path: Path, name: str, email: str | None, answer: Any = None) -> dict[str, Any]:
    """Return what the package's card asks and draws, where its host tells this address."""
    properties = {"email": email, "firstname": "Jane", "lastname": None}
    hosts: dict[str, Any] = {
        "hubspot": {
            "context": {"crm": {"objectId": 31}, "user": {"locale": "en"}},
            "ticket": {"isLoading": False, "properties": {"subject": "Hi"}},
            "contacts": {
                "isLoading": False,
                "results": [{"toObjectId": 501, "properties": properties}] if email else [],
            },
        },
        "jira": {
            "context": {"extension": {"issue": {"key": "SUP-31"}}},
            "fields": {
                "summary": "Hi",
                "reporter": {"displayName": "Jane", "emailAddress": email} if email else None,
            },
        },
    }
    file = tmp_path / "card.js"
    file.write_bytes(good(name).files[CARDS[name]])
    given = {"host": hosts[name], "answer": answer or {"lost": True}}
    said: dict[str, Any] = run("render_card.js", str(file), CARDS[name], **given)
    return said


def _as_host(name: str, asked: Any, secret: str) -> SignedRequest:
    """Return the card's question as its host passes it on: its bytes, and the host's proof."""
    body = asked["body"]
    raw = (body if isinstance(body, str) else json.dumps(body)).encode()
    signed = dataclasses.replace(_trial(name, EMAIL), body=raw)
    if name == "hubspot":
        proof = signature(secret, signed, signed.headers[TIMESTAMP])
        return dataclasses.replace(signed, headers={**signed.headers, SIGNATURE: proof})
    if secret != _secret(name):
        return dataclasses.replace(signed, headers={**signed.headers, "authorization": "Bearer x"})
    return signed


def _secret(name: str) -> str:
    return next(iter(bench(name).install.secrets), "")


def _freshdesk(service: Flask, tmp_path: Path, email: str | None, secret: str) -> str:
    """Return what the page gets when it calls the app's server part, which asks the service."""
    file = tmp_path / "server.js"
    file.write_bytes(good("freshdesk").files["server/server.js"])
    account = bench("freshdesk").install.options.get("account") or "acme.freshdesk.com"
    args = {
        "v": 1,
        "ticket_id": 31,
        "ticket": {"subject": "Hi"},
        "requester": {"id": 1, "email": email, "name": "Jane"},
        "iparams": {"api_key": secret},
        "account": account,
    }
    words = ("serve_function.js", str(file), "accountContext")
    (sent,) = run(*words, args=args, answer={"status": 200, "response": "{}"})["sent"]
    headers = {
        "authorization": f"Bearer {sent['context']['token']}",
        "content-type": "application/json",
    }
    signed = dataclasses.replace(
        _trial("freshdesk", email), headers=headers, body=sent["body"].encode()
    )
    told = _send(service, signed)
    answer = {"status": told.status_code, "response": told.text}
    said = run(*words, args=args, answer=answer)
    return json.dumps(said.get("data") or said.get("error"), ensure_ascii=False)


def _shown(
    service: Flask, tmp_path: Path, name: str, email: str | None, secret: str | None = None
) -> str:
    """Return all that the agent is shown, through the package where one of ours runs there."""
    key = _secret(name) if secret is None else secret
    if name == "freshdesk":
        return _freshdesk(service, tmp_path, email, key)
    if name in CARDS:
        asked = _card(tmp_path, name, email)["asked"][-1]
        told = _send(service, _as_host(name, asked, key))
        answer = {"status": told.status_code, "body": told.get_json(silent=True)}
        drawn = _card(tmp_path, name, email, answer)
        assert "pinner" in drawn["first"][0]["name"]
        return json.dumps(drawn["drawn"], ensure_ascii=False)
    told = _send(service, _trial(name, email))
    assert told.status_code == 200
    return str(told.text)


def _says(said: str, words: str) -> bool:
    """Whether the words are there; Gladly's answer has no place for them but "no result"."""
    return words in said or '"results":[]' in said


@pytest.mark.parametrize("name", NATIVE)
def test_the_account_is_shown(service: Flask, tmp_path: Path, name: str) -> None:
    """The requester's account stands in the answer, also where a source never answers."""
    assert "Northwind Analytics" in _shown(service, tmp_path, name, EMAIL)


@pytest.mark.parametrize("name", PACKAGED)
def test_a_slow_source_is_named(service: Flask, tmp_path: Path, name: str) -> None:
    """What did not answer in time stands among the sources of the answer, and only then."""
    said = _shown(service, tmp_path, name, EMAIL)

    late = "Survey —" in said or "Survey did not answer in time" in said
    assert late == service.config[SLOW]


@pytest.mark.parametrize("name", NATIVE)
def test_a_ticket_without_address_says_so(service: Flask, tmp_path: Path, name: str) -> None:
    """No address is an answer: nobody's account, and the words for it where there is a place."""
    said = _shown(service, tmp_path, name, None)

    assert "Northwind" not in said
    assert _says(said, "This ticket has no e-mail address.")


@pytest.mark.parametrize("name", NATIVE)
def test_another_ticket_is_another_account(service: Flask, tmp_path: Path, name: str) -> None:
    """After a ticket of a known account, one of a stranger shows nothing of it."""
    assert "Northwind Analytics" in _shown(service, tmp_path, name, EMAIL)

    said = _shown(service, tmp_path, name, STRANGER)

    assert "Northwind" not in said
    assert _says(said, "No account is known for nowhere.example.")


@pytest.mark.parametrize("name", PACKAGED)
def test_a_refused_call_is_calm_in_the_package(service: Flask, tmp_path: Path, name: str) -> None:
    """What the service refuses is a sentence of the package, and nobody's account."""
    said = _shown(service, tmp_path, name, EMAIL, secret="another key, which nobody gave out")

    assert "Northwind" not in said
    calm = "Sidelight did not answer" if name == "freshdesk" else "account cannot be shown now"
    assert calm in said


@pytest.mark.parametrize("name", [name for name in NATIVE if name not in PACKAGED])
def test_a_refused_call_shows_nobody(service: Flask, name: str) -> None:
    """A request of another key is refused with a status that the helpdesk shows as a failure."""
    made = bench(name)
    install = dataclasses.replace(made.install, id=f"test-{name}", secrets=("another key",))
    trial = Trial(email=EMAIL, name="Jane", ticket_id="31", agent_id="7")
    now = system_clock().now()
    told = _send(service, signed_trial(HELPDESKS[name], install, trial, f"http://{HOST}", now))

    assert told.status_code == 401
    assert "Northwind" not in told.text
