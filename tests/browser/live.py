"""The whole service behind a helpdesk's page: signed launch, page, script, second step, account."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Route

from plugin.frame import SignedRequest
from tests.browser.fake_host import APP, HOST_PAGE

POSTED = """
const form = document.body.appendChild(document.createElement("form"));
form.method = "POST"; form.target = "{name}"; form.action = "{action}";
for (const [name, value] of new URLSearchParams({body})) {{
  const field = form.appendChild(document.createElement("input"));
  field.type = "hidden"; field.name = name; field.value = value;
}}
form.submit();
"""


@dataclass(slots=True)
class Live:
    """One helpdesk's page around the service itself.

    `refuse` is the status that each second step gets instead of an answer; `asked` are the
    claims that reached it. While it `holds`, second steps wait in `held`.
    """

    service: Flask
    launch: SignedRequest
    host: str
    script: str = ""
    sdk: dict[str, str] = field(default_factory=dict)  # address → script
    name: str = "app-7-8"
    refuse: int = 0
    asked: list[dict[str, Any]] = field(default_factory=list)
    held: list[Route] = field(default_factory=list)
    holds: bool = False

    def _path(self) -> str:
        split = urlsplit(self.launch.url)
        return f"{split.path}?{split.query}" if split.query else split.path

    def _around(self) -> str:
        if self.launch.method == "GET":
            return HOST_PAGE.format(name=self.name, src=APP + self._path(), script=self.script)
        body = json.dumps(self.launch.body.decode())
        posted = POSTED.format(name=self.name, action=APP + self._path(), body=body)
        return HOST_PAGE.format(name=self.name, src="about:blank", script=self.script + posted)

    def serve(self, route: Route) -> None:
        """Pass one call of the browser on to the service."""
        request, split = route.request, urlsplit(route.request.url)
        target = f"{split.path}?{split.query}" if split.query else split.path
        client = self.service.test_client()
        headers = dict(request.headers)
        body = request.post_data_buffer or b""
        answer = client.open(target, method=request.method, headers=headers, data=body)
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.data)

    def answer(self, route: Route) -> None:
        """Answer one call of the browser."""
        url = urlsplit(route.request.url)
        if route.request.url in self.sdk:
            script = self.sdk[route.request.url]
            route.fulfill(status=200, content_type="text/javascript", body=script)
        elif f"{url.scheme}://{url.netloc}" == APP:
            self._app(route, url.path)
        elif route.request.resource_type == "document":
            route.fulfill(status=200, content_type="text/html", body=self._around())
        else:
            route.abort()

    def _app(self, route: Route, path: str) -> None:
        if path.endswith("/widget"):
            self.asked.append(dict(route.request.post_data_json or {}))
            if self.holds:
                self.held.append(route)
                return
            if self.refuse:
                route.fulfill(status=self.refuse, content_type="text/html", body="")
                return
        self.serve(route)
