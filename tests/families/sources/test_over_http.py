"""The recorded answers over a real connection: what is asked survives the way, and so does proof.

The conformance suite hands answers to adapters; here the service's own client asks a server on
loopback for them, so that every path, query, body and header is written and read as HTTP.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from plugin.errors import UpstreamError
from plugin.fetching.asking import Tenant
from plugin.fetching.clock import Clock
from plugin.fetching.lookups import Sources
from plugin.fetching.resources import Resources
from plugin.settings.records import Connection
from plugin.upstream import Identity
from tests.families.sources.recordings import (
    DATA,
    NAME,
    NOW,
    FakeApi,
    Recording,
    load,
    mine,
    source_name,
)
from tests.families.sources.test_conformance import _says

FAR = 1030.0  # by the fixed clock; nothing here waits


def _relative() -> list[str]:
    """Return the upstreams whose recordings name no host: their links may lead to loopback."""
    said = {
        source_name(path): json.loads(path.read_text())
        for path in DATA.glob("*/source/answers.json")
    }
    return sorted(
        name for name, one in said.items() if "routes" in one and "://" not in str(one["routes"])
    )


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


@dataclass
class Server:
    """Serves one recording; keeps what it was asked with."""

    api: FakeApi
    proofs: list[str | None] = field(default_factory=list)
    status: int | None = None

    def answer(self, method: str, target: str, headers: Any, body: bytes) -> tuple[int, Any]:
        """Return status and JSON for a request as it came."""
        self.proofs.append(headers.get("Authorization"))
        if self.status is not None:
            return self.status, {}
        parts = urlsplit(target)
        try:
            if method == "GET":
                query = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=False)
                return 200, self.api.get(parts.path, query)
            if headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
                return 200, self.api.post(target, dict(parse_qsl(body.decode())), form=True)
            return 200, self.api.post(target, json.loads(body))
        except UpstreamError as error:
            return error.status or 404, {}


@contextmanager
def _serving(server: Server) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def _reply(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            said = server.answer(self.command, self.path, self.headers, self.rfile.read(size))
            body = json.dumps(said[1], default=_plain).encode()
            self.send_response(said[0])
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _reply  # noqa: N815 — the names that the server looks for

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}"
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


@contextmanager
def _asked(recording: Recording, server: Server) -> Iterator[Sources]:
    """Give the connection as the service has it, with its calls led to the server."""
    now = [1000.0]
    clock = Clock(lambda: NOW, lambda: now[0], lambda _seconds: None)
    connection = Connection(NAME, recording.upstream.name, options=recording.options, loopback=True)
    with _serving(server) as url:
        upstream = replace(recording.upstream, base_url=lambda _: url, hosts=(), rate=None)
        resources = Resources(clock=clock)
        tenant = Tenant("acme", mine=mine)
        try:
            yield Sources(tenant, {NAME: (upstream, connection)}, resources)
        finally:
            resources.close()


@pytest.fixture(params=_relative())
def recording(request: pytest.FixtureRequest, tmp_path: Path) -> Recording:
    """Return each upstream in turn whose recording names no host."""
    return load(str(request.param), tmp_path)


def test_says_over_http_what_it_says_in_the_suite(recording: Recording) -> None:
    """The same facts arrive, and every call carries the connection's own proof."""
    server = Server(recording.api())
    with _asked(recording, server) as sources:
        looked = sources.gather(recording.account, FAR)[NAME]
    proof = recording.upstream.headers(recording.options).get("Authorization")

    assert looked.reason is None
    assert looked.facts is not None
    assert _says(looked.facts) == recording.said["values"]
    assert proof is None or set(server.proofs) == {proof}


def test_finds_over_http_what_it_finds_in_the_suite(recording: Recording) -> None:
    """Addresses, quotes and colons of a question reach the server as they were asked."""
    server = Server(recording.api())
    with _asked(recording, server) as sources:
        for asked in recording.said.get("finds", []):
            found = sources.find(NAME, Identity(asked["by"], asked["value"]), FAR)
            assert [ref.id for ref in found.accounts] == asked["ids"], asked


@pytest.mark.parametrize(
    ("status", "reason"),
    [(401, "refused"), (404, "not_found"), (429, "rate_limited"), (500, "broken"), (422, "broken")],
)
def test_a_refusal_over_http_is_a_gap(recording: Recording, status: int, reason: str) -> None:
    """Each status has its reason, and none is a value."""
    server = Server(recording.api(), status=status)
    with _asked(recording, server) as sources:
        looked = sources.gather(recording.account, FAR)[NAME]

    assert (looked.facts, looked.reason) == (None, reason)
