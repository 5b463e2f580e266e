"""The door of the widget's buttons: our own token, a limit, and the refreshed part back."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from flask import Blueprint, Response, make_response, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from plugin.actions.context import Done, Place, Wish, printable
from plugin.actions.result_widget import shown_after
from plugin.errors import BadRequest
from plugin.incoming.json_body import read_object
from plugin.settings.records import Install
from plugin.web.action_limit import do
from plugin.web.frame_metrics import turned
from plugin.web.page_requests import asked_by_page
from plugin.web.pages import known_install, view_of
from plugin.web.requester import confirmed
from plugin.web.services import House, house
from widgets.renderers.html import render
from widgets.widget import Widget

actions = Blueprint("actions", __name__)
actions.after_request(turned)


class _WishSchema(Schema):
    """What the page sends beside its claims."""

    class Meta:
        """The claims are read elsewhere."""

        unknown = EXCLUDE

    value = fields.String(validate=validate.Length(max=320), load_default="")
    key = fields.String(validate=validate.Regexp(r"[A-Za-z0-9-]{0,63}\Z"), load_default="")
    note = fields.String(validate=validate.Length(max=200), load_default="")
    about = fields.String(validate=validate.OneOf(["contact", "domain"]), load_default="contact")
    query = fields.String(validate=validate.Length(max=200), load_default="")
    open = fields.Boolean(load_default=False)


def _wish(action: str, body: bytes) -> Wish:
    """Return what is asked for; raise BadRequest naming the fields that cannot be read."""
    try:
        found = _WishSchema().load(dict(read_object(body)))
    except ValidationError as error:
        raise BadRequest("a field of the action cannot be read") from error
    texts = {name: printable(found[name]) for name in ("value", "key", "note", "query")}
    return Wish(action, about=found["about"], opened=found["open"], **texts)


def _place(parts: House, install: Install, action: str) -> Place:
    """Return the proven place of the request."""
    asked = confirmed(parts, install, asked_by_page(parts, install, action))
    return Place(asked, parts.desks[install.workspace], parts.now(), parts.deadline(install))


def _reply(parts: House, place: Place, done: Done, widget: Widget) -> Response:
    view = view_of(parts.installs[place.request.install_id], place.request)
    if not request.headers.get("Accept", "").startswith("application/json"):
        return make_response(render(widget, view))
    found = [dataclasses.asdict(one) for one in done.found or ()]
    told: dict[str, Any] = {"said": done.said, "undo": done.undo, "candidates": found}
    told["widget"] = parts.renderers["json_view"].render(widget, view)
    response = make_response(json.dumps(told, ensure_ascii=False))
    response.mimetype = "application/json"
    return response


@actions.post("/frames/<install_id>/actions/<action>")
def act(install_id: str, action: str) -> Response:
    """Do what a button of the widget asks for, and answer with the widget as it is then."""
    parts = house()
    place = _place(parts, known_install(parts, install_id), action)
    wish = _wish(action, request.get_data(cache=True))
    done = do(parts, wish, place)
    if action == "fold":
        return make_response("", 204)
    return _reply(parts, place, done, shown_after(wish, place, done))
