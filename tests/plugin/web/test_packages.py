"""The package door: the workspace's key opens its installs, and nothing else does."""

from __future__ import annotations

import dataclasses

import pytest
from flask import Flask
from flask.testing import FlaskClient

from manifest.check import check_reading
from manifest.reading import read_zip
from plugin.settings.records import ApiKey, Settings, Workspace
from plugin.store import audit
from plugin.web.app import create_app
from tests.plugin.conftest import Hands

KEY = "reports-0123456789abcdef"
OTHER = "others-0123456789abcdef"


@pytest.fixture(scope="module")
def client(demo_settings: Settings, same_hands: Hands) -> FlaskClient:
    """The demo with an API key, beside another workspace that has its own."""
    demo = dataclasses.replace(
        demo_settings.workspaces["demo"], api_keys=(ApiKey("old", "x" * 20), ApiKey("new", KEY))
    )
    other = Workspace("other", "Other", api_keys=(ApiKey("theirs", OTHER),))
    service = dataclasses.replace(
        demo_settings.service, base_url="https://ctx.acme.test", demo=False
    )
    spaces = {"demo": demo, "other": other}
    settings = dataclasses.replace(demo_settings, workspaces=spaces, service=service)
    app: Flask = create_app(settings, clock=same_hands.clock())
    return app.test_client()


def _get(client: FlaskClient, install: str, header: str | None):
    headers = {} if header is None else {"Authorization": header}
    return client.get(f"/api/v1/installs/{install}/package", headers=headers)


@pytest.mark.parametrize("install", ["demo-zendesk", "demo-plain", "demo-intercom"])
def test_the_key_opens_the_package(client: FlaskClient, install: str) -> None:
    """The answer is a clean zip of that name, the same each time, that nobody keeps."""
    answer = _get(client, install, f"Bearer {KEY}")

    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{install}.zip"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert check_reading(read_zip(answer.data)) == []
    assert _get(client, install, f"Bearer {KEY}").data == answer.data


def test_no_secret_is_in_the_package(client: FlaskClient, demo_settings: Settings) -> None:
    """Neither a secret nor a private key of the install is handed out."""
    for install in demo_settings.installs.values():
        content = _get(client, install.id, f"Bearer {KEY}").data.decode("latin-1")
        assert not [secret for secret in install.secrets if secret in content]
        assert "PRIVATE KEY" not in content


REFUSED = [
    ("demo-zendesk", None),
    ("demo-zendesk", ""),
    ("demo-zendesk", "Bearer"),
    ("demo-zendesk", "Bearer "),
    ("demo-zendesk", KEY),
    ("demo-zendesk", f"Basic {KEY}"),
    ("demo-zendesk", f"Bearer {KEY}x"),
    ("demo-zendesk", f"Bearer {OTHER}"),
    ("demo-zendesk", "Bearer ключ"),
    ("nothing", None),
    ("nothing", f"Bearer {KEY}"),
    ("nothing", f"Bearer {OTHER}"),
]


@pytest.mark.parametrize(("install", "header"), REFUSED)
def test_all_refusals_read_the_same(client: FlaskClient, install: str, header: str | None) -> None:
    """No key, a wrong key, another workspace's key, an unknown install: the same words."""
    sent = None if header is None else header.encode().decode("latin-1")
    answer = _get(client, install, sent)
    first = _get(client, "demo-zendesk", None)

    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "bad_signature"
    assert answer.data == first.data


def test_a_key_of_another_workspace_is_audited_where_it_was_tried(client: FlaskClient) -> None:
    """It is genuine, and not theirs."""
    memory = client.application.extensions["sidelight"].runtimes["demo"].memory
    _get(client, "demo-plain", f"Bearer {OTHER}")
    with memory.database.read() as connection:
        *_, last = audit.entries(connection, "demo")

    assert (last.event.actor, last.event.action, last.event.target) == (
        "API key of other",
        "refused",
        "package",
    )
