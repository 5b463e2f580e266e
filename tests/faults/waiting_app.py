"""An application that cannot start before it may: as long as a test wants it to take."""

from __future__ import annotations

import os
import time
from pathlib import Path

from flask import Flask


def create_app() -> Flask:
    """Return the application once the file that GO names is there."""
    while not Path(os.environ["GO"]).exists():
        time.sleep(0.02)  # noqa: TID251 - a process that a test starts, and that has to wait
    app = Flask("waiting")

    @app.get("/")
    def here() -> str:
        return "here"

    return app
