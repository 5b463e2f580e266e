"""The widget after an act: what was done, how to take it back, what a search found."""

from __future__ import annotations

import dataclasses

from plugin.actions.context import ActionContext, ActionRequest, ActionResult
from plugin.view.account_choice import Searched, corrected, correction
from plugin.workspace.answering import know, remember, show
from widgets.texts import Action, Notice
from widgets.widget import Widget


def shown_after(
    action_request: ActionRequest, context: ActionContext, result: ActionResult
) -> Widget:
    """Return the widget of the same ticket as it is now."""
    asked, runtime = context.request, context.runtime
    record = know(asked, runtime, context.now, context.deadline)
    widget = show(record, asked, runtime, context.now)
    remember(record, asked, runtime, context.now)
    if result.found is not None:
        searched = Searched(
            action_request.query or action_request.value, action_request.about, result.found
        )
        parts = correction(record.match, asked.requester, runtime.workspace, searched)
        widget = corrected(widget, parts)
    if not result.said:
        return widget
    undo = Action("undo", "Undo", result.undo) if result.undo else None
    return dataclasses.replace(widget, said=Notice(result.said, "muted", action=undo))
