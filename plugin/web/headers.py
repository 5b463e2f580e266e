"""The headers of every answer: who may frame it, what it may load, and that nobody keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, after_this_request

_ONLY_HTTPS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
)


@lru_cache(256)
def frame_policy(ancestors: tuple[str, ...], scripts: tuple[str, ...] = ()) -> str:
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


_UNLESS_SET = (
    ("Content-Security-Policy", frame_policy(())),
    ("Cache-Control", "no-store"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


def usual_headers(*, https: bool) -> list[tuple[str, str]]:
    """Return the headers of an answer that sets none of them itself."""
    return [*_UNLESS_SET, *_always(https=https)]


def _always(*, https: bool) -> list[tuple[str, str]]:
    return [*_ALWAYS, *([_ONLY_HTTPS] if https else [])]


def allow_framing(ancestors: tuple[str, ...], scripts: tuple[str, ...] = ()) -> None:
    """Say for this answer which pages may frame it."""

    @after_this_request
    def _policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = frame_policy(ancestors, scripts)
        return response


def install_headers(app: Flask, *, https: bool) -> None:
    """Put the headers on every answer; nothing may frame it unless the install says so."""
    app.wsgi_app = _with_headers(app.wsgi_app, _always(https=https))  # type: ignore[method-assign,assignment]  # as Flask says


def _with_headers(inner: WSGIApplication, always: list[tuple[str, str]]) -> WSGIApplication:
    """Return `inner` with headers on each answer, those of _UNLESS_SET where it sets no own.

    Here and not in the application, because what is the same for all needs no look at each.
    """

    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        def started(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            own = {name for name, _ in headers}
            usual = [pair for pair in _UNLESS_SET if pair[0] not in own]
            return start(status, [*headers, *usual, *always], *error)

        return inner(environ, started)

    return application
