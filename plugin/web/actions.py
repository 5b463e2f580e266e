"""The door of the widget's buttons: our own token, a limit, and the refreshed part back."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from flask import Blueprint, Response, make_response, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from plugin.actions.context import ActionContext, ActionRequest, ActionResult, printable
from plugin.actions.result_widget import shown_after
from plugin.errors import BadRequest
from plugin.incoming.json_body import read_object, whole
from plugin.settings.records import Install
from plugin.web.action_limit import do
from plugin.web.page_requests import asked_by_page, asking_install
from plugin.web.pages import view_of
from plugin.web.requester import confirmed
from plugin.web.services import Services, current_services
from widgets.renderers.html import render
from widgets.widget import Widget

actions = Blueprint("actions", __name__)


class _ActionSchema(Schema):
    """What the page sends beside its claims."""

    class Meta:
        """The claims are read elsewhere."""

        unknown = EXCLUDE

    value = fields.String(validate=[validate.Length(max=320), whole], load_default="")
    key = fields.String(validate=validate.Regexp(r"[A-Za-z0-9-]{0,63}\Z"), load_default="")
    note = fields.String(validate=[validate.Length(max=200), whole], load_default="")
    about = fields.String(validate=validate.OneOf(["contact", "domain"]), load_default="contact")
    query = fields.String(validate=[validate.Length(max=200), whole], load_default="")
    open = fields.Boolean(load_default=False)


def _wish(action: str, body: bytes) -> ActionRequest:
    """Return what is asked for; raise BadRequest naming the fields that cannot be read."""
    try:
        found = _ActionSchema().load(dict(read_object(body)))
    except ValidationError as error:
        raise BadRequest.of_fields(error.messages) from error
    texts = {name: printable(found[name]) for name in ("value", "key", "note", "query")}
    return ActionRequest(action, about=found["about"], opened=found["open"], **texts)


def _place(services: Services, install: Install, action: str) -> ActionContext:
    """Return the proven place of the request."""
    asked = confirmed(services, install, asked_by_page(services, install, action))
    return ActionContext(
        asked, services.runtimes[install.workspace], services.now(), services.deadline(install)
    )


def _reply(
    services: Services, context: ActionContext, result: ActionResult, widget: Widget
) -> Response:
    view = view_of(services.installs[context.request.install_id], context.request)
    if not request.headers.get("Accept", "").startswith("application/json"):
        return make_response(render(widget, view))
    found = [dataclasses.asdict(one) for one in result.found or ()]
    told: dict[str, Any] = {"said": result.said, "undo": result.undo, "candidates": found}
    told["widget"] = services.renderers["json_view"].render(widget, view)
    response = make_response(json.dumps(told, ensure_ascii=False))
    response.mimetype = "application/json"
    return response


@actions.post("/frames/<install_id>/actions/<action>")
def act(install_id: str, action: str) -> Response:
    """Do what a button of the widget asks for, and answer with the widget as it is then."""
    services = current_services()
    context = _place(services, asking_install(services, install_id), action)
    action_request = _wish(action, request.get_data(cache=True))
    result = do(services, action_request, context)
    if action == "fold":
        return make_response("", 204)
    return _reply(services, context, result, shown_after(action_request, context, result))
