"""The Freshworks app's page in a real browser, its SDK replaced by a stub of what is documented."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.host import Host
from tests.manifest.broken import good

VIEWS = Path(__file__).parents[1] / "data/widgets/json_view"
FACTS = {
    "ticket": {"ticket": {"id": 25, "subject": "Export fails", "company_id": 2}},
    "requester": {"requester": {"id": 1, "email": "jane@acme.test", "name": "Jane"}},
    "company": {"company": {"id": 9, "name": "Acme"}},
    "loggedInUser": {
        "loggedInUser": {"id": 3, "contact": {"email": "ada@us.test", "language": "de"}}
    },
    "domainName": {"domainName": "acme.freshdesk.com"},
}
# What the SDK offers, as far as the app uses it: https://developers.freshworks.com/docs/app-sdk/
STUB = """
window.invoked = []; window.heights = []; window.hidden = [];
const client = {
  events: {on: (name, hear) => { window.activate = hear; }},
  instance: {resize: (size) => heights.push(size.height)},
  data: {get: async (name) => {
    if (hidden.includes(name)) { throw {message: 'not here'}; }
    return FACTS[name];
  }},
  request: {invoke: async (name, asked) => {
    invoked.push([name, asked]);
    const answer = window.answers.shift();
    if (answer.wait) { await new Promise((done) => setTimeout(done, answer.wait)); }
    if (answer.status) { throw {status: answer.status, message: answer.message}; }
    return {response: answer.text ? JSON.stringify(answer.view) : answer.view};
  }},
};
window.app = {initialized: async () => client};
"""
Open = Callable[..., Page]


def _view(name: str) -> Any:
    return json.loads((VIEWS / f"{name}.json").read_bytes())


def _answer(kind: str, text: str, _request: object) -> tuple[int, str, str]:
    return 200, kind, text


@pytest.fixture
def open_app(host: Host, open_page: Callable[..., Page]) -> Open:
    """Return what opens the app with answers waiting; the agent then opens its panel."""
    types = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css"}
    for path, content in good("freshdesk").files.items():
        suffix = Path(path).suffix
        if path.startswith("app/") and suffix in types:
            text = content.decode().replace("{{{appclient}}}", "sdk.js")
            host.pages[f"/{path}"] = functools.partial(_answer, types[suffix], text)

    def open_(*answers: Any, hidden: tuple[str, ...] = ()) -> Page:
        world = f"const FACTS = {json.dumps(FACTS)};{STUB}"
        world += f"window.answers = {json.dumps(answers)}; window.hidden = {json.dumps(hidden)};"
        host.pages["/app/sdk.js"] = lambda _: (200, "text/javascript", world)
        page = open_page(f"{host.url}/app/index.html")
        page.wait_for_function("() => window.activate")
        page.evaluate("activate()")
        return page

    return open_


def test_asks_with_what_the_page_knows(open_app: Open) -> None:
    """Ticket, requester, company and agent go to the app's server part, nothing else."""
    page = open_app({"view": _view("northwind_csm")})
    page.get_by_role("heading", name="Northwind Analytics").wait_for()
    ((name, asked),) = page.evaluate("invoked")

    assert name == "accountContext"
    assert asked["ticket_id"] == 25
    assert asked["ticket"] == {"subject": "Export fails"}
    assert asked["requester"] == {"id": 1, "email": "jane@acme.test", "name": "Jane"}
    assert asked["company_id"] == 2
    assert asked["agent"] == {"id": 3, "email": "ada@us.test"}
    assert (asked["account"], asked["locale"]) == ("acme.freshdesk.com", "de")


def test_what_the_page_does_not_know_is_left_out(open_app: Open) -> None:
    """A ticket without a company is asked for all the same."""
    page = open_app({"view": _view("empty")}, hidden=("company", "loggedInUser"))
    page.locator("#place > header").wait_for(state="attached")
    assert page.evaluate("JSON.stringify(invoked[0][1].agent)") == "{}"


@pytest.mark.parametrize("name", sorted(path.stem for path in VIEWS.glob("*.json")))
def test_every_view_is_drawn(open_app: Open, name: str) -> None:
    """Headlines, words, values, gaps: all that Sidelight answers is on the page as text."""
    view = _view(name)
    page = open_app({"view": view, "text": True})
    page.locator("#place > header").wait_for(state="attached")
    shown = page.locator("#place").text_content() or ""
    parts = [part for section in view["sections"] for part in section["components"]]
    words = [part.get(key, "") for part in parts for key in ("headline", "word", "text", "value")]

    assert view["header"]["title"] in shown
    assert [
        word for word in [*words, *(g["text"] for g in view["gaps"])] if word not in shown
    ] == []


def test_markup_in_a_fact_stays_text(open_app: Open) -> None:
    """A customer who is called like a tag brings no tag onto the page."""
    view = _view("northwind_csm")
    view["header"]["title"] = "<img src=x onerror='window.broken = true'>"
    page = open_app({"view": view})
    page.locator("#place > header").wait_for(state="attached")

    assert page.locator("img").count() == 0
    assert page.evaluate("window.broken") is None


def test_only_https_is_linked(open_app: Open) -> None:
    """A link to anything else is text; links open apart from the helpdesk."""
    view = _view("northwind_csm")
    view["link"]["url"] = "javascript:alert(1)"
    page = open_app({"view": view})
    page.locator("#place > header").wait_for(state="attached")
    links = page.locator("a").evaluate_all("all => all.map((a) => [a.protocol, a.rel])")

    assert page.locator("h1 a").count() == 0
    assert links
    assert {tuple(link) for link in links} == {("https:", "noopener noreferrer")}


def test_severity_is_a_word_and_a_sign(open_app: Open) -> None:
    """A risk is told by its word and a sign, not by colour alone."""
    page = open_app({"view": _view("northwind_csm")})
    assert page.locator(".signal.risk .word").first.text_content() == "▲ High risk"


def test_the_panel_is_as_tall_as_its_content_and_never_too_tall(open_app: Open) -> None:
    """Freshdesk makes the frame as tall as the widget, at most 700 px."""
    page = open_app({"view": _view("northwind_csm")})
    page.wait_for_function("() => heights.length > 0 && parseInt(heights.at(-1)) > 150")
    heights = page.evaluate("heights.map((height) => parseInt(height))")
    assert all(0 < height <= 700 for height in heights)


def test_a_failure_is_calm_and_can_be_tried_again(open_app: Open) -> None:
    """Without an answer the page says so; a second try shows the account."""
    page = open_app({"status": 500}, {"view": _view("northwind_csm")})
    page.get_by_text("The ticket itself is not affected.").wait_for()
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("heading", name="Northwind Analytics").wait_for()


def test_the_reason_of_a_refusal_is_shown(open_app: Open) -> None:
    """What the server part says of a refused call stands on the page, as text."""
    page = open_app({"status": 401, "message": "Freshdesk did not tell <b>which</b> account"})
    page.get_by_text("Freshdesk did not tell <b>which</b> account").wait_for()


def test_a_late_answer_does_not_replace_a_newer_one(open_app: Open) -> None:
    """The answer that the agent last asked for stays, whatever arrives after it."""
    slow = {"view": _view("empty") | {"header": {**_view("empty")["header"], "title": "Old"}}}
    page = open_app(slow | {"wait": 300}, {"view": _view("northwind_csm")})
    page.evaluate("activate()")
    page.get_by_role("heading", name="Northwind Analytics").wait_for()
    page.wait_for_timeout(400)

    assert page.locator("h1").text_content() == "Northwind Analytics"
