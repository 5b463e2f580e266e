"""A real browser and a tiny host on loopback, shared by the tests that look at pages."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

STATIC = Path(__file__).parents[2] / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".html": "text/html"}
# What the service sends with a page: no script, style or picture but our own.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'"
)
Answer = tuple[int, str, str]  # status, type, body
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb"]


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


def _handler(host: Host) -> type[BaseHTTPRequestHandler]:
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


@pytest.fixture
def host() -> Iterator[Host]:
    """Return a host on loopback that lives as long as the test."""
    made = Host("")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def _chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium, started once; without it the test is skipped, in CI it fails."""
    path = _chromium()
    if path is None:
        missing = "no Chromium: install it, or name it in CHROMIUM"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page; complaints of the browser fail the test at its end."""
    complaints: list[str] = []
    opened: list[Page] = []

    def open_(url: str, width: int = 320, height: int = 700, **context: Any) -> Page:
        page = browser.new_page(viewport={"width": width, "height": height}, **context)
        opened.append(page)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
        )
        page.goto(url)
        return page

    yield open_
    for page in opened:
        page.close()

    assert complaints == []
