"""Our page in Zendesk's sidebar: it speaks the documented messages, and only with Zendesk."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from tests.browser.fake_host import Scene, shown

HOST = "https://acme.zendesk.com"
QUERY = f"origin={quote(HOST, safe='')}&app_guid=guid-1&colorScheme=light"
SCRIPT = """
const facts = {
  "ticket.id": 25, "ticket.subject": "Export fails", "colorScheme": "light",
  "currentUser.locale": "de",
  "ticket.requester": {id: 9, email: "jane@acme.test", name: "Jane"},
  "ticket.organization": {id: 3, name: "Acme"},
};
const send = (message) => say(JSON.stringify(message), "https://ctx.acme.test");
window.fire = (name, message) => send({key: "zaf." + name, message});
window.heard = (event) => {
  const m = JSON.parse(event.data);
  if (m.key === "iframe.handshake" && !window.deaf) {
    fire("app.registered", {context: {instanceGuid: "inst-1", location: "ticket_sidebar"}});
  }
  if (m.request === "get") {
    send({id: m.id, result: Object.fromEntries(m.params.map((p) => [p, facts[p]]))});
  }
  if (m.request === "invoke") {
    app.height = parseInt(m.params.resize[0].height);
    send({id: m.id, result: {}});
  }
};
window.parsed = () => log.map((m) => JSON.parse(m));
"""


def _scene(script: str = SCRIPT) -> Scene:
    return Scene("zendesk", HOST, script, QUERY)


def test_asks_for_the_ticket_and_shows_it(browser: Browser) -> None:
    """After the handshake the page asks for ticket and requester, and brings them to us."""
    with shown(browser, _scene()) as view:
        claims = view.wait_for_answer(1)

    assert claims["locale"] == "de"
    assert claims["ticket"] == {"id": "25", "subject": "Export fails"}
    assert claims["requester"] == {
        "id": "9",
        "email": "jane@acme.test",
        "name": "Jane",
        "organization_id": "3",
    }


def test_speaks_as_the_app_that_was_launched(browser: Browser) -> None:
    """Messages are JSON texts that carry the app's id, then the instance's."""
    with shown(browser, _scene()) as view:
        view.wait_for_answer(1)
        sent = view.page.evaluate("parsed()")

    assert sent[0]["key"] == "iframe.handshake"
    assert {message["appGuid"] for message in sent} == {"guid-1"}
    assert {message["instanceGuid"] for message in sent[1:]} == {"inst-1"}
    assert "iframe.on:ticket.requester.email.changed" in [message.get("key") for message in sent]


def test_follows_a_change_of_the_requester(browser: Browser) -> None:
    """Another requester on the same ticket is asked for anew."""
    with shown(browser, _scene()) as view:
        view.wait_for_answer(1)
        view.page.evaluate(
            "facts['ticket.requester'] = {id: 10, email: 'bo@b.test', name: 'Bo'};"
            "fire('ticket.requester.email.changed', 'bo@b.test')"
        )
        claims = view.wait_for_answer(2)

    assert claims["requester"]["email"] == "bo@b.test"


def test_follows_the_colour_scheme(browser: Browser) -> None:
    """Zendesk's dark mode is ours."""
    with shown(browser, _scene()) as view:
        view.wait_for_answer(1)
        view.page.evaluate("fire('colorScheme.changed', 'dark')")
        view.frame.locator("html[data-theme=dark]").wait_for()


def test_is_as_tall_as_what_it_shows(browser: Browser) -> None:
    """Zendesk makes the frame as tall as the widget, never 0."""
    with shown(browser, _scene()) as view:
        view.wait_for_answer(1)
        view.page.wait_for_function("() => app.height > 150")
        heights = view.page.evaluate(
            "parsed().filter((m) => m.request === 'invoke').map((m) => m.params.resize[0].height)"
        )

    assert "0px" not in heights


def test_answers_what_wants_a_reply(browser: Browser) -> None:
    """An event that needs a reply gets one, so that Zendesk does not wait."""
    with shown(browser, _scene()) as view:
        view.wait_for_answer(1)
        view.page.evaluate("send({key: 'zaf.app.willDestroy', needsReply: true})")
        reply = view.wait_for_log("m.includes('iframe.reply:app.willDestroy')")

    assert reply


def test_knocks_again_where_zendesk_listens_late(browser: Browser) -> None:
    """A handshake that nobody heard is repeated."""
    deaf = SCRIPT + "window.deaf = true; setTimeout(() => { window.deaf = false; }, 50);"
    with shown(browser, _scene(deaf)) as view:
        assert view.wait_for_answer(1)["ticket"]["id"] == "25"


@pytest.mark.parametrize(
    "message",
    [
        "'no JSON'",
        "'null'",
        "{key: 'zaf.app.registered'}",
        "JSON.stringify({key: 'zaf.__proto__'})",
        "JSON.stringify({key: 'zaf.constructor'})",
        "JSON.stringify({id: 99, result: {}})",
        "JSON.stringify({key: 7})",
    ],
)
def test_odd_messages_change_nothing(browser: Browser, message: str) -> None:
    """Messages of any form are survived."""
    with shown(browser, _scene()) as view:
        view.wait_for_answer(1)
        view.page.evaluate(f"say({message})")
        view.settle()

        assert len(view.scene.asked) == 1


def test_another_page_hears_and_says_nothing(browser: Browser) -> None:
    """Framed by another origin, the page neither sends nor believes anything."""
    evil = Scene("zendesk", "https://evil.test", SCRIPT, QUERY, origins=f"{HOST} https://evil.test")
    evil.origins = HOST
    with shown(browser, evil) as view:
        view.page.evaluate("fire('app.registered', {context: {}})")
        view.settle()
        heard = view.page.evaluate("log")

    assert (heard, view.scene.asked) == ([], [])


def test_a_page_that_may_frame_it_but_is_not_zendesk(browser: Browser) -> None:
    """Even where the policy lets another page frame us, only the launch's origin is heard."""
    other = "https://other.test"
    scene = Scene("zendesk", other, SCRIPT, QUERY, origins=f"{HOST} {other}")
    with shown(browser, scene) as view:
        view.frame.locator("main").wait_for(state="attached")
        view.page.evaluate("fire('app.registered', {context: {}})")
        view.settle()
        heard = view.page.evaluate("log")

    assert (heard, scene.asked) == ([], [])


def test_an_origin_that_is_not_configured_is_not_spoken_to(browser: Browser) -> None:
    """An origin in the address counts only where the install names it."""
    query = QUERY.replace("acme.zendesk.com", "evil.zendesk.com")
    with shown(browser, Scene("zendesk", HOST, SCRIPT, query)) as view:
        view.frame.get_by_text("Reload the ticket").wait_for()
        heard = view.page.evaluate("log")

    assert heard == []


def test_a_launch_that_was_redirected_says_so(browser: Browser) -> None:
    """Without origin and app id the page cannot speak with Zendesk: it asks for a reload."""
    with shown(browser, Scene("zendesk", HOST, SCRIPT, "")) as view:
        view.frame.get_by_text("Reload the ticket").wait_for()
        view.page.evaluate(
            "new Promise((done) => setTimeout(done, 400))"
        )  # past the skeleton's time
        assert view.frame.get_by_text("Reload the ticket").is_visible()

        assert view.page.evaluate("log") == []
