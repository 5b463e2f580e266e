"""The headers of every answer: who may frame it, what it may load, and that nobody keeps it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response, g

_YEAR = 31_536_000


def frame_policy(ancestors: Sequence[str], scripts: Sequence[str] = ()) -> str:
    """Return the content security policy of a page that `ancestors` may frame."""
    sources = " ".join(("'self'", *scripts))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {sources}",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "frame-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {' '.join(ancestors) or chr(39) + 'none' + chr(39)}",
        )
    )


def allow_framing(ancestors: Sequence[str], scripts: Sequence[str] = ()) -> None:
    """Say for this answer which pages may frame it."""
    g.content_policy = frame_policy(ancestors, scripts)


def install_headers(app: Flask, *, https: bool) -> None:
    """Put the headers on every answer; nothing may frame it unless the install says so."""

    @app.after_request
    def _headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", g.get("content_policy") or frame_policy(()))
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        headers.setdefault("Cache-Control", "no-store")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if https:
            headers["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"
        return response
