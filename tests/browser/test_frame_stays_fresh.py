"""What the page does while it is open: swaps, gives up calmly, reports, obeys."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.host import Host
from tests.browser.service import ACTIONS, CLAIMS, Service, show, shown

Frame = Callable[..., Page]


def test_refresh_keeps_what_is_open_and_the_focus(frame: Frame, service: Service) -> None:
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


def test_expired_session_asks_to_reload(frame: Frame, service: Service) -> None:
    """A token that is too old becomes one calm sentence, without any account."""
    service.status = 401
    page = frame()
    show(page)

    expect(page.locator("#place h1")).to_have_text("This view has expired")
    expect(page.locator("#place")).to_contain_text("Reload the ticket")


def test_a_bridge_may_end_the_session(frame: Frame, service: Service) -> None:
    """Once the bridge says that the launch no longer holds, no late answer is shown."""
    service.gate.clear()
    page = frame()
    show(page)
    expect(page.locator("#place")).to_have_attribute("aria-busy", "true")
    page.evaluate("sidelight.expire()")
    service.gate.set()
    page.clock.run_for(20_000)

    expect(page.locator("#place h1")).to_have_text("This view has expired")


def test_failure_can_be_tried_again(frame: Frame, service: Service) -> None:
    """Without an answer there is a button, and it works."""
    service.status = 503
    page = frame()
    show(page)
    expect(page.locator("#place h1")).to_have_text("Sidelight did not answer")
    service.status = 200
    page.get_by_role("button", name="Try again").click()

    shown(page)


def test_failed_refresh_keeps_the_values(frame: Frame, service: Service) -> None:
    """What is shown stays when a refresh fails, and a screen reader is told."""
    page = frame()
    show(page)
    shown(page)
    service.status = 500
    page.get_by_role("button", name="Refresh").click()

    expect(page.locator("#status")).to_contain_text("Could not update")
    shown(page)


def test_partial_answer_is_asked_for_once_more(frame: Frame, service: Service) -> None:
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


def test_reports_its_height(frame: Frame) -> None:
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


def test_follows_the_hosts_theme(frame: Frame) -> None:
    """The host's theme wins over the system's, and nonsense changes nothing."""
    page = frame(theme="light")
    page.evaluate("sidelight.theme('dark')")
    page.evaluate("sidelight.theme('<script>')")

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("sidelight.origin") == "https://acme.test"


def test_r_refreshes_only_inside(frame: Frame, service: Service) -> None:
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


def test_r_can_be_switched_off(frame: Frame, service: Service) -> None:
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


def test_an_action_is_posted_with_its_value(frame: Frame, service: Service, host: Host) -> None:
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


def test_a_search_is_posted_with_its_words(frame: Frame, service: Service, host: Host) -> None:
    """What is typed into a search is posted as its value; R is a letter there."""
    host.pages[f"{ACTIONS}search"] = found = Service(["ambiguous"])
    found.gate.set()
    service.turns = ["none_free_mail"]
    page = frame()
    show(page)
    shown(page, "none_free_mail")
    page.get_by_label("Name, domain or id of the account").press_sequentially("Retro")
    page.keyboard.press("Enter")

    shown(page, "ambiguous")
    assert [body["value"] for body in found.bodies()] == ["Retro"]
    assert len(service.asked) == 1


def test_opened_sections_are_reported(frame: Frame, host: Host) -> None:
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


def test_a_silent_helpdesk_is_not_waited_for_for_ever(frame: Frame) -> None:
    """When the bridge never says which ticket is open, the skeleton gives way to a sentence."""
    page = frame()
    page.clock.run_for(310)
    expect(page.locator(".skeleton")).to_be_visible()
    page.clock.run_for(15_000)

    expect(page.locator("#place h1")).to_have_text("Sidelight did not answer")


def test_nothing_moves_when_fresh_facts_arrive(frame: Frame) -> None:
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
