"""Build a correctly signed frame request for an install, as its helpdesk would send it."""

from __future__ import annotations

from datetime import datetime

from plugin.frame import SignedRequest
from plugin.helpdesk import Helpdesk, Trial
from plugin.settings.records import Install


def signed_trial(
    helpdesk: Helpdesk, install: Install, trial: Trial, base_url: str, now: datetime
) -> SignedRequest:
    """Return the request that `helpdesk` would send to `install` for the ticket of `trial`."""
    first = helpdesk.stages[0]
    path = f"/frames/{install.id}" + ("" if first == "launch" else f"/{first}")
    stage = trial.stage if trial.stage in helpdesk.stages else first
    if stage != first:
        path = f"/frames/{install.id}/{stage}"
    url = base_url.rstrip("/") + path
    template = SignedRequest("POST", url, {}, b"", b"", now, stage)
    return helpdesk.sign(trial, install, template)
