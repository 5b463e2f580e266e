"""The front door of WSGI servers; what it joins stands in plugin/web/app.py."""

from __future__ import annotations

from plugin.web.app import create_app

__all__ = ["create_app"]
