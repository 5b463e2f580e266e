"""A press in a helpdesk's own components: the signed request names the button, we do its act."""

from __future__ import annotations

import dataclasses
import hashlib
import uuid

from plugin.actions.context import ActionContext, ActionRequest, ActionResult, printable
from plugin.actions.perform import KEPT
from plugin.actions.result_widget import shown_after
from plugin.errors import (
    BadRequest,
    NotAllowed,
    NotHere,
    SidelightError,
    StoreUnavailable,
    TooMany,
    Unanswered,
)
from plugin.frame import FrameRequest
from plugin.settings.records import Install
from plugin.view.account_choice import Searched, finds
from plugin.web.action_limit import do
from plugin.web.services import Services
from widgets.widget import Component, Section, Widget

_OFFERED = KEPT | {"undo", "search", "refresh"}
_SORRY: dict[type[SidelightError], str] = {
    StoreUnavailable: "Sidelight cannot save anything now; nothing was changed.",
    Unanswered: "A source did not answer in time; nothing was changed.",
    NotHere: "This is not here any more.",
    NotAllowed: "Your role may not do this.",
    TooMany: "Too many presses; wait a moment.",
    BadRequest: "This could not be read; nothing was changed.",
}


def wish_of(asked: FrameRequest) -> ActionRequest | None:
    """Return what the pressed button stands for ("pin:ACCOUNT"), None where it is no act.

    Each canvas has a mark of its own: the same press on it counts once, however often it is sent.
    """
    pressed = _text(asked, "component_id", 320)
    action, _, value = pressed.partition(":")
    if asked.stage != "submit" or action not in _OFFERED:
        return None
    mark = _text(asked, "mark", 32)
    of_its_own = hashlib.sha256(f"{mark}:{pressed}".encode()).hexdigest()[:32]
    return ActionRequest(
        action,
        value,
        key=of_its_own if mark else uuid.uuid4().hex,
        note=_text(asked, "note", 200),
        about="domain" if asked.extra.get("about") == "domain" else "contact",
        query=_text(asked, "query", 200),
    )


def _text(asked: FrameRequest, name: str, longest: int) -> str:
    return printable(str(asked.extra.get(name) or "")[:longest])


def _done(
    services: Services, action_request: ActionRequest, context: ActionContext
) -> ActionResult:
    try:
        return do(services, action_request, context)
    except tuple(_SORRY) as error:
        return ActionResult(_SORRY[type(error)])


def widget_after(
    services: Services, install: Install, asked: FrameRequest, action_request: ActionRequest
) -> Widget:
    """Do what was pressed, and return the widget with a first section that says so."""
    runtime = services.runtimes[install.workspace]
    context = ActionContext(asked, runtime, services.now(), services.deadline(install))
    result = _done(services, action_request, context)
    widget = shown_after(action_request, context, result)
    told = (widget.said,) if widget.said else ()
    found: tuple[Component, ...] = ()
    if result.found is not None:
        searched = Searched(action_request.query, action_request.about, result.found)
        found = finds(searched, asked.requester, runtime.workspace)
    if not told and not found:
        return widget
    first = Section("said", "", (*told, *found))
    rest = tuple(part for part in widget.sections if not (found and part.id == "correction"))
    head = dataclasses.replace(widget.header, correction=()) if found else widget.header
    return dataclasses.replace(widget, header=head, sections=(first, *rest))
