"""Jira through the real door, its keys fetched from where they are published."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from plugin.cli import main
from plugin.demo.setup import set_up_demo
from plugin.families import HELPDESKS
from plugin.fetching.clock import system_clock
from plugin.helpdesk import Trial
from plugin.settings.records import Install, Settings
from plugin.web.app import create_app
from plugin.workspace.start import load_settings
from plugin.workspace.trial_request import signed_trial
from tests.families.helpdesks.bench import private_pem, public_jwk
from tests.plugin.keys.key_server import KeyServer, serving

HOST = "127.0.0.1:8321"
EMAIL = "billing.admin@northwind.example"
APP = "ari:cloud:ecosystem::app/0f6c0f6c-0f6c-4f6c-8f6c-0f6c0f6c0f6c"
INSTALL = """
[workspaces.demo.installs.acme-jira]
kind = "jira"
app_id = "{app}"
installation_id = "inst-1"
jwks_url = "{url}"
{more}
"""


@pytest.fixture
def server() -> Iterator[KeyServer]:
    """Return a server that publishes one key."""
    with serving("jira") as made:
        yield made


def _settings(folder: Path, server: KeyServer, more: str = "") -> Path:
    path = set_up_demo(folder, HOST, system_clock().now())
    with path.open("a", encoding="utf-8") as file:
        file.write(INSTALL.format(app=APP, url=server.url, more=more))
    return path


@pytest.fixture
def settings(tmp_path: Path, server: KeyServer) -> Settings:
    """Return the demo's settings with an install of Jira that has no secret."""
    return load_settings(_settings(tmp_path, server))


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    """Return a client of the service."""
    return create_app(settings).test_client()


def _own(install: Install, key: str, kid: str) -> Install:
    jwks = {"keys": [{**public_jwk(key), "kid": kid}]}
    options = {**install.options, "private_key": private_pem(key), "jwks": jwks}
    return dataclasses.replace(install, options=options)


def _ask(client: FlaskClient, settings: Settings, key: str = "jira", kid: str = "jira") -> Any:
    install = _own(settings.installs["acme-jira"], key, kid)
    trial = Trial(email=EMAIL, ticket_id="SUP-7")
    now = system_clock().now()
    signed = signed_trial(HELPDESKS["jira"], install, trial, f"http://{HOST}", now)
    path = urlsplit(signed.url).path
    return client.post(path, data=signed.body, headers=dict(signed.headers))


def test_the_account_is_shown_under_a_fetched_key(
    client: FlaskClient, settings: Settings, server: KeyServer
) -> None:
    """Nothing but the address of the keys is configured."""
    answers = [_ask(client, settings) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert all("Northwind" in answer.text for answer in answers)
    assert server.asked == 1


def test_made_up_keys_are_refused_and_ask_once(
    client: FlaskClient, settings: Settings, server: KeyServer
) -> None:
    """A storm of unknown names is refused without a storm of questions."""
    _ask(client, settings)
    refused = {
        _ask(client, settings, "other", f"made-up-{number}").status_code for number in range(40)
    }

    assert refused == {401}
    assert server.asked == 2


def test_another_key_under_a_known_name_is_refused(client: FlaskClient, settings: Settings) -> None:
    """The name only picks a key; the key proves."""
    assert _ask(client, settings, "other", "jira").status_code == 401


def test_a_key_that_is_new_is_accepted(
    client: FlaskClient, settings: Settings, server: KeyServer
) -> None:
    """Atlassian replaces its keys: nothing is restarted, and both count meanwhile."""
    _ask(client, settings)
    server.names.append("other")

    assert _ask(client, settings, "other", "other").status_code == 200
    assert _ask(client, settings).status_code == 200


def test_without_keys_nobody_is_let_in(
    client: FlaskClient, settings: Settings, server: KeyServer
) -> None:
    """Where no key can be had the answer is that of every bad proof."""
    server.status = 500
    refused = _ask(client, settings)

    assert (refused.status_code, refused.json["error"]["code"]) == (401, "bad_signature")


def test_keys_in_settings_count_beside_those_that_are_fetched(
    tmp_path: Path, server: KeyServer
) -> None:
    """A key set among the secrets verifies, too."""
    text = json.dumps({"keys": [public_jwk("other")]})
    settings = load_settings(_settings(tmp_path, server, f"secrets = [{json.dumps(text)}]"))
    client = create_app(settings).test_client()

    assert _ask(client, settings, "other", "other").status_code == 200
    assert _ask(client, settings).status_code == 200


def _check(path: Path) -> str:
    return CliRunner().invoke(main, ["check", "--config", str(path)]).output


def test_check_says_whether_the_keys_can_be_had(tmp_path: Path, server: KeyServer) -> None:
    """An address that does not answer is named with the setting."""
    path = _settings(tmp_path, server)
    assert "jwks_url" not in _check(path)

    server.status = 404
    assert "installs.acme-jira.jwks_url: the keys at http://127.0.0.1" in _check(path)


@pytest.mark.parametrize("url", ["ftp://x.test/k", "http://keys.acme.test/k", "https://a.test?x=1"])
def test_only_a_safe_address_is_taken(tmp_path: Path, server: KeyServer, url: str) -> None:
    """The service does not start with an address that it would never call."""
    server.url = url
    result = CliRunner().invoke(main, ["check", "--config", str(_settings(tmp_path, server))])

    assert result.exit_code == 1
    assert "jwks_url: write an https address" in result.output


def test_other_helpdesks_still_need_a_secret(tmp_path: Path, server: KeyServer) -> None:
    """Only who publishes keys may do without."""
    path = _settings(tmp_path, server)
    with path.open("a", encoding="utf-8") as file:
        file.write('[workspaces.demo.installs.bare]\nkind = "front"\n')

    assert "installs.bare.secrets: is missing: set it" in _check(path)
