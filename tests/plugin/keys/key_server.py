"""A server on loopback that publishes keys, as a helpdesk does, and counts who asks."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.families.helpdesks.bench import public_jwk

PATH = "/.well-known/jwks.json"


@dataclass
class KeyServer:
    """Publishes the keys of these names; `text` or `status` in their place where a test says so."""

    names: list[str]
    url: str = ""
    status: int = 200
    text: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    asked: int = 0
    gate: threading.Event = field(default_factory=threading.Event)
    seen: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def body(self) -> bytes:
        """Return what is published now."""
        keys = {"keys": [public_jwk(name) for name in self.names]}
        return (json.dumps(keys) if self.text is None else self.text).encode()


def _handler(server: KeyServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked += self.path == PATH
            assert server.gate.wait(10)
            body = server.body()
            self.send_response(server.status)
            for name, value in {"Content-Type": "application/json", **server.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            server.seen.release()

        def log_message(self, *said: object) -> None:
            """Keep quiet."""

    return Handler


@contextmanager
def serving(*names: str) -> Iterator[KeyServer]:
    """Publish these keys until the block is over."""
    made = KeyServer(list(names))
    made.gate.set()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    made.url = f"http://127.0.0.1:{server.server_address[1]}{PATH}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.gate.set()
        server.shutdown()
        server.server_close()
        thread.join()
