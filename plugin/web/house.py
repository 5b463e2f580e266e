"""What every door needs: settings, one desk a workspace, tokens and the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, g

from plugin.context.clock import Clock
from plugin.context.key_sets import KeySets
from plugin.context.runtime import Runtime
from plugin.desk import Desk
from plugin.helpdesk import Helpdesk
from plugin.hook import Hook
from plugin.presentation import Answer, Presentations, Told
from plugin.settings import Install, Settings
from plugin.store.opening import Opened
from plugin.warming import Warmer
from plugin.web.limits import Limit
from plugin.web.logbook import Logbook
from plugin.web.metrics import Publisher
from plugin.web.proven import Proven
from plugin.web.tokens import Tokens
from widgets.renderer import Renderer


@dataclass(frozen=True, slots=True)
class House:
    """The parts of the running service; `actions` and `refreshes` bound what one person asks.

    `deliveries` bounds what one connection tells.
    """

    settings: Settings
    desks: Mapping[str, Desk]
    helpdesks: Mapping[str, Helpdesk]
    hooks: Mapping[str, Hook]
    renderers: Mapping[str, Renderer]
    tokens: Tokens
    clock: Clock
    installs: Mapping[str, Install]
    store: Opened
    actions: Limit
    refreshes: Limit
    deliveries: Limit
    runtime: Runtime
    warmer: Warmer
    publisher: Publisher
    logbook: Logbook
    answers: Presentations[Answer]
    widgets: Presentations[Told]
    proven: Proven
    key_sets: KeySets

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return self.clock.now()

    def deadline(self, install: Install) -> float:
        """Return the instant of the monotonic clock at which an answer for `install` leaves.

        A frame's time began when it arrived: proving it is a part of it.
        """
        default = install.frame_budget or self.settings.service.frame_budget
        longest = self.helpdesks[install.kind].budget
        budget = default if longest is None else min(default, longest)
        return float(g.get("began", self.clock.monotonic())) + budget


def house() -> House:
    """Return the parts of the application that serves this request."""
    found: House = current_app.extensions["sidelight"]
    return found
