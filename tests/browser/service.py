"""The service behind a page, played by a test, and what a helpdesk's bridge says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.host import Answer, Asked
from tests.widgets.cast import CAST
from widgets.renderers.html import render

Opener = Callable[..., Page]
CLAIMS = {
    "ticket": {"id": "9", "subject": "CSV export fails"},
    "requester": {"email": "billing.admin@northwind.example", "name": "Admin"},
}
OTHER = {"ticket": {"id": "10"}, "requester": {"email": "jo@contoso.example"}}
WIDGET, ACTIONS = "/frames/acme/widget", "/frames/acme/actions/"


@dataclass(slots=True)
class Service:
    """Answers the second step: each member of the cast in turn, the last one for ever."""

    turns: list[str] = field(default_factory=lambda: ["northwind_csm"])
    status: int = 200
    gate: threading.Event = field(default_factory=threading.Event)
    asked: list[Asked] = field(default_factory=list)

    def __call__(self, request: Asked) -> Answer:
        """Answer once the gate is open."""
        self.asked.append(request)
        turn = self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]
        status = self.status
        assert self.gate.wait(20)
        return status, "text/html; charset=utf-8", render(CAST[turn], {})

    def bodies(self) -> list[Any]:
        """Return what was sent, read."""
        return [json.loads(request.body) for request in self.asked]


def show(page: Page, claims: object = CLAIMS) -> None:
    """Say what the helpdesk's bridge says when a ticket opens."""
    page.evaluate("claims => sidelight.show(claims)", claims)


def shown(page: Page, who: str = "northwind_csm") -> None:
    """Wait until the account of this member of the cast is shown."""
    expect(page.locator("#place h1")).to_have_text(CAST[who].header.title)
    expect(page.locator("#place")).not_to_have_attribute("aria-busy", "true")
