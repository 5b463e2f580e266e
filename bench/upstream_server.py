"""A source of facts that behaves as told: slow, hung, dripping, failing. A process of its own.

Usage: python -m bench.upstream_server PORT. GET /SOURCE/ACCOUNT answers as SOURCE was told to by
POST /-/set {"SOURCE": {"delay": seconds, "mode": "good"}}; GET /-/calls tells what was asked.
"""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODES = ("good", "error", "garbage", "hang", "drip")
HUNG = 30.0  # seconds
FILLER = "x" * 1_000  # five sources make six kilobytes an account

_lock = threading.Lock()
_behaviour: dict[str, dict[str, Any]] = {}
_calls: Counter[str] = Counter()
_over = threading.Event()


class Source(BaseHTTPRequestHandler):
    """One connection to the server."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer a question, or tell how many there were."""
        if self.path == "/-/calls":
            with _lock:
                self._answer(dict(_calls))
            return
        source, _, account = self.path.strip("/").partition("/")
        with _lock:
            _calls[source] += 1
            told = dict(_behaviour.get(source, {}))
        _over.wait(float(told.get("delay", 0.0)))
        self._behave(str(told.get("mode", "good")), account)

    def do_POST(self) -> None:
        """Take new behaviour, and forget what was counted."""
        told = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        with _lock:
            _behaviour.clear()
            _behaviour.update(told)
            _calls.clear()
        self._answer({})

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""

    def _behave(self, mode: str, account: str) -> None:
        if mode == "hang":
            _over.wait(HUNG)
        if mode == "error":
            self._answer({}, 500)
        elif mode == "garbage":
            self._send(b"\x00\xff<not json>", 200)
        elif mode == "drip":
            self._drip(json.dumps({"id": account}).encode())
        else:
            self._answer({"id": account, "text": FILLER})

    def _answer(self, value: object, status: int = 200) -> None:
        self._send(json.dumps(value).encode(), status)

    def _send(self, body: bytes, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for number in range(len(body)):
            self.wfile.write(body[number : number + 1])
            _over.wait(0.2)


class Server(ThreadingHTTPServer):
    """Threads end with the process."""

    daemon_threads = True
    request_queue_size = 256


if __name__ == "__main__":
    Server(("127.0.0.1", int(sys.argv[1])), Source).serve_forever()
