"""Answer a frame request: as it was answered a moment ago, or by telling its story anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import g

from plugin.fetching.compute_lock import thinking
from plugin.fetching.stages import lap
from plugin.frame import FrameRequest
from plugin.settings.records import Install
from plugin.web.services import House
from plugin.workspace.answer_cache import Answer, Basis, Told, key_of, widget_key
from plugin.workspace.answering import Gathered, gather, judged, remember, show
from plugin.workspace.runtime import Desk
from widgets.widget import Widget

Draw = Callable[[Widget], Answer]


def shown(parts: House, install: Install, asked: FrameRequest, form: str, draw: Draw) -> Answer:
    """Return the answer to a proven request; `form` tells apart what `draw` may return."""
    desk = parts.desks[install.workspace]
    key = key_of(desk, install, asked, form)
    kept = parts.answers.get(key, desk)
    if kept is not None:
        g.outcome = "warm"
        thinking.note_ready()
        return kept
    told = _told(parts, install, asked)
    with lap("render"):
        answer = draw(told.widget)
    parts.answers.put(key, answer, told.basis)
    g.outcome = told.widget.state
    return answer


def _told(parts: House, install: Install, asked: FrameRequest) -> Told:
    """Return the widget of a request, as it was told a moment ago or anew.

    Many may ask for one account at once: the first one tells it, and the others show the same.
    """
    desk = parts.desks[install.workspace]
    key = widget_key(desk, install, asked)
    kept = parts.widgets.get(key, desk)
    if kept is not None:
        return kept
    before = parts.widgets.basis(desk)
    gathered = gather(asked, desk, parts.deadline(install))
    with thinking:
        kept = parts.widgets.get(key, desk)
        if kept is not None:
            return kept
        told = _tell(gathered, asked, desk, parts.now(), before)
        parts.widgets.put(key, told, told.basis)
        return told


def _tell(
    gathered: Gathered, asked: FrameRequest, desk: Desk, now: datetime, before: Basis
) -> Told:
    """Judge and show what was gathered; it is noted here, so once for all who are shown it."""
    record = judged(gathered, asked, desk, now)
    told = Told(show(record, asked, desk, now), before.on(record))
    remember(record, asked, desk, now)
    return told
