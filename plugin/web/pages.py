"""What the doors share: the request as it came, our page's token, the install, the view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from plugin.errors import BadSignature
from plugin.frame import FrameRequest, SignedRequest
from plugin.settings.records import Install
from plugin.web.services import Services

HTML = "text/html; charset=utf-8"
_BEARER = "Bearer "


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers by lower-case name, as WSGI hands them over (PEP 3333)."""
    found = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            found[name.replace("_", "-").lower()] = environ[name]
    return found


def signed_request(services: Services, stage: str = "launch") -> SignedRequest:
    """Return the request as it came, its URL rebuilt from the configured base, never from Host."""
    query: bytes = request.query_string
    base = services.settings.service.base_url.rstrip("/") + request.path
    url = f"{base}?{query.decode('ascii', 'replace')}" if query else base
    headers = _headers(request.environ)
    body = request.get_data(cache=True)
    return SignedRequest(request.method, url, headers, query, body, services.now(), stage)


def bearer() -> str:
    """Return the token of the request; raise BadSignature where it brings none."""
    header = request.headers.get("Authorization", "")
    if not header.startswith(_BEARER):
        raise BadSignature("there is no bearer token")
    return header.removeprefix(_BEARER)


def known_install(services: Services, install_id: str) -> Install:
    """Return the install of that id; one that is not there is refused like a bad proof."""
    install = services.installs.get(install_id)
    if install is None:
        raise BadSignature("there is no such install")
    return install


def view_of(install: Install, asked: FrameRequest) -> dict[str, str]:
    """Return what a renderer must know of the frame."""
    known = {"theme": asked.theme, "page": asked.extra.get("page"), "install": install.id}
    return {name: str(value) for name, value in known.items() if value}
