"""The door of the operators: is it alive, can it serve, how is it doing."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, request
from prometheus_client import CONTENT_TYPE_LATEST

from plugin.errors import BadSignature, NotHere
from plugin.proofs.mac import is_same
from plugin.web.metrics import exposition
from plugin.web.pages import bearer
from plugin.web.services import Services, current_services

operations = Blueprint("operations", __name__)


@operations.before_app_request
def _one_spelling() -> None:
    """Raise NotHere where slashes stand before the address: Werkzeug would take them for one.

    A proxy that keeps `/metrics` inside compares what it is sent, and would let `//metrics` pass.
    """
    if request.environ["PATH_INFO"].startswith("//"):
        raise NotHere("an address begins with one slash")


@operations.get("/healthz", strict_slashes=True)
def healthz() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


@operations.get("/")
def root() -> Response:
    """Say what is here: people come by this address by hand, helpdesks never."""
    if current_services().settings.service.demo:
        page = (
            '<!doctype html><title>Sidelight</title><a href="/playground">Open the playground</a>'
        )
        return make_response(page)
    text = "This is Sidelight. Helpdesks open it beside their tickets; nothing is shown here.\n"
    return Response(text, mimetype="text/plain")


def _ask_for_token() -> None:
    """Raise BadSignature unless the request brings `[service] metrics_token`, if there is one."""
    wanted = current_services().settings.service.metrics_token
    if wanted and not is_same(bearer(), wanted):
        raise BadSignature("the token of /metrics and /readyz is missing or another one")


def _cache_state(services: Services) -> str:
    shared = services.resources.shared
    if shared is None:
        return "of this process"
    return "ok" if shared.is_up() else "unavailable"


@operations.get("/readyz", strict_slashes=True)
def readyz() -> Response:
    """Say whether settings, store and cache can be used; 503 names what stops every answer.

    A store or a shared cache that is away stops no answer: it is named, so that somebody looks
    after it, and the service stays ready.
    """
    _ask_for_token()
    services = current_services()
    store = services.store
    is_up = store.database.is_up()
    said = {
        "status": "ok" if services.runtimes else "unavailable",
        "store": "ok" if is_up else "unavailable",
        "counted_once": "in every process" if is_up else "in each process",
        "store_written": store.writer.written,
        "store_dropped": store.writer.dropped,
        "cache": _cache_state(services),
    }
    return make_response(jsonify(said), 200 if services.runtimes else 503)


@operations.get("/metrics", strict_slashes=True)
def metrics() -> Response:
    """Tell Prometheus how it goes; asked with a token, or kept inside your own network."""
    _ask_for_token()
    services = current_services()
    services.publisher.publish(services.runtimes, at_once=True)
    response = make_response(exposition())
    response.headers["Content-Type"] = CONTENT_TYPE_LATEST
    return response
