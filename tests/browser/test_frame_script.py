"""What the page does by itself: asks, swaps, waits, gives up calmly, and stores nothing."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Answer, Asked, Host
from tests.widgets.cast import CAST
from widgets.renderers.html import render, render_page
from widgets.shell import Shell

Opener = Callable[..., Page]
CLAIMS = {
    "ticket": {"id": "9", "subject": "CSV export fails"},
    "requester": {"email": "billing.admin@northwind.example", "name": "Admin"},
}
OTHER = {"ticket": {"id": "10"}, "requester": {"email": "jo@contoso.example"}}
WIDGET, ACTIONS = "/frames/acme/widget", "/frames/acme/actions/"


@dataclass(slots=True)
class Service:
    """Answers the second step: each member of the cast in turn, the last one for ever."""

    turns: list[str] = field(default_factory=lambda: ["northwind_csm"])
    status: int = 200
    gate: threading.Event = field(default_factory=threading.Event)
    asked: list[Asked] = field(default_factory=list)

    def __call__(self, request: Asked) -> Answer:
        """Answer once the gate is open."""
        self.asked.append(request)
        turn = self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]
        status = self.status
        assert self.gate.wait(20)
        return status, "text/html; charset=utf-8", render(CAST[turn], {})

    def bodies(self) -> list[Any]:
        """Return what was sent, read."""
        return [json.loads(request.body) for request in self.asked]


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


def show(page: Page, claims: object = CLAIMS) -> None:
    """Say what the helpdesk's bridge says when a ticket opens."""
    page.evaluate("claims => sidelight.show(claims)", claims)


def shown(page: Page, who: str = "northwind_csm") -> None:
    """Wait until the account of this member of the cast is shown."""
    expect(page.locator("#place h1")).to_have_text(CAST[who].header.title)
    expect(page.locator("#place")).not_to_have_attribute("aria-busy", "true")


def test_asks_with_the_token_and_the_claims(frame: Callable[..., Page], service: Service) -> None:
    """The second step carries the bearer token, and ticket, requester, theme and locale."""
    page = frame(theme="dark", locale="de-DE")
    show(page)
    shown(page)

    assert service.asked[0].headers["Authorization"] == "Bearer t0k3n"
    assert service.bodies() == [{**CLAIMS, "theme": "dark", "locale": "de-DE"}]


def test_leaves_no_trace(frame: Callable[..., Page]) -> None:
    """Nothing is stored, no cookie is set, and the token is gone from the document."""
    page = frame()
    show(page)
    shown(page)

    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("document.cookie") == ""
    assert "t0k3n" not in page.evaluate("document.documentElement.outerHTML")


def test_first_view_takes_three_files(frame: Callable[..., Page], host: Host) -> None:
    """The page, one style sheet and one script are all that is loaded before the facts."""
    page = frame()
    show(page)
    shown(page)

    loaded = ["/page", "/static/frame.css", "/static/frame.js"]
    assert [it.path for it in host.asked] == [*loaded, WIDGET]


def test_same_claims_ask_once(frame: Callable[..., Page], service: Service) -> None:
    """A bridge that repeats itself costs nothing."""
    page = frame()
    show(page)
    show(page)
    shown(page)

    assert len(service.asked) == 1


def test_a_part_that_came_with_the_page_is_kept(
    frame: Callable[..., Page], service: Service
) -> None:
    """When the launch has told the ticket, the bridge's first word asks for nothing."""
    page = frame(part=render(CAST["northwind_csm"], {}), ticket="9")
    show(page)
    shown(page)

    assert service.asked == []
    show(page, OTHER)
    expect(page.locator("#status")).to_contain_text("Updated")
    assert [body["ticket"] for body in service.bodies()] == [{"id": "10"}]


def test_never_shows_another_tickets_account(frame: Callable[..., Page], service: Service) -> None:
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


def test_a_late_answer_is_dropped(frame: Callable[..., Page], service: Service) -> None:
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


def test_skeleton_waits_300_ms(frame: Callable[..., Page], service: Service) -> None:
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


def test_skeleton_is_as_high_as_the_widget(frame: Callable[..., Page], service: Service) -> None:
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


def test_refresh_keeps_what_is_open_and_the_focus(
    frame: Callable[..., Page], service: Service
) -> None:
    """Fresh facts replace old ones under the reader's eyes: nothing closes, the focus stays."""
    page = frame()
    show(page)
    shown(page)
    why = page.locator("[data-key='why-repeated_billing_questions'] > summary")
    why.click()
    page.locator("[data-key='refresh']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("Updated")
    expect(page.locator(".fresh")).to_be_attached()

    assert service.bodies()[1]["refresh"] is True
    expect(page.locator("details[open]")).to_have_count(1)
    expect(page.get_by_text("3 or more tickets about billing")).to_be_visible()
    expect(page.locator("[data-key='refresh']")).to_be_focused()


def test_expired_session_asks_to_reload(frame: Callable[..., Page], service: Service) -> None:
    """A token that is too old becomes one calm sentence, without any account."""
    service.status = 401
    page = frame()
    show(page)

    expect(page.locator("#place h1")).to_have_text("This view has expired")
    expect(page.locator("#place")).to_contain_text("Reload the ticket")


def test_failure_can_be_tried_again(frame: Callable[..., Page], service: Service) -> None:
    """Without an answer there is a button, and it works."""
    service.status = 503
    page = frame()
    show(page)
    expect(page.locator("#place h1")).to_have_text("Sidelight did not answer")
    service.status = 200
    page.get_by_role("button", name="Try again").click()

    shown(page)


def test_failed_refresh_keeps_the_values(frame: Callable[..., Page], service: Service) -> None:
    """What is shown stays when a refresh fails, and a screen reader is told."""
    page = frame()
    show(page)
    shown(page)
    service.status = 500
    page.get_by_role("button", name="Refresh").click()

    expect(page.locator("#status")).to_contain_text("Could not update")
    shown(page)


def test_partial_answer_is_asked_for_once_more(
    frame: Callable[..., Page], service: Service
) -> None:
    """A part that may get better is asked for again by itself, once, without moving the focus."""
    service.turns = ["partial"]
    page = frame()
    show(page)
    shown(page, "partial")
    page.locator("[data-key='sources'] > summary").focus()
    page.clock.run_for(2_100)
    expect(page.locator(".fresh")).to_be_attached()
    page.clock.run_for(20_000)

    assert len(service.asked) == 2
    expect(page.locator("[data-key='sources'] > summary")).to_be_focused()


def test_reports_its_height(frame: Callable[..., Page]) -> None:
    """The bridge hears each new height, and never a height of nothing."""
    page = frame()
    page.evaluate("sidelight.onResize(it => { document.body.dataset.heights += ` ${it}` })")
    show(page)
    shown(page)
    tall = page.locator("#place").evaluate("it => Math.ceil(it.getBoundingClientRect().height)")
    heard = re.compile(rf" {tall}$")
    expect(page.locator("body")).to_have_attribute("data-heights", heard)
    page.evaluate("document.body.hidden = true")
    page.evaluate("new Promise(done => new ResizeObserver(done).observe(place)).then(() => 0)")

    expect(page.locator("body")).to_have_attribute("data-heights", heard)


def test_follows_the_hosts_theme(frame: Callable[..., Page]) -> None:
    """The host's theme wins over the system's, and nonsense changes nothing."""
    page = frame(theme="light")
    page.evaluate("sidelight.theme('dark')")
    page.evaluate("sidelight.theme('<script>')")

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("sidelight.origin") == "https://acme.test"


def test_r_refreshes_only_inside(frame: Callable[..., Page], service: Service) -> None:
    """R refreshes while the focus is in the widget, not with Ctrl, and not from outside."""
    page = frame()
    show(page)
    shown(page)
    page.keyboard.press("r")
    page.locator("[data-key='match'] > summary").focus()
    page.keyboard.press("Control+r")
    page.goto(page.url)
    show(page)
    shown(page)
    page.locator("[data-key='match'] > summary").focus()
    page.keyboard.press("r")
    expect(page.locator("#status")).to_contain_text("Updated")
    expect(page.locator(".fresh")).to_be_attached()

    assert [body.get("refresh") for body in service.bodies()] == [None, None, True]


def test_r_can_be_switched_off(frame: Callable[..., Page], service: Service) -> None:
    """The shortcut has a switch in the widget, and an install may start with it off."""
    page = frame()
    show(page)
    shown(page)
    page.locator("[data-key='sources'] > summary").click()
    page.get_by_label("Press R to refresh").uncheck()
    page.keyboard.press("r")
    quiet = frame(shortcut=False)
    show(quiet)
    shown(quiet)
    quiet.locator("[data-key='sources'] > summary").click()
    expect(quiet.get_by_label("Press R to refresh")).not_to_be_checked()
    quiet.keyboard.press("r")
    quiet.clock.run_for(500)

    assert [body.get("refresh") for body in service.bodies()] == [None, None]


def test_an_action_is_posted_with_its_value(
    frame: Callable[..., Page], service: Service, host: Host
) -> None:
    """Choosing a candidate posts the choice with the claims, and shows what comes back."""
    host.pages[f"{ACTIONS}pin"] = chosen = Service()
    chosen.gate.set()
    service.turns = ["ambiguous"]
    page = frame()
    show(page)
    shown(page, "ambiguous")
    page.get_by_role("button", name="Choose Contoso Retail GmbH").click()

    shown(page)
    assert [body["value"] for body in chosen.bodies()] == ["a-2"]
    assert chosen.bodies()[0]["ticket"] == CLAIMS["ticket"]
    assert chosen.asked[0].headers["Authorization"] == "Bearer t0k3n"


def test_opened_sections_are_reported(frame: Callable[..., Page], host: Host) -> None:
    """Where the service remembers folds, opening a section tells it, and nothing is swapped."""
    host.pages[f"{ACTIONS}fold"] = told = Service()
    told.gate.set()
    page = frame(actions=("fold",))
    show(page)
    shown(page)
    with page.expect_response(lambda it: it.url.endswith("/fold")):
        page.get_by_role("heading", name="Company").click()

    assert [(it["value"], it["open"]) for it in told.bodies()] == [("company", True)]
    expect(page.get_by_text("Vertical SaaS")).to_be_visible()


def test_a_silent_helpdesk_is_not_waited_for_for_ever(frame: Callable[..., Page]) -> None:
    """When the bridge never says which ticket is open, the skeleton gives way to a sentence."""
    page = frame()
    page.clock.run_for(310)
    expect(page.locator(".skeleton")).to_be_visible()
    page.clock.run_for(15_000)

    expect(page.locator("#place h1")).to_have_text("Sidelight did not answer")


def test_nothing_moves_when_fresh_facts_arrive(frame: Callable[..., Page]) -> None:
    """Swapping the same widget shifts nothing, and there is no fade under reduced motion."""
    page = frame()
    page.emulate_media(reduced_motion="reduce")
    show(page)
    shown(page)
    page.evaluate(
        "window.shift = 0; new PerformanceObserver(list => {"
        " for (const it of list.getEntries()) shift += it.value }).observe({type: 'layout-shift'})"
    )
    page.get_by_role("button", name="Refresh").click()
    expect(page.locator(".fresh")).to_be_attached()

    assert page.evaluate("shift") == 0
    style = page.locator(".fresh").evaluate("it => getComputedStyle(it).animationName")
    assert style == "none"
