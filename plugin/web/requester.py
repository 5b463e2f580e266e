"""Have a request's requester confirmed, in a part of its time, and count what came of it."""

from __future__ import annotations

import logging

from plugin.frame import FrameRequest
from plugin.settings.records import Install
from plugin.web.metrics import CONFIRMATIONS
from plugin.web.services import Services
from plugin.workspace import requester_check as confirming

log = logging.getLogger("sidelight.frames")
SHARE = 0.5  # of the time that is left; the other half is for the account


def confirmed(services: Services, install: Install, asked: FrameRequest) -> FrameRequest:
    """Return the request with its requester as the helpdesk's own API names them."""
    if confirming.confirmer(asked, install) is None:
        return asked
    now = services.clock.monotonic()
    until = now + SHARE * max(0.0, services.deadline(install) - now)
    runtime = services.runtimes[install.workspace]
    told = confirming.confirmed(asked, install, runtime, services.now(), until)
    word = told.confirmation
    if word is not None:
        CONFIRMATIONS.labels(install.kind, word.word).inc()
        if word.word == "differs":
            log.warning("requester differs", extra={"install": install.id, "by": word.by})
    return told
