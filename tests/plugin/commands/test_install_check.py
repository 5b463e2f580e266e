"""`sidelight check` says of each install what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from plugin.cli import main
from plugin.commands.install_check import confirming_of, missing_of
from plugin.families import HELPDESKS
from plugin.settings.records import Connection, Install
from tests.families.helpdesks.bench import bench, public_pem

BASE = "https://ctx.acme.test"
APP = "ari:cloud:ecosystem::app/0f6c0f6c-0f6c-4f6c-8f6c-0f6c0f6c0f6c"
LONG = "0123456789abcdef0123456789abcdef"


def _install(kind: str, secret: str = LONG, **options: Any) -> Install:
    return Install("acme", kind, "main", (secret,), options=options)


def _missing(install: Install, base_url: str = BASE) -> dict[str, bool]:
    """Return the keys of what is missing below the install, and whether each is a note."""
    found = list(missing_of(HELPDESKS[install.kind], install, "en", base_url))
    start = "workspaces.main.installs.acme"
    return {one.key.removeprefix(start).lstrip("."): one.is_note for one in found}


@pytest.mark.parametrize("kind", list(HELPDESKS))
def test_a_whole_install_lacks_nothing(kind: str) -> None:
    """The installs that the helpdesks' own tests use have no problem, at most a note."""
    made = bench(kind)
    install = made.with_options(app_id=APP) if kind == "jira" else made.install
    found = missing_of(HELPDESKS[kind], install, "en", BASE)
    assert [one for one in found if not one.is_note and "is short" not in one.message] == []


CASES: list[tuple[Install, Mapping[str, bool]]] = [
    (
        _install("zendesk", subdomain="acme"),
        {"secrets[0]": False, "installation_id": False},
    ),
    (
        _install("zendesk", public_pem("jira"), subdomain="acme", installation_id="4"),
        {},
    ),
    (_install("zendesk", public_pem("jira"), subdomain="acme"), {"installation_id": False}),
    (_install("intercom"), {"workspace_id": False}),
    (_install("hubspot"), {"portal_id": False}),
    (_install("salesforce"), {"organization_id": False, "hosts": True}),
    (_install("jira", app_id="x", installation_id="4"), {"secrets[0]": False, "": False}),
    (
        _install(
            "jira",
            '{"keys": [{}]}',
            app_id=APP,
            installation_id="4",
        ),
        {},
    ),
    (_install("plain"), {"workspace_id": True}),
    (_install("pylon"), {"organization_id": True}),
    (_install("chatwoot"), {"hosts": False, "account_id": True}),
    (_install("reamaze"), {"hosts": False, "brand": True}),
    (_install("kustomer"), {"hosts": True}),
    (_install("freshdesk"), {"account": True, "signed": True}),
    (_install("freshdesk", "x" * 20, account="a.b", signed=True), {"secrets[0]": False}),
    (_install("front", "short"), {"secrets[0]": False, "hosts": True}),
    (_install("missive"), {}),
]


@pytest.mark.parametrize(("install", "expected"), CASES)
def test_what_is_missing_is_named(install: Install, expected: Mapping[str, bool]) -> None:
    """Each install's gaps are named by their keys; what only narrows is a note."""
    assert _missing(install) == expected


CONFIRMING: list[tuple[str, str | None, dict[str, str], dict[str, bool]]] = [
    ("zendesk", None, {"desk": "zendesk_tickets"}, {"confirm_by": True}),
    ("zendesk", "desk", {"desk": "zendesk_tickets"}, {}),
    ("zendesk", None, {"crm": "hubspot"}, {}),
    ("zendesk", "crm", {"crm": "hubspot"}, {"confirm_by": False}),
    ("hubspot", None, {"crm": "hubspot"}, {"confirm_by": True}),
    ("intercom", None, {"desk": "intercom_tickets"}, {}),
]


@pytest.mark.parametrize(("kind", "by", "upstreams", "expected"), CONFIRMING)
def test_who_could_confirm_is_said(
    kind: str, by: str | None, upstreams: dict[str, str], expected: dict[str, bool]
) -> None:
    """A connection that could confirm is noted; one of another vendor is a problem."""
    known = {name: Connection(name, one) for name, one in upstreams.items()}
    install = replace(_install(kind), confirm_by=by)
    found = list(confirming_of(install, known))

    assert {one.key.rpartition(".")[2]: one.is_note for one in found} == expected


def test_an_install_that_cannot_be_packaged_is_named() -> None:
    """What the helpdesk would refuse in the package is said before anybody uploads it."""
    install = _install("plain", workspace_id="w", card_key="a b")
    (problem,) = missing_of(HELPDESKS["plain"], install, "en", BASE)
    assert "its package would be refused: setup.json: plain-key" in problem.message


def test_an_insecure_address_is_not_said_again_for_each_install() -> None:
    """The service's own address is a problem of the service."""
    assert _missing(_install("plain", workspace_id="w"), "http://127.0.0.1:8321") == {}


def test_the_command_tells_it(tmp_path: Path) -> None:
    """`sidelight check` shows problems and notes of installs, with their keys."""
    path = tmp_path / "sidelight.toml"
    path.write_text(
        f'[service]\nbase_url = "{BASE}"\nsecrets = ["{LONG}"]\n'
        '[workspaces.main]\nname = "Main"\n[workspaces.main.installs.acme]\n'
        f'kind = "freshdesk"\nsecrets = ["short"]\n'
    )
    result = CliRunner().invoke(main, ["check", "--config", str(path)])

    assert result.exit_code == 1
    assert "✗ workspaces.main.installs.acme.secrets[0]: is short" in result.output
    assert "· workspaces.main.installs.acme.signed: is not set" in result.output
