"""Watch each frame: Server-Timing for the browser's tools, metrics, one line in the log."""

from __future__ import annotations

import logging

from flask import Response, g, request

from plugin.context.stages import start_laps
from plugin.log import tell
from plugin.presentation import turn
from plugin.web.house import house
from plugin.web.metrics import FRAMES

log = logging.getLogger("sidelight.frames")
STAGES = ("resolve", "gather", "judge", "render")
_FAULT, _REFUSED = 500, 400


def _outcome(status: int) -> str:
    if status >= _FAULT:
        return "fault"
    if status >= _REFUSED:
        return "refused"
    return str(g.get("outcome", "answered"))


def _server_timing(laps: dict[str, float], total: float) -> str:
    """Return the header's value in milliseconds: https://www.w3.org/TR/server-timing/."""
    parts = [f"{stage};dur={laps[stage] * 1000:.1f}" for stage in STAGES if stage in laps]
    return ", ".join([*parts, f"total;dur={total * 1000:.1f}"])


def begin() -> None:
    """Start to time a frame."""
    g.began, g.laps = house().clock.monotonic(), start_laps()


def end(response: Response) -> Response:
    """Say how long a frame took and what became of it."""
    parts = house()
    took = parts.clock.monotonic() - g.began
    response.headers["Server-Timing"] = _server_timing(g.laps, took)
    install = parts.installs.get((request.view_args or {}).get("install_id", ""))
    kind, outcome = install.kind if install else "unknown", _outcome(response.status_code)
    FRAMES.labels(kind, outcome).observe(took)
    parts.publisher.publish(parts.desks)
    told = {
        "install": install.id if install else "unknown",
        "helpdesk": kind,
        "door": request.endpoint,
        "status": response.status_code,
        "outcome": outcome,
        "ms": round(took * 1000, 1),
    }
    tell(log, "frame", told)
    return response


def turned(response: Response) -> Response:
    """Forget what was made before an act: a person changed what is shown."""
    turn()
    return response
