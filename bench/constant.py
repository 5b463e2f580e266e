"""What everything is compared with: a bare Flask view that returns four kilobytes."""

from __future__ import annotations

from flask import Flask

_BODY = "x" * 4096


def create_app() -> Flask:
    """Return the application."""
    app = Flask("constant")

    @app.route("/", methods=["GET", "POST"])
    def constant() -> str:
        return _BODY

    return app
