"""Say what a JSON value of unknown type is."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import SplitResult, urlsplit

LOCAL_HOSTS = frozenset({"localhost"})
# What no address holds as it stands: https://www.rfc-editor.org/rfc/rfc3986#section-2
_FOREIGN = re.compile(r"[^\x21-\x7e]|[<>\"{}|\\^`]")
_HOST = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*\Z")


def is_text(value: Any) -> bool:
    """Return whether the value is a text with something in it."""
    return isinstance(value, str) and bool(value.strip())


def split(value: Any) -> SplitResult | None:
    """Return the parts of an address with a host, None for anything else."""
    if not isinstance(value, str) or _FOREIGN.search(value):
        return None
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port  # each refuses by itself what it cannot read
    except ValueError:
        return None
    return parts if host else None


def is_web_url(value: Any) -> bool:
    """Return whether the value is an http or https address with a host."""
    parts = split(value)
    return parts is not None and parts.scheme in ("http", "https")


def is_secure_url(value: Any) -> bool:
    """Return whether the value is an https address with a host."""
    parts = split(value)
    return parts is not None and parts.scheme == "https"


def is_local_url(value: Any) -> bool:
    """Return whether the value is an http address of the developer's own machine."""
    parts = split(value)
    return parts is not None and parts.scheme == "http" and parts.hostname in LOCAL_HOSTS


def is_host_name(value: Any) -> bool:
    """Return whether the value is a full host name: no scheme, no address, no path."""
    return isinstance(value, str) and _HOST.match(value.lower()) is not None


def texts(value: Any) -> list[str]:
    """Return the texts of a list; an empty list for anything else."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def tables(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list; an empty list for anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def table(value: Any) -> dict[str, Any]:
    """Return the value if it is an object, an empty one otherwise."""
    return value if isinstance(value, dict) else {}
