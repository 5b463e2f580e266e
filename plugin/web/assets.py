"""Serve style and script under addresses that name their content: kept for a year, never stale.

A page asks for one style and one script: what all frames share, with its helpdesk's bridge.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, request

from plugin.errors import NotHere
from plugin.helpdesk import Helpdesk

_INSIDE = Path(__file__).parents[1] / "static"  # in a wheel; a checkout has it beside plugin/
STATIC = _INSIDE if _INSIDE.is_dir() else _INSIDE.parents[1] / _INSIDE.name
STYLE = "frame.css"
FOR_A_YEAR = "public, max-age=31536000, immutable"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_DIGEST_LENGTH = 16

assets = Blueprint("assets", __name__)


@dataclass(frozen=True, slots=True)
class Asset:
    """What a browser loads: its bytes, plain and compressed, and its address."""

    name: str
    body: bytes
    packed: bytes
    url: str


def script_of(helpdesk: Helpdesk) -> str:
    """Return the name of the script of a helpdesk's page."""
    return f"{helpdesk.name}.js" if helpdesk.bridge else "frame.js"


@cache
def asset(name: str) -> Asset:
    """Return a style or a script by its name; raise NotHere where there is none."""
    body = b"\n".join(path.read_bytes() for path in _files(name))
    digest = hashlib.sha256(body).hexdigest()[:_DIGEST_LENGTH]
    return Asset(name, body, gzip.compress(body, mtime=0), f"/assets/{digest}/{name}")


def _bridges() -> Mapping[str, Path]:
    return {path.name: path for path in (STATIC / "helpdesks").glob("*.js")}


def _files(name: str) -> tuple[Path, ...]:
    """Return the files that a style or script is made of; only names that we gave are read."""
    if name in (STYLE, "frame.js"):
        return (STATIC / name,)
    bridge = _bridges().get(name)
    if bridge is None:
        raise NotHere("there is no such style or script")
    return STATIC / "frame.js", bridge


@assets.get("/assets/<digest>/<name>")
def serve(digest: str, name: str) -> Response:
    """Answer with a style or script; under the address of another version it is not kept."""
    found = asset(name)
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(found.packed if is_packed else found.body)
    response.content_type = _TYPES[Path(name).suffix]
    response.headers["Vary"] = "Accept-Encoding"
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    if found.url == f"/assets/{digest}/{name}":
        response.headers["Cache-Control"] = FOR_A_YEAR
    return response
