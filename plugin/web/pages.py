"""What the doors of our own page share: its token, its install, what a renderer must know."""

from __future__ import annotations

from flask import request

from plugin.errors import BadSignature
from plugin.frame import FrameRequest
from plugin.settings import Install
from plugin.web.house import House

_BEARER = "Bearer "


def bearer() -> str:
    """Return the token of the request; raise BadSignature where it brings none."""
    header = request.headers.get("Authorization", "")
    if not header.startswith(_BEARER):
        raise BadSignature("there is no bearer token")
    return header.removeprefix(_BEARER)


def known_install(parts: House, install_id: str) -> Install:
    """Return the install of that id; one that is not there is refused like a bad proof."""
    install = parts.installs.get(install_id)
    if install is None:
        raise BadSignature("there is no such install")
    return install


def view_of(install: Install, asked: FrameRequest) -> dict[str, str]:
    """Return what a renderer must know of the frame."""
    known = {"theme": asked.theme, "page": asked.extra.get("page"), "install": install.id}
    return {name: str(value) for name, value in known.items() if value}
