"""A fake helpdesk around the real page: its own origin, real scripts, every call intercepted.

Nothing leaves the browser: each address is answered here, whatever its host.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from playwright.sync_api import Browser, FrameLocator, Page, Route

from plugin.web.headers import frame_policy
from widgets.renderers.html import render_page
from widgets.shell import Shell

STATIC = Path(__file__).parents[2] / "static"
APP = "https://ctx.acme.test"
WIDGET = "/frames/acme/widget"
TALL = '<svg width="10" height="200"></svg>'  # a style would be refused by the page's policy
HOST_PAGE = """<!doctype html><iframe id="app" name="{name}" src="{src}" width="320" height="90">
</iframe><script>
window.log = [];
const app = document.getElementById("app");
const say = (message, origin = "*", ports = []) =>
  app.contentWindow.postMessage(message, origin, ports);
addEventListener("message", (event) => {{
  if (event.source !== app.contentWindow) return;
  log.push(event.data);
  window.heard?.(event);
}});
{script}
</script>"""


def _module(path: Path) -> Path:
    """Return the file that an import means, also without its ending."""
    return path if path.is_file() else Path(f"{path}.js")


@dataclass(slots=True)
class Scene:
    """One helpdesk's page with our frame in it; `asked` are the claims that reached us."""

    helpdesk: str
    host: str  # the origin of the helpdesk's page
    script: str = ""  # what the helpdesk does
    query: str = ""  # of the launch
    origins: str = ""  # the configured ones; the host's own by default
    bridge: dict[str, Any] = field(default_factory=dict)
    sdk: dict[str, str] = field(default_factory=dict)  # address → script
    name: str = "app-7-8"  # of the iframe
    part: str = ""  # the first answer of the launch
    status: int = 200  # of what is asked for later
    page: str = ""  # in place of our own one
    modules: Path | None = None  # what is served below /modules/
    asked: list[dict[str, Any]] = field(default_factory=list)

    def _page(self) -> str:
        if self.page:
            return self.page
        shell = Shell(
            title="Sidelight",
            endpoint=WIDGET,
            token="a-token",
            helpdesk=self.helpdesk,
            origin=self.origins or self.host,
            bridge=json.dumps(self.bridge),
            scripts=("/static/frame.js", *self._bridge_script()),
            part=self.part,
        )
        return render_page(shell)

    def _bridge_script(self) -> tuple[str, ...]:
        path = f"helpdesks/{self.helpdesk}.js"
        return (f"/static/{path}",) if (STATIC / path).is_file() else ()

    def _widget(self, route: Route) -> None:
        self.asked.append(dict(route.request.post_data_json or {}))
        count = len(self.asked)
        link = '<a href="https://crm.test/1" target="_blank">CRM</a>'
        markup = f'<div class="widget" data-seen="{count}">{link}{TALL}</div>'
        route.fulfill(status=self.status, content_type="text/html", body=markup)

    def _app(self, route: Route, path: str) -> None:
        if path == WIDGET:
            self._widget(route)
        elif path.startswith("/static/"):
            route.fulfill(path=STATIC / path.removeprefix("/static/"))
        elif path.startswith("/modules/") and self.modules:
            route.fulfill(path=_module(self.modules / path.removeprefix("/modules/")))
        elif self.page:
            route.fulfill(status=200, content_type="text/html", body=self._page())
        else:
            sdk = tuple(f"https://{urlsplit(address).hostname}" for address in self.sdk)
            policy = frame_policy(tuple((self.origins or self.host).split(" ")), sdk)
            headers = {"content-type": "text/html", "content-security-policy": policy}
            route.fulfill(status=200, headers=headers, body=self._page())

    def answer(self, route: Route) -> None:
        """Answer one call of the browser."""
        url = urlsplit(route.request.url)
        if route.request.url in self.sdk:
            script = self.sdk[route.request.url]
            route.fulfill(status=200, content_type="text/javascript", body=script)
        elif f"{url.scheme}://{url.netloc}" == APP:
            self._app(route, url.path)
        elif route.request.resource_type == "document":
            src = f"{APP}/frames/acme?{self.query}"
            body = HOST_PAGE.format(name=self.name, src=src, script=self.script)
            route.fulfill(status=200, content_type="text/html", body=body)
        else:
            route.abort()


class Stage(Protocol):
    """A helpdesk's page with our frame in it, that answers every call of the browser."""

    host: str
    name: str
    asked: list[dict[str, Any]]

    def answer(self, route: Route) -> None:
        """Answer one call of the browser."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A scene in the browser."""

    page: Page
    scene: Stage

    @property
    def frame(self) -> FrameLocator:
        """Return our frame."""
        return self.page.frame_locator("#app")

    def wait_for_answer(self, count: int) -> dict[str, Any]:
        """Wait until our page shows its answer of this number; return what it had claimed."""
        self.frame.locator(f'[data-seen="{count}"]').wait_for(timeout=10_000)
        return self.scene.asked[count - 1]

    def wait_for_log(self, condition: str) -> Any:
        """Wait until some logged message `m` meets a condition in JavaScript; return it."""
        found = f"() => log.find((m) => {condition})"
        return self.page.wait_for_function(found, timeout=10_000).json_value()

    def settle(self) -> None:
        """Let messages that are under way arrive, by sending one more behind them."""
        self.page.evaluate("new Promise((done) => setTimeout(done, 150))")


@contextmanager
def shown(browser: Browser, scene: Stage) -> Iterator[Shown]:
    """Open the helpdesk's page; complaints of our scripts fail the test."""
    context = browser.new_context(ignore_https_errors=True)
    errors: list[str] = []
    try:
        answer = scene.answer  # bound here: Playwright marks the handler's owner, which has slots

        def handle(route: Route) -> None:
            answer(route)

        context.route("**/*", handle)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{scene.host}/agent/tickets/1")
        yield Shown(page, scene)
    finally:
        context.close()

    assert errors == []
