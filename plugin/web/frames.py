"""The door of the helpdesks: prove who calls, find out what they ask, answer in their format."""

from __future__ import annotations

import dataclasses
import json
import random
from typing import Any

from flask import Blueprint, Response, request

from plugin.errors import BadSignature, UnknownTenant
from plugin.frame import FrameRequest, SignedRequest
from plugin.helpdesk import Helpdesk, Reply
from plugin.incoming.installs import refuse_other_tenants
from plugin.settings.records import Install
from plugin.web.cached_answers import shown
from plugin.web.canvas_actions import widget_after, wish_of
from plugin.web.decoys import try_others
from plugin.web.frame_metrics import begin, end
from plugin.web.launch_page import launched
from plugin.web.onboarding import onboarding
from plugin.web.one_time_launches import take_launch
from plugin.web.page_requests import asked_by_page, asking_install
from plugin.web.pages import HTML, known_install, signed_request, view_of
from plugin.web.published_keys import with_published_keys
from plugin.web.requester import confirmed
from plugin.web.services import Services, current_services
from plugin.web.unsigned import answer_knock
from plugin.web.verified_calls import VerifiedCall
from plugin.workspace.answer_cache import Answer
from widgets.renderers.html import render
from widgets.widget import Widget

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

frames = Blueprint("frames", __name__)
frames.before_request(begin)
frames.after_request(end)


def _page(
    services: Services, install: Install, asked: FrameRequest, helpdesk: Helpdesk
) -> Response:
    """Answer a launch with the page; with its first part unless its script tells who asks."""
    told, part = _told(services, install, asked), ""
    is_known = told.requester is not None and not told.extra.get("unfinished")
    if is_known or not helpdesk.tells:
        part = _part(services, install, told).body.decode()
    return _response(launched(services, install, asked, helpdesk, part))


def _told(services: Services, install: Install, asked: FrameRequest) -> FrameRequest:
    """Return a launch with its requester confirmed; as it is where it names nothing to ask by."""
    is_named = asked.ticket is not None or asked.requester is not None
    return confirmed(services, install, asked) if is_named else asked


def _answer(value: Any) -> Answer:
    if isinstance(value, str):
        return Answer(value.encode(), HTML)
    return Answer(_JSON.encode(value).encode(), "application/json")


def _response(answer: Answer) -> Response:
    return Response(answer.body, content_type=answer.content_type)


def _part(services: Services, install: Install, asked: FrameRequest) -> Answer:
    """Return the widget as a part of a page."""
    view = view_of(install, asked)
    return shown(services, install, asked, "part", lambda one: _answer(render(one, view)))


def _mark() -> str:
    """Return what tells a drawing from all others when something on it is pressed.

    It hides nothing: the press is signed. So it needs no randomness of the system's, for which
    the thread would let go of the interpreter and wait for it again.
    """
    return f"{random.getrandbits(64):016x}"


def _native(
    services: Services, install: Install, asked: FrameRequest, helpdesk: Helpdesk
) -> Response:
    """Answer in the helpdesk's own components."""
    asked = confirmed(services, install, asked)

    def draw(widget: Widget) -> Answer:
        rendered = services.renderers[helpdesk.format].render(widget, view_of(install, asked))
        partial = {"partial": True} if widget.state == "partial" else {}
        own = {"mark": _mark(), **partial}
        told = dataclasses.replace(asked, extra={**asked.extra, **own})
        return _answer(helpdesk.wrap(rendered, told, install))

    wish = wish_of(asked)
    if wish is not None:  # a button of the helpdesk's own was pressed: never an answer from before
        return _response(draw(widget_after(services, install, asked, wish)))
    return _response(shown(services, install, asked, helpdesk.format, draw))


def _called(
    services: Services, helpdesk: Helpdesk, signed: SignedRequest, install: Install
) -> VerifiedCall | UnknownTenant:
    """Return the proven call; UnknownTenant where it comes from a tenant that nobody registered."""
    verify = with_published_keys(services, helpdesk)
    try:
        return services.verified_calls.call(verify, helpdesk, signed, install)
    except UnknownTenant as unknown:
        others = (one for one in services.installs.values() if one.kind == install.kind)
        refusal = refuse_other_tenants(unknown, others)
        if refusal is unknown:
            return unknown
        raise refusal from unknown


def _fitting(services: Services, install_id: str, stage: str) -> Install:
    """Return the install if its helpdesk has such a stage."""
    install = known_install(services, install_id)
    if stage not in services.helpdesks[install.kind].stages:
        raise BadSignature("this helpdesk has no such stage")
    return install


def _proven(
    services: Services, install_id: str, signed: SignedRequest
) -> tuple[Install, VerifiedCall | UnknownTenant]:
    """Return the install and its proven call; a refusal costs the same without such an install."""
    tried = None
    try:
        install = _fitting(services, install_id, signed.stage)
        tried, helpdesk = install.kind, services.helpdesks[install.kind]
        called = _called(services, helpdesk, signed, install)
    except BadSignature:
        try_others(services, signed, tried)
        raise
    return install, called


def _serve(install_id: str, stage: str) -> Response:
    services = current_services()
    signed = signed_request(services, stage)
    knocked = answer_knock(services, signed)
    if knocked is not None:
        return knocked
    install, called = _proven(services, install_id, signed)
    helpdesk = services.helpdesks[install.kind]
    services.frames.take(install.id)
    if isinstance(called, UnknownTenant):
        return onboarding(services, helpdesk, signed, install, called)
    take_launch(services, install, called.proof)
    if called.asked is None:
        return _replied(called)
    serve = _page if helpdesk.format == "html" else _native
    return serve(services, install, called.asked, helpdesk)


def _replied(called: VerifiedCall) -> Response:
    """Answer a call that wants no account, such as a handshake."""
    reply = called.reply or Reply({})
    response = _response(_answer(reply.body))
    response.mimetype = reply.content_type
    return response


@frames.route("/frames/<install_id>", methods=["GET", "POST"])
def launch(install_id: str) -> Response:
    """Answer the helpdesk's own call."""
    return _serve(install_id, "launch")


@frames.post("/frames/<install_id>/<stage>")
def stage(install_id: str, stage: str) -> Response:
    """Answer a later stage of the helpdesk's own protocol."""
    return _serve(install_id, stage)


@frames.post("/frames/<install_id>/widget")
def widget(install_id: str) -> Response:
    """Answer the second step: the page tells the ticket, with the token of its launch."""
    services = current_services()
    install = asking_install(services, install_id)
    told = asked_by_page(services, install, "widget")
    services.frames.take(install.id)
    asked = confirmed(services, install, told)
    if not request.headers.get("Accept", "").startswith("application/json"):
        return _response(_part(services, install, asked))
    draw, view = services.renderers["json_view"].render, view_of(install, asked)
    answer = shown(services, install, asked, "json_view", lambda one: _answer(draw(one, view)))
    return _response(answer)
