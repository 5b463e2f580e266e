"""Answer a frame request as it was answered a moment ago, or anew by workspace/answering.py."""

from __future__ import annotations

from collections.abc import Callable

from flask import g

from plugin.fetching.compute_lock import compute_lock
from plugin.fetching.stages import lap
from plugin.frame import FrameRequest
from plugin.settings.records import Install
from plugin.web.services import Services
from plugin.workspace.answer_cache import Answer, ShownWidget, key_of, widget_key
from plugin.workspace.answering import answer, gather
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
    made = _shown_widget(services, install, asked)
    with lap("render"):
        drawn = draw(made.widget)
    services.answers.put(key, drawn, made.basis)
    g.outcome = made.widget.state
    return drawn


def _shown_widget(services: Services, install: Install, asked: FrameRequest) -> ShownWidget:
    """Return the widget of a request, as it was made a moment ago or anew.

    Many may ask for one account at once: it is made for the first one, and noted once for all.
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
        record, widget = answer(gathered, asked, runtime, services.now())
        made = ShownWidget(widget, before.on(record))
        services.widgets.put(key, made, made.basis)
        return made
