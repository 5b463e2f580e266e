"""What every door needs: settings, one desk a workspace, tokens and the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app

from plugin.answer import Desk
from plugin.helpdesk import Helpdesk
from plugin.settings import Install, Settings
from plugin.web.tokens import Tokens
from widgets.renderer import Renderer


@dataclass(frozen=True, slots=True)
class House:
    """The parts of the running service; `clock` in seconds since the epoch."""

    settings: Settings
    desks: Mapping[str, Desk]
    helpdesks: Mapping[str, Helpdesk]
    renderers: Mapping[str, Renderer]
    tokens: Tokens
    clock: Callable[[], float]
    installs: Mapping[str, Install]

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.fromtimestamp(self.clock(), UTC)

    def budget(self, install: Install) -> float:
        """Return how many seconds an answer for `install` may take."""
        default = install.frame_budget or self.settings.service.frame_budget
        longest = self.helpdesks[install.kind].budget
        return default if longest is None else min(default, longest)


def house() -> House:
    """Return the parts of the application that serves this request."""
    found: House = current_app.extensions["sidelight"]
    return found
