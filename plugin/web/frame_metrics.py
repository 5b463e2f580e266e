"""Watch each frame: Server-Timing for the browser's tools, a note for the log and the metrics."""

from __future__ import annotations

from flask import Response, g, request

from plugin.fetching.stages import start_laps
from plugin.web.request_log import Note
from plugin.web.services import current_services

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
    g.began, g.laps = current_services().clock.monotonic(), start_laps()


def end(response: Response) -> Response:
    """Say how long a frame took and what became of it."""
    parts = current_services()
    took = parts.clock.monotonic() - g.began
    if response.status_code < _REFUSED:  # a refusal tells nobody how far it came
        response.headers.add("Server-Timing", _server_timing(g.laps, took))
    install = parts.installs.get((request.view_args or {}).get("install_id", ""))
    named, kind = (install.id, install.kind) if install else ("unknown", "unknown")
    status = response.status_code
    told = Note(parts.now(), named, kind, request.endpoint, status, _outcome(status), took)
    parts.request_log.note(told)
    return response
