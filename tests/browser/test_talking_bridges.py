"""Our page in Help Scout, Front and Chatwoot: what it learns, what it says, and to whom."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser

from tests.browser.fake_host import APP, Scene, shown
from tests.browser.hosts import HELPSCOUT, front, helpscout


def test_help_scout_tells_the_customer(browser: Browser) -> None:
    """The conversation and the customer's own address are brought to us."""
    with shown(browser, helpscout()) as view:
        claims = view.wait_for_answer(1)
        request = view.wait_for_log("m.type === 'GET_APP_CONTEXT'")

    assert claims["ticket"] == {"id": "123", "subject": "Hi"}
    assert claims["requester"] == {"id": "500", "email": "jane@acme.test", "name": "Jane Doe"}
    assert (request["appId"], request["iframeId"]) == ("7-8", "app-7-8")


def test_help_scout_learns_the_height(browser: Browser) -> None:
    """The frame asks for the height of what it shows."""
    with shown(browser, helpscout()) as view:
        view.wait_for_answer(1)
        height = view.wait_for_log("m.type === 'SET_APP_HEIGHT' && m.value > 150")

    assert isinstance(height["value"], int)


def test_a_signed_address_is_not_kept(browser: Browser) -> None:
    """The signature is taken out of the page's address at once."""
    with shown(browser, helpscout()) as view:
        view.wait_for_answer(1)
        frame = view.page.frame(name="app-7-8")
        assert frame is not None

        assert frame.evaluate("location.href") == f"{APP}/frames/acme"


def test_another_conversation_needs_its_own_launch(browser: Browser) -> None:
    """One customer's account never stays beside another one's conversation."""
    with shown(browser, helpscout()) as view:
        view.wait_for_answer(1)
        view.page.evaluate("tell({conversation: {id: 124}})")
        view.frame.get_by_text("Reload the ticket").wait_for()
        assert len(view.scene.asked) == 1

        view.page.evaluate("tell()")
        assert view.wait_for_answer(2)["ticket"]["id"] == "123"


def test_a_host_that_looks_like_help_scout_is_not_heard(browser: Browser) -> None:
    """Where the policy would let it in, a look-alike still is not believed."""
    scene = helpscout()
    scene.host, scene.origins = f"{HELPSCOUT}.evil.test", f"{HELPSCOUT} {HELPSCOUT}.evil.test"
    with shown(browser, scene) as view:
        view.frame.locator("main").wait_for(state="attached")
        view.page.evaluate("tell()")
        view.settle()
        assert (view.page.evaluate("log"), scene.asked) == ([], [])


def test_front_tells_the_recipient(browser: Browser) -> None:
    """First nobody, then the one whose conversation is selected."""
    with shown(browser, front()) as view:
        nobody = view.wait_for_answer(1)
        view.page.evaluate("single('c1', 'jane@acme.test')")
        claims = view.wait_for_answer(2)

    assert (nobody["ticket"], nobody["requester"]) == (None, None)
    assert claims["ticket"] == {"id": "cnv_1", "subject": "Hi"}
    assert claims["requester"]["email"] == "jane@acme.test"


def test_front_shows_nobody_for_several_conversations(browser: Browser) -> None:
    """With several selected there is no one account to show."""
    with shown(browser, front()) as view:
        view.wait_for_answer(1)
        view.page.evaluate("single('c1', 'jane@acme.test')")
        view.wait_for_answer(2)
        view.page.evaluate("update({id: 'c2', type: 'multiConversations'})")

        assert view.wait_for_answer(3)["requester"] is None


def test_a_telephone_number_is_no_address(browser: Browser) -> None:
    """A handle of another channel is not claimed as e-mail."""
    with shown(browser, front()) as view:
        view.wait_for_answer(1)
        view.page.evaluate("single('c1', '+15551234')")

        assert view.wait_for_answer(2)["requester"]["email"] is None


def test_front_opens_links(browser: Browser) -> None:
    """A link cannot open from the sandbox: Front is asked to, in the present context."""
    with shown(browser, front()) as view:
        view.wait_for_answer(1)
        view.page.evaluate("single('c1', 'jane@acme.test')")
        view.wait_for_answer(2)
        view.frame.get_by_text("CRM").click()
        call = view.wait_for_log("m.type === 'function_call'")

    assert (call["name"], call["contextId"]) == ("openUrl", "c1")
    assert call["args"] == ["https://crm.test/1"]


def test_the_secret_of_front_is_not_kept(browser: Browser) -> None:
    """The secret is taken out of the page's address at once."""
    with shown(browser, front()) as view:
        view.wait_for_answer(1)
        frame = view.page.frame(name="app-7-8")
        assert frame is not None

        assert "auth_secret" not in frame.evaluate("location.href")


def test_a_page_beside_front_gets_no_channel(browser: Browser) -> None:
    """Only a page of Front's own origins is given the channel."""
    scene = front("https://frontapp.com.evil.test")
    scene.origins += " https://nobody.test"
    with shown(browser, scene) as view:
        view.settle()

        assert (view.page.evaluate("log"), scene.asked) == ([], [])


CHATWOOT_HOST = """
const data = {
  conversation: {id: 42, account_id: 3},
  contact: {id: 1, identifier: "u-9", email: "jane@acme.test", name: "Jane"},
};
window.tell = (more = {}) =>
  say(JSON.stringify({event: "appContext", data: {...data, ...more}}), "*");
window.heard = ({data}) => {
  if (data === "chatwoot-dashboard-app:fetch-info" && !window.deaf) tell();
};
"""


def _chatwoot(script: str = CHATWOOT_HOST) -> Scene:
    return Scene("chatwoot", "https://chat.acme.test", script, "k=x", bridge={"account_id": "3"})


def test_chatwoot_tells_the_contact(browser: Browser) -> None:
    """The exact question is answered with contact and conversation."""
    with shown(browser, _chatwoot()) as view:
        claims = view.wait_for_answer(1)
        view.wait_for_log("m === 'chatwoot-dashboard-app:fetch-info'")

    assert claims["ticket"] == {"id": "42", "subject": None}
    assert claims["requester"] == {"id": "u-9", "email": "jane@acme.test", "name": "Jane"}


def test_chatwoot_follows_another_conversation(browser: Browser) -> None:
    """A push for another conversation asks for its contact's account."""
    other = "{conversation: {id: 43, account_id: 3}, contact: {id: 2, email: 'bo@b.test'}}"
    with shown(browser, _chatwoot()) as view:
        view.wait_for_answer(1)
        view.page.evaluate(f"tell({other})")
        claims = view.wait_for_answer(2)

    assert (claims["ticket"]["id"], claims["requester"]["email"]) == ("43", "bo@b.test")


def test_chatwoot_is_asked_again(browser: Browser) -> None:
    """Where the first question is missed, a later one is answered."""
    deaf = CHATWOOT_HOST + "window.deaf = true; setTimeout(() => { window.deaf = false; }, 50);"
    with shown(browser, _chatwoot(deaf)) as view:
        assert view.wait_for_answer(1)["ticket"]["id"] == "42"


def test_chatwoot_pushes_its_theme(browser: Browser) -> None:
    """A push with another theme changes ours, and asks nothing anew."""
    with shown(browser, _chatwoot()) as view:
        view.wait_for_answer(1)
        view.page.evaluate("tell({theme: 'dark'})")
        view.frame.locator("html[data-theme=dark]").wait_for()

        assert len(view.scene.asked) == 1


@pytest.mark.parametrize(
    "push",
    [
        "say({event: 'appContext', data})",
        "say(JSON.stringify({event: 'other', data: {contact: {email: 'eve@evil.test'}}}))",
        "tell({conversation: {id: 1, account_id: 4}, contact: {email: 'eve@evil.test'}})",
        "say('no JSON')",
    ],
    ids=["an object", "another event", "another account", "no JSON"],
)
def test_chatwoot_is_not_believed(browser: Browser, push: str) -> None:
    """Messages of another form or another account change nothing."""
    with shown(browser, _chatwoot()) as view:
        view.wait_for_answer(1)
        view.page.evaluate(push)
        view.settle()

        assert len(view.scene.asked) == 1


def test_a_neighbour_of_chatwoot_is_not_believed(browser: Browser) -> None:
    """Another frame of the same page, even of the right origin, is not the page around us."""
    scene = _chatwoot(CHATWOOT_HOST.replace("tell();", "return;"))
    forged = json.dumps({"event": "appContext", "data": {"contact": {"email": "eve@evil.test"}}})
    with shown(browser, scene) as view:
        view.wait_for_log("m === 'chatwoot-dashboard-app:fetch-info'")
        frame = view.page.frame(name="app-7-8")
        assert frame is not None
        frame.evaluate("window.got = 0; addEventListener('message', () => { got += 1; })")
        view.page.evaluate(
            """(forged) => {
              const other = document.body.appendChild(document.createElement("iframe"));
              const send = "parent.frames[0].postMessage(forged, '*')";
              other.contentWindow.Function("forged", send)(forged);
            }""",
            forged,
        )
        frame.wait_for_function("() => got === 1")

        assert scene.asked == []
