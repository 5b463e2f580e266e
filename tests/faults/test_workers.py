"""What holds across the workers of one gunicorn, each a process with memory of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.servers import free_port
from plugin import helpdesks
from plugin.commands.reading import load_settings
from plugin.context.clock import system_clock
from plugin.helpdesk import Helpdesk, Trial
from plugin.registry import discover
from plugin.trials import signed_trial
from tests.faults.workers import Workers, workers

SETTINGS = """
[service]
base_url = "http://127.0.0.1:{port}"
secrets = ["made-up"]

[store]
url = "sqlite:///memory.db"

[workspaces.acme]
name = "Acme"

[workspaces.acme.installs.canvas]
kind = "salesforce"
secrets = ["consumer-secret"]
organization_id = "00Dx00000001hxy"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Return the settings file."""
    path = tmp_path / "sidelight.toml"
    path.write_text(SETTINGS.format(port=free_port()))
    return path


@pytest.fixture
def running(settings: Path) -> Iterator[Workers]:
    """Run the service."""
    port = load_settings(settings).service.base_url.rpartition(":")[2]
    with workers(settings, int(port)) as made:
        yield made


def test_a_launch_counts_once_over_all_workers(running: Workers, settings: Path) -> None:
    """A launch that one worker answered is refused by the other, and by itself."""
    loaded = load_settings(settings)
    install, helpdesk = loaded.installs["canvas"], discover(helpdesks, Helpdesk)["salesforce"]
    now, base = system_clock().now(), loaded.service.base_url
    signed = signed_trial(helpdesk, install, Trial("a@b.example", ticket_id="1"), base, now)
    where = signed.url.removeprefix(base)

    answers = [running.post(worker, where, signed.body, signed.headers) for worker in (0, 1, 0)]

    assert [status for status, _ in answers] == [200, 401, 401]
    assert "expired" in answers[1][1]
