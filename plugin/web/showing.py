"""Answer a frame request: as it was answered a moment ago, or by telling its story anew."""

from __future__ import annotations

from collections.abc import Callable

from flask import g

from plugin.answer import know, remember, show
from plugin.context.stages import lap
from plugin.frame import FrameRequest
from plugin.presentation import Answer, key_of
from plugin.settings import Install
from plugin.web.house import House
from widgets.widget import Widget

Draw = Callable[[Widget], Answer]


def shown(parts: House, install: Install, asked: FrameRequest, form: str, draw: Draw) -> Answer:
    """Return the answer to a proven request; `form` tells apart what `draw` may return.

    What is kept was made for the same viewer a moment ago, so nothing is remembered of it twice.
    """
    desk = parts.desks[install.workspace]
    key = key_of(desk, install, asked, form)
    kept = parts.presentations.get(key, desk)
    if kept is not None:
        g.outcome = "warm"
        return kept
    mark, now = parts.presentations.mark(), parts.now()
    record = know(asked, desk, now, parts.deadline(install))
    widget = show(record, asked, desk, now)
    with lap("render"):
        answer = draw(widget)
    remember(record, asked, desk, now)
    parts.presentations.put(key, answer, record, desk, mark)
    g.outcome = widget.state
    return answer
