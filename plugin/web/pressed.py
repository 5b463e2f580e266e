"""A press in a helpdesk's own components: the signed request names the button, we do its act."""

from __future__ import annotations

import dataclasses
import uuid

from plugin.acting.perform import KEPT, perform
from plugin.acting.place import Done, Place, Wish
from plugin.acting.showing import shown_after
from plugin.correcting import choices
from plugin.errors import BadRequest, NotAllowed, NotHere, StoreUnavailable, TooMany
from plugin.frame import FrameRequest
from plugin.settings import Install
from plugin.web.house import House
from widgets.widget import Section, Widget

_OFFERED = KEPT | {"undo", "search"}
_SORRY = {
    StoreUnavailable: "Sidelight cannot save anything now; nothing was changed.",
    NotHere: "This is not here any more.",
    NotAllowed: "Your role may not do this.",
    TooMany: "Too many presses; wait a moment.",
    BadRequest: "This could not be read; nothing was changed.",
}


def wish_of(asked: FrameRequest) -> Wish | None:
    """Return what the pressed button stands for ("pin:ACCOUNT"), None where it is no act."""
    action, _, value = str(asked.extra.get("component_id") or "").partition(":")
    if asked.stage != "submit" or action not in _OFFERED:
        return None
    query = str(asked.extra.get("typed") or "")[:200]
    # The helpdesk proves each request; two presses of one button are two acts.
    return Wish(action, value[:320], key=uuid.uuid4().hex, query=query)


def _done(parts: House, wish: Wish, place: Place) -> Done:
    try:
        parts.actions.take((place.request.install_id, place.actor))
        return perform(wish, place)
    except tuple(_SORRY) as error:
        return Done(_SORRY[type(error)])


def widget_after(parts: House, install: Install, asked: FrameRequest, wish: Wish) -> Widget:
    """Do what was pressed, and return the widget with a first section that says so."""
    desk = parts.desks[install.workspace]
    place = Place(asked, desk, parts.now(), parts.deadline(install))
    done = _done(parts, wish, place)
    widget = shown_after(wish, place, done)
    told = (widget.said,) if widget.said else ()
    found = choices(done.found or ())
    if not told and not found:
        return widget
    first = Section("said", "", (*told, *found))
    rest = (part for part in widget.sections if not (found and part.id == "correction"))
    return dataclasses.replace(widget, sections=(first, *rest))
