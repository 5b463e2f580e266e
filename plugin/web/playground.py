"""The demo's first page: a fake helpdesk inbox whose tickets open the real, signed frames."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request

from plugin.demo.workspace import PlaygroundTicket, playground_tickets, refresh_demo
from plugin.frame import SignedRequest
from plugin.helpdesk import Trial
from plugin.trials import signed_trial
from plugin.web.headers import allow_framing
from plugin.web.house import House, house

playground = Blueprint("playground", __name__, template_folder="templates")
_SHOWN = {"zendesk": "Zendesk", "intercom": "Intercom", "plain": "Plain"}
_AGENTS = {"agent": "1", "csm": "2", "ae": "3"}  # as the demo's settings give out the roles


def _ticket(ticket_id: str | None) -> PlaygroundTicket:
    found = (ticket for ticket in playground_tickets() if ticket.ticket_id == ticket_id)
    return next(found, None) or abort(404)


def _signed(parts: House, kind: str, stage: str) -> SignedRequest:
    """Return the launch of the chosen ticket as the helpdesk `kind` would sign it."""
    wish = request.args
    ticket = _ticket(wish.get("ticket"))
    install = next((one for one in parts.installs.values() if one.kind == kind), None)
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
    )
    base = parts.settings.service.base_url
    return signed_trial(parts.helpdesks[kind], install, trial, base, parts.now())


def _path(signed: SignedRequest) -> str:
    split = urlsplit(signed.url)
    return f"{split.path}?{split.query}" if split.query else split.path


@playground.before_app_request
def keep_young() -> None:
    """Write the demo's data anew on a new day, so that it never ages."""
    now = house().clock.now()
    refresh_demo(house().settings.folder / "data", now.date(), now)


@playground.get("/playground")
def inbox() -> str:
    """Show the inbox."""
    allow_framing(())
    found = playground_tickets()
    texts = {ticket.ticket_id: ticket.preview for ticket in found}
    return render_template("playground.html", tickets=found, texts=texts, helpdesks=_SHOWN)


@playground.get("/playground/launch")
def launch() -> Response:
    """Return the signed form post that a browser sends to open the frame."""
    signed = _signed(house(), request.args.get("helpdesk", "zendesk"), "launch")
    return jsonify(action=_path(signed), body=signed.body.decode())


@playground.get("/playground/answer")
def answer() -> Response:
    """Send a native helpdesk's signed request to the real door, and return its JSON answer."""
    kind, stage = request.args.get("helpdesk", "intercom"), request.args.get("stage", "launch")
    signed = _signed(house(), kind, stage)
    reply = current_app.test_client().open(
        _path(signed), method=signed.method, headers=dict(signed.headers), data=signed.body
    )
    return Response(reply.data, reply.status_code, mimetype=reply.mimetype)
