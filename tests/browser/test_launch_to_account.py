"""Every helpdesk with a frame, from the signed launch to what stands on the agent's screen."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from plugin.demo.setup import set_up_demo
from plugin.families import HELPDESKS
from plugin.fetching.clock import system_clock
from plugin.helpdesk import Trial
from plugin.web.app import create_app
from plugin.workspace.start import load_settings
from plugin.workspace.trial_request import signed_trial
from tests.browser.fake_host import APP, shown
from tests.browser.live import Live
from tests.browser.page_hosts import CONVERSATION, PAGE_HOSTS
from tests.families.helpdesks.bench import bench
from tests.families.helpdesks.every_install import installs

EMAIL = "billing.admin@northwind.example"
PAGES = [name for name, desk in HELPDESKS.items() if desk.format == "html"]
TELLING = [name for name in PAGES if not PAGE_HOSTS[name].launched]
SOON = 5_000  # milliseconds: far less than the page waits before it gives up


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return the service with the demo's accounts and an install of every helpdesk."""
    path = set_up_demo(tmp_path_factory.mktemp("demo"), "127.0.0.1:8321", system_clock().now())
    folder = tmp_path_factory.mktemp("zed")
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" + installs(folder))
    (folder / "accounts.csv").write_text("account_id,name,domain\nz-1,Zed Labs,zedlabs.example\n")
    made: Flask = create_app(load_settings(path))
    return made


def _live(service: Flask, name: str, email: str | None = EMAIL, **more: Any) -> Live:
    install = dataclasses.replace(bench(name).install, id=f"test-{name}")
    trial = Trial(email=email, name="Billing Admin", ticket_id="31", subject="Hi", agent_id="7")
    launch = signed_trial(HELPDESKS[name], install, trial, APP, system_clock().now())
    around = PAGE_HOSTS[name]
    told = {"ticket": json.dumps("31"), "email": json.dumps(email)}
    host = HELPDESKS[name].ancestors(install)[0].replace("*", "acme")
    return Live(service, launch, host, CONVERSATION % told + around.script, around.sdk, **more)


def test_every_page_has_its_host() -> None:
    """A helpdesk with a frame of its own is one of these tests."""
    assert sorted(PAGE_HOSTS) == sorted(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_the_account_is_shown(browser: Browser, service: Flask, name: str) -> None:
    """A signed launch and what the helpdesk tells bring the account's name onto the screen."""
    with shown(browser, _live(service, name)) as view:
        expect(view.frame.locator("h1")).to_have_text("Northwind Analytics", timeout=SOON)


@pytest.mark.parametrize("name", PAGES)
def test_a_ticket_without_address_says_so(browser: Browser, service: Flask, name: str) -> None:
    """No address is an answer, not a wait."""
    with shown(browser, _live(service, name, email=None)) as view:
        expect(view.frame.locator("h1")).to_have_text("No account found", timeout=SOON)
        expect(view.frame.locator("#place")).to_contain_text("This ticket has no e-mail address.")


@pytest.mark.parametrize("name", TELLING)
def test_another_ticket_is_another_account(browser: Browser, service: Flask, name: str) -> None:
    """The account of the ticket before is gone, and the new one's is there."""
    with shown(browser, _live(service, name)) as view:
        expect(view.frame.locator("h1")).to_have_text("Northwind Analytics", timeout=SOON)
        view.page.evaluate("open_ticket('32', 'someone@nowhere.example')")
        one = PAGE_HOSTS[name].one_ticket
        words = "Reload the ticket" if one else "No account is known for nowhere.example."
        expect(view.frame.locator("#place")).to_contain_text(words, timeout=SOON)
        expect(view.frame.locator("#place")).not_to_contain_text("Northwind")


@pytest.mark.parametrize("name", TELLING)
@pytest.mark.parametrize(
    ("status", "words"), [(401, "Reload the ticket"), (500, "Sidelight did not answer")]
)
def test_a_refused_call_is_told(
    browser: Browser, service: Flask, name: str, status: int, words: str
) -> None:
    """A refusal and a failure are sentences, and nobody's account."""
    with shown(browser, _live(service, name, refuse=status)) as view:
        expect(view.frame.locator("#place")).to_contain_text(words, timeout=SOON)


@pytest.mark.parametrize("name", TELLING)
def test_a_slow_service_is_waited_for(browser: Browser, service: Flask, name: str) -> None:
    """While the answer is under way a skeleton stands there; then the account does."""
    live = _live(service, name, holds=True)
    with shown(browser, live) as view:
        expect(view.frame.locator(".skeleton")).to_be_visible(timeout=SOON)
        live.holds = False
        live.serve(live.held[-1])
        expect(view.frame.locator("h1")).to_have_text("Northwind Analytics", timeout=SOON)


@pytest.mark.parametrize("name", PAGES)
def test_no_proof_stays_in_the_address(browser: Browser, service: Flask, name: str) -> None:
    """What proves the launch is gone from the page's address once the account is shown."""
    live = _live(service, name)
    secrets = [*bench(name).install.secrets, "hmac=", "Signature="]
    with shown(browser, live) as view:
        expect(view.frame.locator("h1")).to_have_text("Northwind Analytics", timeout=SOON)
        frame = view.page.frame(name=live.name)
        assert frame is not None
        address = frame.evaluate("location.href")

    assert [secret for secret in secrets if secret in address] == []
