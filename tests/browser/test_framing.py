"""Only the install's own hosts may frame a page: the browser itself refuses every other one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from plugin.families import HELPDESKS
from plugin.helpdesk import Helpdesk
from tests.browser.fake_host import Scene, Shown, shown
from tests.families.helpdesks.bench import bench

PAGES = [desk for desk in HELPDESKS.values() if desk.format == "html"]
PART = '<p class="account">Northwind</p>'


def _origins(desk: Helpdesk) -> str:
    return " ".join(desk.ancestors(bench(desk.name).install))


def _own(desk: Helpdesk) -> str:
    """Return a page of the helpdesk that may frame ours."""
    return _origins(desk).split(" ")[0].replace("*", "acme")


def _look_alikes(own: str) -> list[str]:
    *under, name, top = own.removeprefix("https://").split(".")
    return [f"{own}.evil.test", "https://" + ".".join([*under, f"evil-{name}", top])]


def _holds_account(view: Shown) -> bool:
    """Tell whether the account is in the frame, once the page around it has loaded all."""
    view.page.wait_for_load_state("load")
    return view.page.frames[1].locator(".account, .state").count() > 0


@pytest.mark.parametrize("desk", PAGES, ids=lambda desk: desk.name)
def test_only_its_own_helpdesk_frames_it(browser: Browser, desk: Helpdesk) -> None:
    """Any other page, also one whose name looks alike, gets no account and no message."""
    own = _own(desk)
    query = f"origin={own}&app_guid=guid-1"
    scene = Scene(desk.name, own, origins=_origins(desk), query=query, part=PART)
    with shown(browser, scene) as view:
        assert _holds_account(view)

        for hostile in ("https://evil.test", *_look_alikes(own)):
            view.page.goto(f"{hostile}/agent/tickets/1")
            view.settle()
            assert not _holds_account(view), hostile
            assert (view.page.evaluate("log"), scene.asked) == ([], []), hostile
