"""The widget after an act: what was done, how to take it back, what a search found."""

from __future__ import annotations

import dataclasses

from plugin.actions.context import Done, Place, Wish
from plugin.view.account_choice import Searched, corrected, correction
from plugin.workspace.answering import know, remember, show
from widgets.texts import Action, Notice
from widgets.widget import Widget


def shown_after(wish: Wish, place: Place, done: Done) -> Widget:
    """Return the widget of the same ticket as it is now."""
    asked, desk = place.request, place.desk
    record = know(asked, desk, place.now, place.deadline)
    widget = show(record, asked, desk, place.now)
    remember(record, asked, desk, place.now)
    if done.found is not None:
        searched = Searched(wish.query or wish.value, wish.about, done.found)
        parts = correction(record.match, asked.requester, desk.workspace, searched)
        widget = corrected(widget, parts)
    if not done.said:
        return widget
    undo = Action("undo", "Undo", done.undo) if done.undo else None
    return dataclasses.replace(widget, said=Notice(done.said, "muted", action=undo))
