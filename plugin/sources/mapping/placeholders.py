"""Paths that settings write with places for what an account is known by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from marshmallow import ValidationError

from plugin.errors import UpstreamNotFound

WORDS = ("account_id", "external_id", "email", "domain", "organization")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def check_path(value: str) -> None:
    """Raise ValidationError unless `value` is a path whose places have names that we know."""
    unknown = [word for word in _PLACEHOLDER.findall(value) if word not in WORDS]
    if unknown or not value.startswith("/"):
        known = ", ".join(f"{{{word}}}" for word in WORDS)
        raise ValidationError(f"write a path from / on; it may hold {known}")


def filled(path: str, words: Mapping[str, str]) -> str:
    """Return the path with its words put in, percent-encoded; UpstreamNotFound without one."""

    def put(match: re.Match[str]) -> str:
        if not words.get(match[1]):
            raise UpstreamNotFound(f"the account has no {match[1]}, which the path needs")
        return quote(words[match[1]], safe="")

    return _PLACEHOLDER.sub(put, path)
