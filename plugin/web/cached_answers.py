"""Answer a frame request: as it was answered a moment ago, or by telling its story anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import g

from plugin.fetching.compute_lock import compute_lock
from plugin.fetching.stages import lap
from plugin.frame import FrameRequest
from plugin.settings.records import Install
from plugin.web.services import Services
from plugin.workspace.answer_cache import Answer, MadeFrom, ShownWidget, key_of, widget_key
from plugin.workspace.answering import Gathered, gather, judged, remember, show
from plugin.workspace.runtime import WorkspaceRuntime
from widgets.widget import Widget

Draw = Callable[[Widget], Answer]


def shown(
    services: Services, install: Install, asked: FrameRequest, form: str, draw: Draw
) -> Answer:
    """Return the answer to a proven request; `form` tells apart what `draw` may return."""
    runtime = services.runtimes[install.workspace]
    key = key_of(runtime, install, asked, form)
    kept = services.answers.get(key, runtime)
    if kept is not None:
        g.outcome = "warm"
        compute_lock.note_ready()
        return kept
    told = _told(services, install, asked)
    with lap("render"):
        answer = draw(told.widget)
    services.answers.put(key, answer, told.basis)
    g.outcome = told.widget.state
    return answer


def _told(services: Services, install: Install, asked: FrameRequest) -> ShownWidget:
    """Return the widget of a request, as it was told a moment ago or anew.

    Many may ask for one account at once: the first one tells it, and the others show the same.
    """
    runtime = services.runtimes[install.workspace]
    key = widget_key(runtime, install, asked)
    kept = services.widgets.get(key, runtime)
    if kept is not None:
        return kept
    before = services.widgets.basis(runtime, asked)
    gathered = gather(asked, runtime, services.deadline(install))
    with compute_lock:
        kept = services.widgets.get(key, runtime)
        if kept is not None:
            return kept
        told = _tell(gathered, asked, runtime, services.now(), before)
        services.widgets.put(key, told, told.basis)
        return told


def _tell(
    gathered: Gathered,
    asked: FrameRequest,
    runtime: WorkspaceRuntime,
    now: datetime,
    before: MadeFrom,
) -> ShownWidget:
    """Judge and show what was gathered; it is noted here, so once for all who are shown it."""
    record = judged(gathered, asked, runtime, now)
    told = ShownWidget(show(record, asked, runtime, now), before.on(record))
    remember(record, asked, runtime, now)
    return told
