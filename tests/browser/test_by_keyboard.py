"""An agent who uses no mouse: feedback, snooze, undo, search, pin and unpin, by keys alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import FrameLocator, Page, expect
from werkzeug.serving import make_server

from plugin.demo.setup import set_up_demo
from plugin.fetching.clock import system_clock
from plugin.web.app import create_app
from plugin.workspace.start import load_settings

_NAME = (
    "() => { const it = document.activeElement; if (it.matches('main, body')) return '';"
    " return `${it.tagName} ${it.getAttribute('aria-label') || it.textContent || it.name}`; }"
)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[str]:
    """Run the demo on a port of its own, with a memory of its own."""
    probe = make_server("127.0.0.1", 0, Flask("probe"))
    bind = f"127.0.0.1:{probe.server_port}"
    probe.server_close()
    settings = load_settings(set_up_demo(tmp_path, bind, system_clock().now()))
    server = make_server("127.0.0.1", probe.server_port, create_app(settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://{bind}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(service: str, open_page) -> Page:
    """The playground with Northwind's ticket open, the focus at the start of the widget."""
    opened: Page = open_page(f"{service}/playground", 1440, 1000)
    opened.locator('[data-ticket="NW-31"]').click()
    expect(frame(opened).locator("h1")).to_contain_text("Northwind")
    frame(opened).locator("#place").focus()
    return opened


def frame(page: Page) -> FrameLocator:
    """Return the widget."""
    return page.frame_locator("#frame")


def inside(page: Page):
    """Return the frame itself, to ask what has the focus."""
    handle = page.locator("#frame").element_handle()
    assert handle is not None
    return handle.content_frame()


def reach(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab until what has this name has the focus."""
    for _ in range(120):
        if name in inside(page).evaluate(_NAME):
            return
        page.keyboard.press(key)
    raise AssertionError(f"no key leads to {name!r}")


def press(page: Page, name: str) -> None:
    """Go to a button by Tab and press it."""
    reach(page, name)
    page.keyboard.press("Enter")


def says(page: Page, text: str) -> None:
    """Wait until the page says so, to eyes and to screen readers."""
    expect(frame(page).locator(".toast")).to_contain_text(text)
    expect(frame(page).locator("#status")).to_contain_text(text)


def test_feedback_and_its_undo(page):
    """The signal goes, the focus is on Undo, and the signal comes back."""
    headline = frame(page).locator(".headline").first.inner_text()
    press(page, headline)  # the menu is named after its signal
    press(page, "BUTTON Known")
    says(page, "Marked as known")
    expect(frame(page).locator(".headline", has_text=headline)).to_have_count(0)
    page.keyboard.press("Enter")
    says(page, "Undone.")

    expect(frame(page).locator(".headline").first).to_have_text(headline)


def test_a_snooze_with_a_word_and_its_undo(page):
    """The word is typed beside the buttons; R is a letter there."""
    press(page, "What about this signal?")
    reach(page, "INPUT note")
    page.keyboard.type("renewal runs already")
    reach(page, "BUTTON 7 days")
    page.keyboard.press("Enter")
    says(page, "Snoozed for 7 days.")
    page.keyboard.press("Enter")

    says(page, "Undone.")


def test_search_pin_and_unpin(page):
    """Another account is found by name, chosen, and let go again."""
    press(page, "Not this account?")
    reach(page, "INPUT value")
    page.keyboard.type("halden")
    page.keyboard.press("Enter")
    expect(frame(page).locator(".choices")).to_contain_text("Halden Freight")
    press(page, "Choose Halden Freight")
    says(page, "Pinned this requester to Halden Freight.")
    expect(frame(page).locator("h1")).to_contain_text("Halden Freight")
    expect(frame(page).locator(".match")).to_contain_text("Pinned by 1 on")
    press(page, "BUTTON Unpin")

    says(page, "Unpinned from Halden Freight.")
    expect(frame(page).locator("h1")).to_contain_text("Northwind")
