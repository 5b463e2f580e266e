"""Several processes' worth of caches on one shared server, and the upstream they all ask."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from marshmallow import Schema

from plugin.fetching.asking import Tenant
from plugin.fetching.clock import Clock, system_clock
from plugin.fetching.lookups import Sources
from plugin.fetching.resources import ResourceOptions, Resources
from plugin.settings.records import Connection
from plugin.upstream import AccountRef, Facts, Link, Upstream

ACME = AccountRef("7", "Acme", "acme.example")


PATIENT = 1e9  # a deadline that nobody reaches


SECRETS = ("newest", "older")


class World:
    """Some processes' worth of runtimes on one server, and the upstream that all of them ask."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.calls: list[str] = []
        self.shift = 0.0
        self.real = system_clock()
        self.runtimes: list[Resources] = []
        self.fetch: Callable[[AccountRef, Link], Facts] = self.say("gold")

    def say(self, plan: str) -> Callable[[AccountRef, Link], Facts]:
        return lambda _ref, link: Facts({"contract.plan": plan}, link.now)

    def now(self) -> datetime:
        return self.real.now() + timedelta(seconds=self.shift)

    def monotonic(self) -> float:
        return self.real.monotonic() + self.shift

    def _fetch(self, ref: AccountRef, link: Link) -> Facts:
        self.calls.append(f"{link.workspace}:{ref.id}")
        return self.fetch(ref, link)

    def process(
        self, workspace: str = "north", secrets: tuple[str, ...] = SECRETS, url: str | None = None
    ) -> Sources:
        """Return what another process would have: its own cache and connections."""
        options = ResourceOptions(shared_url=url or self.url, secrets=secrets)
        resources = Resources(options, Clock(self.now, self.monotonic, self.real.pause))
        self.runtimes.append(resources)
        upstream = Upstream("billing", "Billing", "https://x", Schema, frozenset(), self._fetch)
        connection = Connection("billing", "billing", ttl=900.0)
        return Sources(Tenant(workspace), {"billing": (upstream, connection)}, resources)

    def close(self) -> None:
        for resources in self.runtimes:
            resources.close()


def plan(sources: Sources, ref: AccountRef = ACME) -> Any:
    """Return the plan that a process shows, or the reason for showing none."""
    found = sources.gather(ref, PATIENT)["billing"]
    return found.reason if found.facts is None else found.facts.values["contract.plan"]


def until(true: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Return whether something becomes true in time."""
    over, wait = time.monotonic() + seconds, threading.Event()
    while time.monotonic() < over:
        if true():
            return True
        wait.wait(0.02)
    return False
