"""What the page does for a ticket: asks, waits, and never shows another ticket's account."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.host import Host
from tests.browser.service import CLAIMS, OTHER, WIDGET, Service, show, shown
from tests.widgets.cast import CAST
from widgets.renderers.html import render

Frame = Callable[..., Page]


def test_asks_with_the_token_and_the_claims(frame: Frame, service: Service) -> None:
    """The second step carries the bearer token, and ticket, requester, theme and locale."""
    page = frame(theme="dark", locale="de-DE")
    show(page)
    shown(page)

    assert service.asked[0].headers["Authorization"] == "Bearer t0k3n"
    assert service.bodies() == [{**CLAIMS, "theme": "dark", "locale": "de-DE"}]


def test_the_helpdesks_locale_wins(frame: Frame, service: Service) -> None:
    """A locale among the claims is the agent's own and wins over that of the page."""
    page = frame(locale="de-DE")
    show(page, {**CLAIMS, "locale": "fr"})
    shown(page)

    assert [body["locale"] for body in service.bodies()] == ["fr"]


def test_leaves_no_trace(frame: Frame) -> None:
    """Nothing is stored, no cookie is set, and the token is gone from the document."""
    page = frame()
    show(page)
    shown(page)

    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("document.cookie") == ""
    assert "t0k3n" not in page.evaluate("document.documentElement.outerHTML")


def test_first_view_takes_three_files(frame: Frame, host: Host) -> None:
    """The page, one style sheet and one script are all that is loaded before the facts."""
    page = frame()
    show(page)
    shown(page)

    asked = [it.path for it in host.asked]
    assert sorted(asked[:-1]) == ["/page", "/static/frame.css", "/static/frame.js"]
    assert asked[-1] == WIDGET


def test_same_claims_ask_once(frame: Frame, service: Service) -> None:
    """A bridge that repeats itself costs nothing."""
    page = frame()
    show(page)
    show(page)
    shown(page)

    assert len(service.asked) == 1


def test_a_part_that_came_with_the_page_is_kept(frame: Frame, service: Service) -> None:
    """When the launch has told the ticket, the bridge's first word asks for nothing."""
    page = frame(part=render(CAST["northwind_csm"], {}), ticket="9")
    show(page)
    shown(page)

    assert service.asked == []
    show(page, OTHER)
    expect(page.locator("#status")).to_contain_text("Updated")
    assert [body["ticket"] for body in service.bodies()] == [{"id": "10"}]


def test_a_ticket_without_its_part_is_asked_for(frame: Frame, service: Service) -> None:
    """A page that names the ticket but came without its widget still asks."""
    page = frame(ticket="9")
    show(page)
    shown(page)

    assert [body["ticket"]["id"] for body in service.bodies()] == ["9"]


def test_never_shows_another_tickets_account(frame: Frame, service: Service) -> None:
    """From the moment a ticket changes, the account of the last one cannot be seen."""
    page = frame()
    show(page)
    shown(page)
    service.gate.clear()
    service.turns = ["ambiguous"]
    show(page, OTHER)

    expect(page.locator("#place h1")).not_to_be_visible()
    service.gate.set()
    shown(page, "ambiguous")


def test_a_late_answer_is_dropped(frame: Frame, service: Service) -> None:
    """An answer for the ticket before never overwrites the one that is open."""
    service.turns = ["northwind_csm", "ambiguous"]
    service.gate.clear()
    page = frame()
    show(page)
    expect(page.locator("#place")).to_have_attribute("aria-busy", "true")
    show(page, OTHER)
    service.gate.set()
    shown(page, "ambiguous")
    page.clock.run_for(5_000)

    shown(page, "ambiguous")


def test_skeleton_waits_300_ms(frame: Frame, service: Service) -> None:
    """A quick answer shows no skeleton; a slow one shows it after 300 ms and says so."""
    service.gate.clear()
    page = frame()
    show(page)
    page.clock.run_for(290)

    expect(page.locator(".skeleton")).to_have_count(0)
    page.clock.run_for(20)
    expect(page.locator(".skeleton")).to_be_visible()
    expect(page.locator("#status")).to_have_text("Loading the account")
    expect(page.locator("#place")).to_have_attribute("aria-busy", "true")
    service.gate.set()
    shown(page)


def test_skeleton_is_as_high_as_the_widget(frame: Frame, service: Service) -> None:
    """The skeleton takes the height of a usual answer, so that the host need not jump."""
    heights: list[float] = []
    service.gate.clear()
    page = frame()
    show(page)
    page.clock.run_for(310)
    heights.append(page.locator("#place").evaluate("it => it.offsetHeight"))
    service.gate.set()
    shown(page)
    heights.append(page.locator("#place").evaluate("it => it.offsetHeight"))

    assert abs(heights[0] - heights[1]) < 0.15 * heights[1]
