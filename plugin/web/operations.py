"""The door of the operators: is it alive, can it serve, how is it doing."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response
from prometheus_client import CONTENT_TYPE_LATEST

from plugin.web.house import house
from plugin.web.metrics import exposition

operations = Blueprint("operations", __name__)


@operations.get("/healthz")
def healthz() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


@operations.get("/readyz")
def readyz() -> Response:
    """Say whether the service can answer, and how its store and its shared cache do.

    Without either it still answers tickets, so it stays ready; each says when it is down.
    """
    parts = house()
    store, shared, ready = parts.store, parts.runtime.shared, bool(parts.desks)
    said = {
        "status": "ok" if ready else "unavailable",
        "settings": "ok" if ready else "unavailable",
        "store": "ok" if store.database.is_up() else "unavailable",
        "store_written": store.writer.written,
        "store_dropped": store.writer.dropped,
        "cache": "ok" if shared is None or shared.is_up() else "unavailable",
    }
    return make_response(jsonify(said), 200 if ready else 503)


@operations.get("/metrics")
def metrics() -> Response:
    """Tell Prometheus how it goes; keep this address inside your own network."""
    parts = house()
    parts.publisher.publish(parts.desks, at_once=True)
    response = make_response(exposition())
    response.headers["Content-Type"] = CONTENT_TYPE_LATEST
    return response
