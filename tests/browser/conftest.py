"""A real browser, shared by the tests that look at pages."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.host import Host, handler
from tests.browser.service import WIDGET, Opener, Service
from widgets.renderers.html import render_page
from widgets.shell import Shell

FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb"]


@pytest.fixture
def host() -> Iterator[Host]:
    """Return a host on loopback that lives as long as the test."""
    made = Host("")
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(made))
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


@pytest.fixture
def service(host: Host) -> Service:
    """Return the service behind the page, its gate open."""
    made = Service()
    made.gate.set()
    host.pages[WIDGET] = made
    return made


@pytest.fixture
def frame(host: Host, open_page: Opener, service: Service) -> Callable[..., Page]:
    """Return a function that opens the page of an install, its clock in the test's hand."""
    assert service.gate.is_set()

    def open_(**shell: Any) -> Page:
        made = Shell("Sidelight", WIDGET, "t0k3n", "zendesk", origin="https://acme.test", **shell)
        page = open_page("about:blank")
        page.clock.install(time=0)
        page.clock.pause_at(1_000)
        page.goto(host.page("/page", render_page(made)))
        return page

    return open_
