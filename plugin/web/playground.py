"""The demo's first page: a fake helpdesk inbox whose tickets open the real, signed frames."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    jsonify,
    render_template,
    request,
    url_for,
)
from werkzeug.test import TestResponse

from plugin.demo.guard import own_installs
from plugin.demo.workspace import PlaygroundTicket, playground_tickets, refresh_demo
from plugin.frame import SignedRequest
from plugin.helpdesk import Trial
from plugin.incoming.json_body import read_object
from plugin.web.headers import allow_framing
from plugin.web.services import Services, current_services
from plugin.workspace.trial_request import signed_trial
from widgets.renderers.html import render_page
from widgets.shell import Shell

playground = Blueprint("playground", __name__, template_folder="templates")
_SHOWN = {"zendesk": "Zendesk", "intercom": "Intercom", "plain": "Plain"}
_TOKEN = re.compile(r'data-token="([^"]+)"')
_PRESSED = ("component_id", "input_values", "current_canvas")  # what of a card's press is signed
_NOTHING: Mapping[str, Any] = {}
_AGENTS = {"agent": "1", "csm": "2", "ae": "3"}  # as the demo's settings give out the roles


def _ticket(ticket_id: str | None) -> PlaygroundTicket:
    found = (ticket for ticket in playground_tickets() if ticket.ticket_id == ticket_id)
    return next(found, None) or abort(404)


def _signed(
    services: Services, kind: str, stage: str, pressed: Mapping[str, Any] = _NOTHING
) -> SignedRequest:
    """Return a request about the chosen ticket as the helpdesk `kind` would sign it."""
    wish = request.args
    ticket = _ticket(wish.get("ticket"))
    own = own_installs(
        services.settings
    ).values()  # nothing else is ever signed without credentials
    install = next((services.installs[one.id] for one in own if one.kind == kind), None)
    if install is None:
        abort(404)
    trial = Trial(
        email=ticket.requester_email,
        name=ticket.requester_name,
        ticket_id=ticket.ticket_id,
        subject=ticket.subject,
        agent_id=_AGENTS.get(wish.get("role", "agent"), "1"),
        theme="dark" if wish.get("theme") == "dark" else "light",
        stage=stage,
        pressed=pressed,
    )
    base = services.settings.service.base_url
    return signed_trial(services.helpdesks[kind], install, trial, base, services.now())


def _path(signed: SignedRequest) -> str:
    split = urlsplit(signed.url)
    return f"{split.path}?{split.query}" if split.query else split.path


@playground.before_app_request
def keep_young() -> None:
    """Write the demo's data anew on a new day, so that it never ages."""
    now = current_services().clock.now()
    refresh_demo(current_services().settings.folder / "data", now.date(), now)


@playground.get("/playground")
def inbox() -> str:
    """Show the inbox."""
    allow_framing(())
    found = playground_tickets()
    texts = {ticket.ticket_id: ticket.preview for ticket in found}
    services = current_services()
    own = own_installs(services.settings).values()
    kinds = {install.kind: services.helpdesks[install.kind] for install in own}
    others = {name: one for name, one in kinds.items() if name not in _SHOWN}
    return render_template(
        "playground.html", tickets=found, texts=texts, helpdesks=_SHOWN, others=others
    )


@playground.get("/playground/launch")
def launch() -> Response:
    """Return the signed form post that a browser sends to open the frame."""
    signed = _signed(current_services(), request.args.get("helpdesk", "zendesk"), "launch")
    return jsonify(action=_path(signed), body=signed.body.decode())


def _opened(signed: SignedRequest) -> TestResponse:
    """Send a signed request to the real door."""
    return current_app.test_client().open(
        _path(signed), method=signed.method, headers=dict(signed.headers), data=signed.body
    )


@playground.get("/playground/frame")
def frame() -> Response:
    """Open a helpdesk's page and tell it the ticket, as its own script would; show the result."""
    kind, ticket = request.args.get("helpdesk", ""), _ticket(request.args.get("ticket"))
    signed = _signed(current_services(), kind, "launch")
    token = _TOKEN.search(_opened(signed).text)
    claims = {
        "ticket": {"id": ticket.ticket_id, "subject": ticket.subject},
        "requester": {"email": ticket.requester_email, "name": ticket.requester_name},
    }
    reply = current_app.test_client().post(
        f"{urlsplit(signed.url).path}/widget",
        json=claims,
        headers={"Authorization": f"Bearer {token[1] if token else ''}"},
    )
    allow_framing((current_services().settings.service.base_url,))
    theme = "dark" if request.args.get("theme") == "dark" else "light"
    styles = (url_for("static", filename="frame.css"),)
    shell = Shell(
        "Sidelight", "", "", kind, styles=styles, scripts=(), part=reply.text, theme=theme
    )
    return Response(render_page(shell), reply.status_code, mimetype="text/html")


@playground.route("/playground/answer", methods=["GET", "POST"])
def answer() -> Response:
    """Send a native helpdesk's signed request to the real door, and return its JSON answer.

    A POST brings what was pressed on the helpdesk's own card.
    """
    kind, stage = request.args.get("helpdesk", "intercom"), request.args.get("stage", "launch")
    told = read_object(request.get_data()) if request.is_json else _NOTHING
    signed = _signed(
        current_services(), kind, stage, {name: told[name] for name in _PRESSED if name in told}
    )
    reply = _opened(signed)
    return Response(reply.data, reply.status_code, mimetype=reply.mimetype)
