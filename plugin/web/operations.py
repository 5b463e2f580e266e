"""The door of the operators: is it alive, can it serve."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response

from plugin.web.house import house

operations = Blueprint("operations", __name__)


@operations.get("/healthz")
def healthz() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


@operations.get("/readyz")
def readyz() -> Response:
    """Say whether the service can answer, and how its store does.

    Without its store it still answers tickets, so it stays ready; `store` says that it is down.
    """
    store = house().store
    ready = bool(house().desks)
    said = {
        "status": "ok" if ready else "unavailable",
        "store": "ok" if store.database.is_up() else "unavailable",
        "store_written": store.writer.written,
        "store_dropped": store.writer.dropped,
    }
    return make_response(jsonify(said), 200 if ready else 503)
