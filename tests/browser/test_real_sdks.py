"""The helpdesks' own client SDKs from npm in the place of our page, around them the same hosts.

Our bridges speak the protocols without the SDKs. Here the SDK itself proves that each host of
these tests speaks as the helpdesk does, and that our bridge says what the SDK would say.
"""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame

from tests.browser.fake_host import Scene, Shown, shown
from tests.browser.hosts import HELPSCOUT, front, helpscout
from tests.get_client_sdks import HINT, find

SDK = "/modules/@helpscout/javascript-sdk/dist/esm"
FOLDERS = {f"{SDK}/{name}": f"{SDK}/{name}/index.js" for name in ("constants", "handlers", "utils")}
IMPORTS = {"imports": {"uuid": "/modules/uuid/dist/esm-browser/index.js", **FOLDERS}}
HELPSCOUT_PAGE = f"""<!doctype html><script type="importmap">{json.dumps(IMPORTS)}</script>
<script type="module">
import sdk from "{SDK}/index.js";
window.watched = [];
sdk.watchApplicationContext((context) => watched.push(context));
window.sdk = sdk;
</script>"""
FRONT_PAGE = """<!doctype html>
<script src="/modules/@frontapp/plugin-sdk/dist/index.umd.js"></script>
<script>
window.watched = [];
Front.contextUpdates.subscribe((context) => { watched.push(context); window.context = context; });
</script>"""


@pytest.fixture(scope="module")
def modules() -> Path:
    """Return where the SDKs are; without them the test is skipped, in CI it fails."""
    found = find()
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(HINT)
    return found


def _with_sdk(scene: Scene, page: str, modules: Path) -> Scene:
    return dataclasses.replace(scene, page=page, modules=modules)


def _ready(view: Shown, condition: str) -> Frame:
    frame = view.page.frame(name=view.scene.name)
    assert frame is not None
    frame.wait_for_function(f"() => {condition}", timeout=10_000)
    return frame


def _said(browser: Browser, scene: Scene, condition: str) -> Any:
    """Return what our own page says in the same place."""
    with shown(browser, scene) as view:
        view.wait_for_answer(1)
        return view.wait_for_log(condition)


def test_the_sdk_of_help_scout_hears_the_context(browser: Browser, modules: Path) -> None:
    """Asked by the SDK, the host tells conversation and customer; a switch is heard, too."""
    with shown(browser, _with_sdk(helpscout(), HELPSCOUT_PAGE, modules)) as view:
        frame = _ready(view, "window.sdk")
        context = frame.evaluate("sdk.getApplicationContext()")
        view.page.evaluate("tell({conversation: {id: 124}})")
        frame.wait_for_function("() => watched.length === 2")
        switched = frame.evaluate("watched[1].conversation.id")

    assert context["customer"]["emails"][1]["value"] == "jane@acme.test"
    assert (context["conversation"]["id"], switched) == (123, 124)


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        ("sdk.getApplicationContext()", "GET_APP_CONTEXT"),
        ("sdk.setAppHeight(321)", "SET_APP_HEIGHT"),
    ],
)
def test_our_page_says_what_the_sdk_of_help_scout_says(
    browser: Browser, modules: Path, call: str, kind: str
) -> None:
    """Question and height have the same fields, the same types, the same names of the app."""
    with shown(browser, _with_sdk(helpscout(), HELPSCOUT_PAGE, modules)) as view:
        _ready(view, "window.sdk").evaluate(f"void {call}")
        theirs = view.wait_for_log(f"m.type === '{kind}'")
    ours = _said(browser, helpscout(), f"m.type === '{kind}'")

    assert {name: type(value) for name, value in ours.items()} == {
        name: type(value) for name, value in theirs.items()
    }
    assert ours | {"value": 0} == theirs | {"value": 0}


def test_a_look_alike_fools_the_sdk_of_help_scout_alone(browser: Browser, modules: Path) -> None:
    """Why our page does without it: its test of origins has no end, so `….evil.test` passes."""
    scene = helpscout()
    scene.host, scene.origins = f"{HELPSCOUT}.evil.test", f"{HELPSCOUT} {HELPSCOUT}.evil.test"
    with shown(browser, _with_sdk(scene, HELPSCOUT_PAGE, modules)) as view:
        frame = _ready(view, "window.sdk")
        assert frame.evaluate("sdk.getApplicationContext()")["customer"]["id"] == 500

    with shown(browser, scene) as view:
        view.frame.locator("main").wait_for(state="attached")
        view.page.evaluate("tell()")
        view.settle()
        assert (view.page.evaluate("log"), scene.asked) == ([], [])


def test_the_sdk_of_front_follows_the_conversation(browser: Browser, modules: Path) -> None:
    """After the SDK's handshake the host tells nobody, then the selected conversation."""
    with shown(browser, _with_sdk(front(), FRONT_PAGE, modules)) as view:
        frame = _ready(view, "watched.length === 1")
        view.page.evaluate("single('c1', 'jane@acme.test')")
        frame.wait_for_function("() => watched.length === 2")
        kinds = frame.evaluate("watched.map((context) => context.type)")
        handle = frame.evaluate("context.conversation.recipient.handle")

    assert kinds == ["noConversation", "singleConversation"]
    assert handle == "jane@acme.test"


def test_our_page_opens_links_as_the_sdk_of_front_does(browser: Browser, modules: Path) -> None:
    """The call has the SDK's form: name, context, arguments, and an id of its own."""
    call = "m.type === 'function_call'"
    with shown(browser, _with_sdk(front(), FRONT_PAGE, modules)) as view:
        frame = _ready(view, "watched.length === 1")
        view.page.evaluate("single('c1', 'jane@acme.test')")
        frame.wait_for_function("() => watched.length === 2")
        frame.evaluate("void context.openUrl('https://crm.test/1')")
        theirs = view.wait_for_log(call)
    with shown(browser, front()) as view:
        view.wait_for_answer(1)
        view.page.evaluate("single('c1', 'jane@acme.test')")
        view.wait_for_answer(2)
        view.frame.get_by_text("CRM").click()
        ours = view.wait_for_log(call)

    assert ours.keys() == theirs.keys()
    assert ours | {"id": ""} == theirs | {"id": ""}


def test_our_page_shakes_hands_as_the_sdk_of_front_does(browser: Browser, modules: Path) -> None:
    """One text and one port: the host needs nothing else to begin."""
    with shown(browser, _with_sdk(front(), FRONT_PAGE, modules)) as view:
        _ready(view, "watched.length === 1")
        theirs = view.page.evaluate("log[0]")
    ours = _said(browser, front(), "true")

    assert ours == theirs
