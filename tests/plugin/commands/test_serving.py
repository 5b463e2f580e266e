"""`sidelight serve` starts no worker before every workspace can be set up."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from plugin.cli import main

SETTINGS = """
[service]
base_url = "https://sidelight.example.com"
secrets = ["0123456789abcdef0123456789abcdef"]
[workspaces.acme]
name = "Acme"
grants = { agent = ["contract.arrr"] }
[workspaces.acme.installs.acme-front]
kind = "front"
secrets = ["secret-of-front-secret-of-front"]
confirm_by = "nobody"
"""


def test_what_stops_a_workspace_is_said_once_and_without_a_traceback(tmp_path: Path, monkeypatch):
    """Each reason is a line with its key; gunicorn is not reached."""
    path = tmp_path / "sidelight.toml"
    path.write_text(SETTINGS)
    monkeypatch.setattr("os.execv", lambda *_: pytest.fail("gunicorn was started"))

    result = CliRunner().invoke(main, ["serve", "--config", str(path)])

    assert result.exit_code == 1
    assert [line.partition(": ")[0] for line in result.stderr.splitlines()] == [
        "workspaces.acme.installs.acme-front.confirm_by",
        "workspaces.acme.grants.agent",
    ]


@pytest.mark.parametrize("bind", ["nowhere", "127.0.0.1:99999", "127.0.0.1:"])
def test_a_place_to_listen_that_is_none_is_refused_before_anything_is_claimed(
    tmp_path: Path, monkeypatch, bind: str
):
    """No line says that Sidelight serves there."""
    path = tmp_path / "sidelight.toml"
    right = SETTINGS.replace('grants = { agent = ["contract.arrr"] }\n', "")
    path.write_text(right.replace('confirm_by = "nobody"\n', ""))
    monkeypatch.setattr("os.execv", lambda *_: pytest.fail("gunicorn was started"))

    result = CliRunner().invoke(main, ["serve", "--config", str(path), "--bind", bind])

    assert result.exit_code == 2
    assert f"{bind!r} is not HOST:PORT" in result.stderr
    assert "Sidelight serves" not in result.output


def test_a_fresh_secret_is_long_enough_and_never_the_same():
    """`sidelight secret` prints what the settings want, and nothing else."""
    made = [CliRunner().invoke(main, ["secret"]).output.rstrip("\n") for _ in range(2)]

    assert made[0] != made[1]
    assert all(len(one.encode()) >= 32 and one.isascii() for one in made)


def test_a_secret_that_can_be_guessed_starts_nothing(tmp_path: Path, monkeypatch):
    """Said by its key, before anything listens."""
    path = tmp_path / "sidelight.toml"
    path.write_text(SETTINGS.replace("0123456789abcdef0123456789abcdef", "x"))
    monkeypatch.setattr("os.execv", lambda *_: pytest.fail("gunicorn was started"))

    for command in ("serve", "check"):
        result = CliRunner().invoke(main, [command, "--config", str(path)])
        assert result.exit_code == 1
        assert "service.secrets[0]" in result.output + result.stderr
