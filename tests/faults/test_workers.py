"""What holds across the workers of one gunicorn, each a process with memory of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bench.servers import free_port
from plugin.families import HELPDESKS
from plugin.fetching.clock import system_clock
from plugin.frame import SignedRequest
from plugin.helpdesk import Trial
from plugin.settings.records import Settings
from plugin.workspace.start import load_settings
from plugin.workspace.trial_request import signed_trial
from tests.families.hooks.bench import SCHEMES
from tests.faults.conftest import FaultyServer, Talk, answer
from tests.faults.processes import until
from tests.faults.workers import SETTINGS, Workers, workers

SECRET = "made-up-secret-of-32-characters!"
ACCOUNTS = "account_id,name,domain\na-1,One,one.example\na-2,Two,two.example\n"

MORE = """
[workspaces.acme.upstreams.billing]
kind = "http_json"
loopback = true
webhook_secrets = ["{secret}"]
url = "{upstream}"
path = "/{{account_id}}"
id_at = "/id"

[workspaces.acme.upstreams.billing.fields]
"contract.plan" = "/plan"

[workspaces.acme.installs.canvas]
kind = "salesforce"
secrets = ["consumer-secret"]
organization_id = "00Dx00000001hxy"
"""


@pytest.fixture
def billing(serve: Callable[..., FaultyServer]) -> FaultyServer:
    """Return a billing system that calls each answer of an account's by another plan."""

    def script(talk: Talk) -> None:
        account = talk.request.split()[1].decode().strip("/")
        asked = sum(each.startswith(b"GET /" + account.encode()) for each in made.requests)
        talk.send(answer(json.dumps({"id": account, "plan": f"Plan{asked}"}).encode()))

    made: FaultyServer = serve(script)
    return made


@dataclass
class Running:
    """The service at work: its workers and its settings."""

    workers: Workers
    settings: Settings

    def send(self, worker: int, request: SignedRequest) -> tuple[int, str]:
        """Send a signed request to one of the workers."""
        path = request.url.removeprefix(self.settings.service.base_url)
        return self.workers.post(worker, path, request.body, request.headers)

    def signed(self, install: str, **trial: Any) -> SignedRequest:
        """Sign a request as a helpdesk would."""
        found = self.settings.installs[install]
        helpdesk = HELPDESKS[found.kind]
        now, base = system_clock().now(), self.settings.service.base_url
        return signed_trial(helpdesk, found, Trial(**trial), base, now)

    def shows(self, worker: int, email: str, plan: str) -> bool:
        """Return whether a worker shows this plan of an account."""
        status, text = self.send(worker, self.signed("panel", email=email, ticket_id="1"))
        assert status == 200
        return plan in text

    def tell(self, worker: int, **event: str) -> str:
        """Tell one of the workers of a change, as the billing system would."""
        body = json.dumps({"kind": "account.changed", **event}).encode()
        headers = SCHEMES["generic"](SECRET, body, system_clock().now())
        status, text = self.workers.post(worker, "/hooks/acme/billing", body, headers)
        assert status == 200, text
        return str(json.loads(text)["outcome"])


@pytest.fixture
def running(tmp_path: Path, billing: FaultyServer) -> Iterator[Running]:
    """Run the service."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "accounts.csv").write_text(ACCOUNTS)
    path, port = tmp_path / "sidelight.toml", free_port()
    path.write_text(
        SETTINGS.format(port=port, store="sqlite:///memory.db", folder=tmp_path / "data")
        + MORE.format(upstream=billing.url, secret=SECRET)
    )
    with workers(path, port) as made:
        yield Running(made, load_settings(path))


def test_a_launch_counts_once_over_all_workers(running: Running) -> None:
    """A launch that one worker answered is refused by the other, and by itself."""
    launch = running.signed("canvas", email="a@one.example", ticket_id="1")

    answers = [running.send(worker, launch) for worker in (0, 1, 0)]

    assert [status for status, _ in answers] == [200, 401, 401]
    assert "expired" in answers[1][1]


def test_a_webhook_reaches_every_worker_and_counts_once(running: Running) -> None:
    """What one worker is told, both forget at once; what is told again, neither does."""
    one, two = "ann@one.example", "bob@two.example"
    # Each worker has fetched each account, and shows it from memory.
    assert [running.shows(worker, one, f"Plan{worker + 1}") for worker in (0, 1)] == [True] * 2
    assert [running.shows(worker, two, f"Plan{worker + 1}") for worker in (0, 1)] == [True] * 2
    assert running.shows(1, one, "Plan2")

    assert running.tell(0, id="e-1", account_id="a-1") == "accepted"
    assert running.shows(1, one, "Plan3")
    assert running.shows(0, one, "Plan4")
    assert [running.shows(worker, two, f"Plan{worker + 1}") for worker in (0, 1)] == [True] * 2

    assert [running.tell(worker, id="e-1", account_id="a-1") for worker in (0, 1)] == [
        "duplicate"
    ] * 2
    assert running.shows(1, one, "Plan3")


def test_a_new_ticket_is_fetched_by_every_worker(running: Running, billing: FaultyServer) -> None:
    """The one that was told and the one that was not: whoever opens it asks nobody."""
    event = {"id": "e-2", "kind": "ticket.created", "email": "ann@one.example"}
    assert running.tell(0, **event) == "accepted"
    assert until(lambda: len(billing.requests) == 2, 10.0)

    assert running.shows(0, "ann@one.example", "Plan")
    assert running.shows(1, "ann@one.example", "Plan")
    assert len(billing.requests) == 2
