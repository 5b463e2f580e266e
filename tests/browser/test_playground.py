"""A newcomer's first minutes: the playground, its tickets, and the real widget beside them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import FrameLocator, Page, expect
from werkzeug.serving import make_server

from plugin.demo.setup import set_up_demo
from plugin.fetching.clock import system_clock
from plugin.settings.records import Settings
from plugin.web.app import create_app
from plugin.workspace.start import load_settings

Serve = Callable[[Settings], str]


def _free_port() -> int:
    server = make_server("127.0.0.1", 0, Flask("probe"))
    port = server.server_port
    server.server_close()
    return port


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The demo as it is now, on a port of its own."""
    folder: Path = tmp_path_factory.mktemp("demo")
    bind = f"127.0.0.1:{_free_port()}"
    return load_settings(set_up_demo(folder, bind, system_clock().now()))


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Run the service for as long as the test lives."""
    running = []

    def _serve(settings: Settings) -> str:
        host, _, port = settings.service.bind.rpartition(":")
        server = make_server(host, int(port), create_app(settings), threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        running.append((server, thread))
        return settings.service.base_url

    yield _serve
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def playground(demo: Settings, serve: Serve, open_page) -> Page:
    """The playground in a browser."""
    page: Page = open_page(f"{serve(demo)}/playground", 1440, 1000)
    return page


def widget(page: Page) -> FrameLocator:
    """Return the real frame."""
    return page.frame_locator("#frame")


def choose(page: Page, ticket: str) -> None:
    """Choose a ticket of the inbox."""
    page.locator(f'[data-ticket="{ticket}"]').click()


TICKETS = {
    "NW-31": "Northwind Analytics",
    "HF-88": "Halden Freight",
    "MC-117": "Mirabel Clinics",
    "PL-4": "Pinecrest",
}


def test_each_ticket_shows_its_own_account(playground):
    """Never another one's, in whatever order they are opened."""
    for ticket in [*TICKETS, *reversed(TICKETS)]:
        choose(playground, ticket)

        expect(widget(playground).locator("h1, h2").first).to_contain_text(TICKETS[ticket])


def test_every_ticket_of_the_inbox_gets_an_answer(playground):
    """An account, candidates or a reason; never an empty panel."""
    seen = set()
    for button in playground.locator(".ticket").all():
        button.click()
        article = widget(playground).locator("article")
        expect(article).to_be_visible()
        playground.wait_for_function(
            "() => !document.querySelector('#frame').contentDocument"
            ".querySelector('#place[aria-busy]')"
        )
        seen.add(article.get_attribute("data-state"))

    assert {"resolved", "ambiguous", "none"} <= seen


def test_why_opens_the_evidence_in_place(playground):
    """The tickets that decided are named."""
    choose(playground, "NW-31")
    frame = widget(playground)
    frame.locator("summary", has_text="Why").nth(1).click()

    expect(frame.get_by_text("NW-29")).to_be_visible()


def test_the_three_roles_see_one_record_differently(playground):
    """An agent sees a band, a CSM the amount."""
    choose(playground, "NW-31")
    expect(widget(playground).get_by_text("$25–50k", exact=True)).to_be_visible()
    playground.get_by_text("CSM", exact=True).click()

    expect(widget(playground).get_by_text("≈ $30K", exact=True)).to_be_visible()


def test_the_frame_follows_the_theme_and_its_height(playground):
    """Dark at once, and as tall as its content."""
    choose(playground, "NW-31")
    expect(widget(playground).locator("article")).to_be_visible()
    playground.get_by_text("Dark", exact=True).click()

    expect(widget(playground).locator("html")).to_have_attribute("data-theme", "dark")
    playground.wait_for_function("() => Number(document.querySelector('#frame').height) > 700")


@pytest.mark.parametrize("helpdesk", ["Intercom", "Plain"])
def test_the_same_ticket_as_another_helpdesk_shows_it(playground, helpdesk):
    """Drawn from the real answer of the real door."""
    playground.get_by_role("tab", name=helpdesk).click()

    expect(playground.locator("#drawn")).to_contain_text("Northwind Analytics")
    expect(playground.locator("#drawn")).to_contain_text("Renews in 60 days with an open bug")


def test_what_can_be_done_on_intercoms_card_can_be_done_in_the_playground(playground):
    """A signal is snoozed with a word, and the snooze is taken back."""
    playground.get_by_role("tab", name="Intercom").click()
    card = playground.locator("#drawn")
    card.get_by_role("button", name="Show more").click()
    expect(card.get_by_role("combobox").first).to_be_visible()
    card.get_by_label("In a word (optional)").fill("the fix is on its way")
    card.get_by_role("combobox").first.select_option(label="Snooze for 7 days")
    card.get_by_role("button", name="Save").first.click()
    expect(card).to_contain_text("Snoozed for 7 days.")
    expect(card).not_to_contain_text("Renews in 60 days with an open bug")

    card.get_by_role("button", name="Undo").click()
    expect(card).to_contain_text("Undone.")
    expect(card).to_contain_text("Renews in 60 days with an open bug")


def test_a_dead_upstream_costs_its_own_part_only(demo, serve, open_page):
    """The rest of the account is there, and the part that failed says so."""
    space = demo.workspaces["demo"]
    usage = space.upstreams["analytics"]
    lost = replace(usage, options={**usage.options, "folder": str(demo.folder / "gone")})
    broken = replace(space, upstreams={**space.upstreams, "analytics": lost})
    page = open_page(f"{serve(replace(demo, workspaces={'demo': broken}))}/playground", 1440, 1000)

    article = widget(page).locator("article")

    expect(article).to_have_attribute("data-state", "partial")
    expect(article).to_contain_text("Renews in 60 days with an open bug")
    expect(article).to_contain_text("Analytics did not answer")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_playground_and_the_frame_have_no_accessibility_violation(
    demo, serve, open_page, theme
):
    """WCAG 2.2 AA, by axe, in both themes."""
    page = open_page(f"{serve(demo)}/playground", 1440, 1000, color_scheme=theme)
    expect(widget(page).locator("article")).to_be_visible()

    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})

    assert found.violations_count == 0, found.generate_report()
