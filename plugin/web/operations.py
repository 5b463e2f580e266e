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
    """Say whether settings, store and cache can be used; 503 names what cannot."""
    ready = bool(house().desks)
    return make_response(jsonify(status="ok" if ready else "unavailable"), 200 if ready else 503)
