"""A tiny host on loopback: static files, and pages that a test makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

STATIC = Path(__file__).parents[2] / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".html": "text/html"}
# What the service sends with a page: no script, style or picture but our own.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'"
)
Answer = tuple[int, str, str]  # status, type, body


@dataclass(slots=True)
class Asked:
    """One request that a page made."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Host:
    """Serves static/, and at each path what a function of the test answers."""

    url: str
    pages: dict[str, Callable[[Asked], Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def page(self, path: str, markup: str) -> str:
        """Serve this markup at `path` and return its address."""
        self.pages[path] = lambda _: (200, "text/html; charset=utf-8", markup)
        return self.url + path


def _nothing(request: Asked) -> Answer:
    return 404, "text/plain", f"nothing at {request.path}"


def _answer(host: Host, request: Asked) -> Answer:
    file = STATIC / request.path.removeprefix("/static/")
    if request.path.startswith("/static/") and file.is_file():
        return 200, TYPES[file.suffix], file.read_text(encoding="utf-8")
    return host.pages.get(request.path, _nothing)(request)


def handler(host: Host) -> type[BaseHTTPRequestHandler]:
    """Return the handler of requests to this host."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            asked = Asked(self.path, dict(self.headers), self.rfile.read(length))
            host.asked.append(asked)
            status, kind, text = _answer(host, asked)
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *said: object) -> None:
            """Keep quiet."""

    return Handler
