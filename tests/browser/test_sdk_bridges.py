"""Our page where the host's messages are not public, and in Canvas, which only learns a height."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

from playwright.sync_api import Browser

from tests.browser.fake_host import TALL, Scene, Shown, shown

SALESFORCE = "https://acme.lightning.force.com"


def test_salesforce_learns_the_height(browser: Browser) -> None:
    """The canvas is told the height as Canvas expects it, and nothing else is asked."""
    bridge = {"instanceId": "_:a", "targetOrigin": SALESFORCE}
    scene = Scene(
        "salesforce",
        SALESFORCE,
        origins="https://*.lightning.force.com",
        bridge=bridge,
        part=f"<p>Northwind{TALL}</p>",
    )
    with shown(browser, scene) as view:
        sent = json.loads(view.wait_for_log("m.includes('resize')"))

    assert (sent["targetModule"], sent["src"], sent["body"]["type"]) == (
        "Canvas",
        "client",
        "resize",
    )
    assert re.fullmatch(r"\d\d\.0", sent["clientVersion"])
    assert int(sent["body"]["size"]["height"].removesuffix("px")) > 0
    assert sent["body"]["config"]["client"] == bridge
    assert scene.asked == []


def _canvas(bridge: dict[str, Any], **more: Any) -> Scene:
    button = '<button type="button" data-action="refresh">Refresh</button>'
    part = f'<div class="widget"><p>Northwind</p>{button}{TALL}</div>'
    scene = Scene("salesforce", SALESFORCE, bridge=bridge, part=part, name="canvas-frame-1")
    return dataclasses.replace(scene, origins="https://*.lightning.force.com", **more)


def _repost(view: Shown) -> dict[str, Any]:
    sent: dict[str, Any] = json.loads(view.wait_for_log("m.includes('repost')"))["body"]
    return sent


def test_salesforce_is_asked_for_a_launch_before_approval(browser: Browser) -> None:
    """A page without proof asks for a signed request, by the name of its canvas alone."""
    with shown(browser, _canvas({"knocked": True})) as view:
        sent = _repost(view)

    client = {"oauthToken": "null", "instanceId": "1", "targetOrigin": "*"}
    assert (sent["refresh"], sent["config"]) == (True, {"client": client})


def test_salesforce_is_asked_for_a_launch_when_ours_has_ended(browser: Browser) -> None:
    """The page does not ask people to reload what Salesforce can launch again."""
    bridge = {"instanceId": "_:a", "targetOrigin": SALESFORCE}
    with shown(browser, _canvas(bridge, status=401)) as view:
        view.frame.get_by_role("button", name="Refresh").click()
        sent = _repost(view)

    assert (sent["refresh"], sent["accessToken"]) == (True, "null")


def test_a_canvas_of_another_page_stays_silent(browser: Browser) -> None:
    """Neither height nor wish goes to a page that is not Salesforce's."""
    bridge = {"instanceId": "_:a", "targetOrigin": "https://evil.test"}
    scene = _canvas(bridge, host="https://evil.test")
    scene.origins += " https://evil.test.lightning.force.com"
    for given in (bridge, {"knocked": True}):
        scene.bridge = given
        with shown(browser, scene) as view:
            view.settle()
            assert view.page.evaluate("log") == []


KUSTOMER = "https://acme.kustomerapp.com"
KUSTOMER_SDK = """window.Kustomer = {
  initialize(show) { show({conversation: {id: "v1", attributes: {name: "Hi"}},
    customer: {attributes: {displayName: "Jane", externalId: "u-9",
      emails: [{email: "jane@acme.test"}]}}}); },
  on(name, show) { if (name === "context") window.next = show; },
};"""


def test_kustomer_tells_the_customer(browser: Browser) -> None:
    """The card initialises, and follows a company without customer."""
    sdk = {"https://cdn.kustomerapp.com/card-js/latest/kustomer-card.min.js": KUSTOMER_SDK}
    scene = Scene("kustomer", KUSTOMER, query="k=x&parentUrl=a&id=9", sdk=sdk)
    with shown(browser, scene) as view:
        claims = view.wait_for_answer(1)
        frame = view.page.frame(name="app-7-8")
        assert frame is not None
        frame.evaluate("next({company: {attributes: {externalId: 'acme'}}})")
        company = view.wait_for_answer(2)
        address = frame.evaluate("location.search")

    assert claims["requester"] == {
        "id": "u-9",
        "email": "jane@acme.test",
        "name": "Jane",
        "organization_id": None,
    }
    assert company["requester"]["organization_id"] == "acme"
    assert address == "?parentUrl=a&id=9"


CRISP_SDK = """window.$crisp = {data: {}, heights: [], setHeight(n) { this.heights.push(n); },
  acquireData(name) { this.data[name] = {session_id: "s1", meta: {email: "jane@acme.test",
    nickname: "Jane", subject: "Hi"}}; setTimeout(() => this.onDataAcquired(name), 10); }};
window.CRISP_READY_TRIGGER();"""


def test_crisp_tells_the_visitor(browser: Browser) -> None:
    """The session's data is acquired, and the height is set."""
    sdk = {"https://assets.crisp.chat/widget/javascripts/sdk.min.js": CRISP_SDK}
    scene = Scene("crisp", "https://app.crisp.chat", query="token=x&session_id=s1", sdk=sdk)
    with shown(browser, scene) as view:
        claims = view.wait_for_answer(1)
        frame = view.page.frame(name="app-7-8")
        assert frame is not None
        frame.wait_for_function("() => $crisp.heights.some((n) => n > 150)")

        assert frame.evaluate("location.search") == "?session_id=s1"

    assert claims["ticket"] == {"id": "s1", "subject": "Hi"}
    assert claims["requester"] == {"id": None, "email": "jane@acme.test", "name": "Jane"}


MISSIVE_SDK = """window.Missive = {opened: [],
  on(name, show) { window.select = show; show(["m1"]); },
  openURL(url) { this.opened.push(url); },
  async fetchConversations(ids) { return [{id: ids[0], subject: "Hi",
    users: [{email: "ada@us.test"}], authors: [{address: "ada@us.test", name: "Ada"},
    {address: "jane@acme.test", name: "Jane"}]}]; }};"""


def test_missive_tells_who_wrote(browser: Browser) -> None:
    """Our own people are left out; several conversations are nobody; Missive opens links."""
    sdk = {"https://integrations.missiveapp.com/missive.js": MISSIVE_SDK}
    scene = Scene("missive", "https://mail.missiveapp.com", query="k=x", sdk=sdk)
    with shown(browser, scene) as view:
        claims = view.wait_for_answer(1)
        frame = view.page.frame(name="app-7-8")
        assert frame is not None
        view.frame.get_by_text("CRM").click()
        opened = frame.evaluate("Missive.opened")
        frame.evaluate("select(['m1', 'm2'])")
        nobody = view.wait_for_answer(2)

    assert claims["requester"] == {"id": None, "email": "jane@acme.test", "name": "Jane"}
    assert opened == ["https://crm.test/1"]
    assert nobody["requester"] is None
