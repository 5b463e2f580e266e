"""Watch each frame: Server-Timing for the browser's tools, metrics, one line in the log."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, request

from plugin.context.stages import start_laps
from plugin.web.house import house
from plugin.web.metrics import FRAMES, Publisher

log = logging.getLogger("sidelight.frames")
STAGES = ("resolve", "gather", "judge", "render")
_FRAMES = "frames"
_ACTIONS = "actions"  # the blueprint of what people do in the widget
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


def _kind(install_id: str) -> str:
    install = house().installs.get(install_id)
    return "unknown" if install is None else install.kind


def install_watching(app: Flask, publisher: Publisher) -> None:
    """Time every frame of the application, whatever becomes of it."""

    @app.before_request
    def _begin() -> None:
        if request.blueprint == _FRAMES:
            g.began, g.laps = house().clock.monotonic(), start_laps()

    @app.after_request
    def _end(response: Response) -> Response:
        if request.blueprint == _ACTIONS:  # a person changed what is shown
            house().presentations.turn()
        if "began" not in g:
            return response
        parts, install = house(), str((request.view_args or {}).get("install_id", ""))
        took = parts.clock.monotonic() - g.began
        outcome, kind = _outcome(response.status_code), _kind(install)
        response.headers["Server-Timing"] = _server_timing(g.laps, took)
        FRAMES.labels(kind, outcome).observe(took)
        publisher.publish(parts.desks)
        told = {
            "install": install if kind != "unknown" else "unknown",
            "helpdesk": kind,
            "door": request.endpoint,
            "status": response.status_code,
            "outcome": outcome,
            "ms": round(took * 1000, 1),
        }
        log.info("frame", extra=told)
        return response
