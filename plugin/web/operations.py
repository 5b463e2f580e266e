"""The door of the operators: is it alive, can it serve, how is it doing."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, jsonify, make_response
from prometheus_client import CONTENT_TYPE_LATEST

from plugin.web.house import House, house
from plugin.web.metrics import exposition

operations = Blueprint("operations", __name__)


@operations.get("/healthz")
def healthz() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


def _unusable(parts: House) -> Iterator[str]:
    if not parts.desks:
        yield "settings"
    shared = parts.runtime.shared
    if shared is not None and not shared.is_up():
        yield "cache"


@operations.get("/readyz")
def readyz() -> Response:
    """Say whether settings and cache can be used; 503 names what cannot.

    A shared cache that is away stops no answer; it is named so that somebody looks after it.
    """
    missing = list(_unusable(house()))
    if missing:
        return make_response(jsonify(status="unavailable", missing=missing), 503)
    return jsonify(status="ok")


@operations.get("/metrics")
def metrics() -> Response:
    """Tell Prometheus how it goes; keep this address inside your own network."""
    parts = house()
    parts.publisher.publish(parts.desks, at_once=True)
    response = make_response(exposition())
    response.headers["Content-Type"] = CONTENT_TYPE_LATEST
    return response
