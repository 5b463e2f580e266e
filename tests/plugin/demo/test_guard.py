"""The demo keeps to itself: its own folder, this machine alone, its own installs."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from plugin.cli import main
from plugin.demo.guard import MARK, own_installs, strange_installs, unsafe
from plugin.demo.setup import set_up_demo
from plugin.demo.workspace import refresh_demo, write_demo
from plugin.errors import ConfigurationError
from plugin.web.app import create_app
from plugin.workspace.start import load_settings
from tests.plugin.conftest import NOW

FIRM = """
[service]
base_url = "https://sidelight.example.com"
demo = true
secrets = ["0123456789abcdef0123456789abcdef"]
[store]
url = "sqlite:///sidelight.db"
[workspaces.acme]
name = "Acme"
[workspaces.acme.upstreams.crm]
kind = "files"
folder = "data"
parts = ["accounts"]
[workspaces.acme.installs.acme-intercom]
kind = "intercom"
workspace_id = "acme"
secrets = ["secret-of-intercom-secret-of-intercom"]
"""
OWN = "account_id,name,domain\n1,Acme,acme.com\n"


@pytest.fixture
def firm(tmp_path):
    """A firm's settings with `demo = true` in them, and its own data."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "accounts.csv").write_text(OWN)
    path = tmp_path / "sidelight.toml"
    path.write_text(FIRM)
    return path


@pytest.fixture
def made(tmp_path):
    """The settings file of a demo."""
    return set_up_demo(tmp_path / "demo", "127.0.0.1:8321", NOW)


def test_the_demo_never_writes_over_what_others_wrote(firm):
    """Neither at its first request nor when it is set up."""
    folder = firm.parent / "data"
    assert not refresh_demo(folder, NOW.date(), NOW)
    for write in (
        lambda: write_demo(folder, NOW.date(), NOW),
        lambda: set_up_demo(firm.parent, "127.0.0.1:8321", NOW),
    ):
        with pytest.raises(ConfigurationError):
            write()

    assert [path.name for path in folder.iterdir()] == ["accounts.csv"]
    assert (folder / "accounts.csv").read_text() == OWN
    assert firm.read_text() == FIRM


@pytest.mark.parametrize("command", ["check", "serve"])
def test_a_firm_with_the_demo_on_is_told_and_not_served(firm, monkeypatch, command):
    """Folder, address and installs, each by its key."""
    monkeypatch.setattr("os.execv", lambda *_: pytest.fail("gunicorn was started"))
    result = CliRunner().invoke(main, [command, "--config", str(firm)])

    assert result.exit_code == 1
    for key in (
        "service.demo",
        "service.base_url",
        "workspaces.acme.installs.acme-intercom",
    ):
        assert key in result.output
    assert (firm.parent / "data" / "accounts.csv").read_text() == OWN


def test_no_other_way_to_start_it_gets_by(firm):
    """Whoever runs gunicorn by hand is refused, too."""
    with pytest.raises(ConfigurationError):
        create_app(load_settings(firm))


@pytest.mark.parametrize("bind", ["0.0.0.0:8321", "[::]:8321", "192.168.1.4:80", "box.local:80"])
def test_the_demo_runs_on_this_machine_alone(made, bind, monkeypatch):
    """Whether the settings or the command say where."""
    settings = load_settings(made)
    wide = replace(settings, service=replace(settings.service, bind=bind))
    monkeypatch.setattr("os.execv", lambda *_: pytest.fail("gunicorn was started"))

    assert [problem.key for problem in unsafe(wide)] == ["service.bind"]
    assert [problem.key for problem in unsafe(settings, bind)] == ["service.bind"]
    served = CliRunner().invoke(main, ["serve", "--config", str(made), "--bind", bind])
    assert (served.exit_code, "service.bind" in served.output) == (1, True)
    monkeypatch.setenv("SIDELIGHT_BIND", bind)
    with pytest.raises(ConfigurationError):
        create_app(settings)


@pytest.mark.parametrize("bind", ["127.0.0.1:1", "localhost:1", "[::1]:1", "127.9.9.9:1"])
def test_its_own_settings_are_all_right(made, bind):
    """Wherever on this machine."""
    settings = load_settings(made)
    assert [*unsafe(settings, bind), *strange_installs(settings)] == []


def test_an_install_that_the_demo_did_not_make_is_refused_and_never_signed_for(made):
    """Nor one of the same name with another secret: the playground opens neither."""
    text = made.read_text().replace("demo-plain]", "acme-plain]")
    made.write_text(text + FIRM[FIRM.index("[workspaces.acme]") :])
    settings = load_settings(made)
    found = [problem.key for problem in strange_installs(settings)]
    assert found == [
        "workspaces.demo.installs.acme-plain",
        "workspaces.acme.installs.acme-intercom",
    ]
    client = create_app(settings).test_client()
    answer = client.get("/playground/answer?helpdesk=plain&ticket=NW-31")
    assert answer.status_code == 404
    changed = replace(settings.installs["demo-front"], secrets=("another",))
    space = replace(settings.workspaces["demo"], installs={"demo-front": changed})
    assert own_installs(replace(settings, workspaces={"demo": space})) == {}


def test_the_mark_holds_no_secret(made):
    """Digests only."""
    secrets = {word for one in load_settings(made).installs.values() for word in one.secrets}
    text = (made.parent / "data" / MARK).read_text()

    assert json.loads(text)
    assert not any(word in text for word in secrets)
