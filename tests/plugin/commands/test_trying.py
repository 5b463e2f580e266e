"""`sidelight try`: the service is asked as the helpdesk would, and its answer is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plugin.cli import main
from plugin.demo.setup import set_up_demo
from plugin.families import HELPDESKS
from plugin.fetching.clock import system_clock
from plugin.web import frames
from plugin.workspace.answer_cache import Answer

WHO = "billing.admin@northwind.example"
MORE = """
[workspaces.demo.installs.real-zendesk]
kind = "zendesk"
subdomain = "acme"
installation_id = "42"
secrets = ["a public key that only Zendesk has the other half of"]
[workspaces.demo.installs.new-zendesk]
kind = "zendesk"
subdomain = "acme"
secrets = ["a public key that only Zendesk has the other half of"]
[workspaces.demo.installs.jira]
kind = "jira"
app_id = "ari:cloud:ecosystem::app/0f6c0f6c-0f6c-4f6c-8f6c-0f6c0f6c0f6c"
installation_id = "9"
secrets = ["{\\"keys\\": []}"]
"""
HELPSCOUT_PAGE = """<html data-helpdesk="helpscout"><body data-token="t" data-ticket="{ticket}"
 data-endpoint="/frames/demo-helpscout/widget"><main></main></body></html>"""
OTHERS = {
    "chatwoot": "",
    "crisp": "",
    "freescout": "",
    "freshdesk": "signed = true",
    "front": "",
    "gladly": "",
    "helpscout_legacy": "",
    "hubspot": 'portal_id = "7"',
    "kustomer": "",
    "missive": "",
    "pylon": "",
    "salesforce": 'organization_id = "00Dx00000001hxy"',
    "static_key": "",
}
INSTALL = """
[workspaces.demo.installs.try-{dashed}]
kind = "{kind}"
hosts = ["https://acme.example"]
secrets = ["0123456789abcdef0123456789abcdef"]
{more}
"""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, and installs of every other helpdesk."""
    folder = tmp_path_factory.mktemp("try")
    path = set_up_demo(folder, "127.0.0.1:8321", system_clock().now())
    others = [
        INSTALL.format(kind=kind, dashed=kind.replace("_", "-"), more=more)
        for kind, more in OTHERS.items()
    ]
    with path.open("a", encoding="utf-8") as file:
        file.write(MORE + "".join(others))
    return path


def run(config: Path, *words: str) -> Result:
    """Try one install."""
    return CliRunner().invoke(main, ["try", *words, "--email", WHO, "--config", str(config)])


DEMO = [f"demo-{kind.replace('_', '-')}" for kind in HELPDESKS]
INSTALLS = [*DEMO, "real-zendesk", "jira", *(f"try-{kind.replace('_', '-')}" for kind in OTHERS)]


@pytest.mark.parametrize("install", INSTALLS)
def test_the_answer_is_shown(config: Path, install: str) -> None:
    """Whatever the helpdesk, a correctly signed request is answered with the account."""
    result = run(config, install)

    assert result.exit_code == 0, result.output
    assert "200 " in result.stderr
    assert "Northwind" in result.stdout


def test_a_key_of_its_own_is_said(config: Path) -> None:
    """Where only the helpdesk can sign, the try says that its key is made up."""
    assert "only Zendesk can sign for real" in run(config, "real-zendesk").stderr
    assert "only Zendesk" not in run(config, "demo-zendesk").stderr


def test_an_install_that_lets_nobody_in_fails(config: Path) -> None:
    """Before the tenant's id is set, the setting that is missing is named."""
    result = run(config, "new-zendesk")
    assert result.exit_code == 1
    assert "workspaces.demo.installs.new-zendesk.installation_id: is not set" in result.stderr


def test_an_unknown_install_is_named_with_the_known_ones(config: Path) -> None:
    """A typing error is met with what there is."""
    result = run(config, "demo-zendsk")
    assert result.exit_code == 2
    assert "demo-zendesk" in result.stderr


def test_the_answer_as_json(config: Path) -> None:
    """Programs get status, type and body."""
    answer = json.loads(run(config, "demo-plain", "--format", "json").stdout)
    assert (answer["status"], answer["content_type"]) == (200, "application/json")
    assert json.loads(answer["body"])["cards"]


def test_the_agent_decides_what_is_shown(config: Path) -> None:
    """The agent's id gives the role, as in the settings."""
    assert run(config, "demo-zendesk").stdout != run(config, "demo-zendesk", "--agent", "2").stdout


def test_the_second_step_is_taken_only_where_the_script_takes_it(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that names its ticket as answered, and is empty, is shown as agents would see it."""
    page = HELPSCOUT_PAGE.format(ticket="1")
    monkeypatch.setattr(frames, "launched", lambda *_: Answer(page.encode(), "text/html"))
    result = run(config, "demo-helpscout")

    assert result.exit_code == 1
    assert "agents would see nothing" in result.stderr
