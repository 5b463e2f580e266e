"""What every door needs: settings, one runtime a workspace, tokens and the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, g

from plugin.fetching.clock import Clock
from plugin.fetching.key_sets import KeySets
from plugin.fetching.resources import Resources
from plugin.helpdesk import Helpdesk
from plugin.hook import Hook
from plugin.settings.records import Install, Settings
from plugin.store.opening import Opened
from plugin.web.limits import RequestLimit
from plugin.web.metrics import Publisher
from plugin.web.request_log import RequestLog
from plugin.web.tokens import PageTokens
from plugin.web.verified_calls import VerifiedCalls
from plugin.workspace.answer_cache import Answer, AnswerCache, ShownWidget
from plugin.workspace.prefetch import Prefetcher
from plugin.workspace.runtime import WorkspaceRuntime
from widgets.renderer import Renderer


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of the running service; `actions` and `refreshes` bound what one person asks.

    `deliveries` bounds what one connection tells, `frames` what one install opens.
    """

    settings: Settings
    runtimes: Mapping[str, WorkspaceRuntime]
    helpdesks: Mapping[str, Helpdesk]
    hooks: Mapping[str, Hook]
    renderers: Mapping[str, Renderer]
    tokens: PageTokens
    clock: Clock
    installs: Mapping[str, Install]
    store: Opened
    actions: RequestLimit
    refreshes: RequestLimit
    deliveries: RequestLimit
    frames: RequestLimit
    resources: Resources
    prefetcher: Prefetcher
    publisher: Publisher
    request_log: RequestLog
    answers: AnswerCache[Answer]
    widgets: AnswerCache[ShownWidget]
    verified_calls: VerifiedCalls
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


def current_services() -> Services:
    """Return the parts of the application that serves this request."""
    found: Services = current_app.extensions["sidelight"]
    return found
