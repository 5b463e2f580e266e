"""An agent with a mouse: two quick clicks are one act, and the summary goes to the clipboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.service import ACTIONS, CLAIMS, show, shown

SUMMARY = """Northwind Analytics
High risk: Renews in 60 days with an open export bug, 12 days old
  → """


@pytest.fixture(autouse=True)
def doors(host, service) -> None:
    """Let the service answer acts, too."""
    for action in ("feedback", "snooze"):
        host.pages[f"{ACTIONS}{action}"] = service


def _ready(frame) -> Page:
    page: Page = frame()
    show(page, CLAIMS)
    shown(page)
    return page


def test_two_quick_clicks_are_one_act(frame, service):
    """The second comes while the first is still on its way."""
    page = _ready(frame)
    service.gate.clear()
    page.locator(".menu > summary").first.click()
    page.get_by_role("button", name="Known").first.dblclick()
    service.gate.set()
    expect(page.locator("#place")).not_to_have_attribute("data-updating", "")

    acts = [asked for asked in service.asked if asked.path.startswith(ACTIONS)]
    assert [asked.path for asked in acts] == [f"{ACTIONS}feedback"]


def test_another_act_is_possible_once_the_first_has_ended(frame, service):
    """Whether it could be saved or not."""
    page = _ready(frame)
    page.locator(".menu > summary").first.click()
    service.status = 503
    page.get_by_role("button", name="Known").first.click()
    expect(page.locator(".toast")).to_be_visible()
    service.status = 200
    page.get_by_role("button", name="7 days").first.click()
    expect(page.locator(".toast")).to_have_count(0)

    acts = [asked.path for asked in service.asked if asked.path.startswith(ACTIONS)]
    assert acts == [f"{ACTIONS}feedback", f"{ACTIONS}snooze"]


def test_the_summary_is_copied_as_somebody_would_write_it(frame, service):
    """Where the browser lets the page write to the clipboard."""
    del service
    page = _ready(frame)
    page.evaluate("() => { navigator.clipboard.writeText = async (it) => { window.told = it; }; }")
    button = page.get_by_role("button", name="Copy summary")
    button.click()
    expect(page.locator('[data-action="copy"]')).to_have_text("Copied")
    told = page.evaluate("() => window.told")
    page.clock.run_for(2_500)

    assert told.startswith(SUMMARY)
    assert "\nARR: ≈ $30K\n" in told
    assert "\nRenews: 20 Jan 2027, 60 d\n" in told
    expect(page.locator('[data-action="copy"]')).to_have_text("Copy summary")


def test_in_a_foreign_frame_the_selection_is_copied(frame, service):
    """A host that does not pass the clipboard on does not take the button away."""
    del service
    page = _ready(frame)
    page.evaluate("""() => {
      navigator.clipboard.writeText = async () => { throw new Error("not allowed"); };
      document.execCommand = (name) => {
        window.told = name + ":" + document.activeElement.value;
        return true;
      };
    }""")
    page.get_by_role("button", name="Copy summary").click()
    expect(page.locator('[data-action="copy"]')).to_have_text("Copied")

    assert page.evaluate("() => window.told").startswith(f"copy:{SUMMARY}")
    assert page.locator("textarea").count() == 0
    expect(page.locator('[data-action="copy"]')).to_be_focused()


def test_where_nothing_can_be_copied_the_page_says_so(frame, service):
    """Instead of doing nothing."""
    del service
    page = _ready(frame)
    page.evaluate("""() => {
      navigator.clipboard.writeText = async () => { throw new Error("not allowed"); };
      document.execCommand = () => false;
    }""")
    page.get_by_role("button", name="Copy summary").click()

    expect(page.locator(".toast")).to_contain_text("does not let the page copy")
