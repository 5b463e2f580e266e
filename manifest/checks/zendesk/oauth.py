"""The OAuth client of a Zendesk app, whose tokens Zendesk keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from manifest.checks.values import is_text, tables
from manifest.problem import Problem

MANIFEST = "manifest.json"
FIELDS = ("client_id", "client_secret", "authorize_uri", "access_token_uri")


def check_oauth(table: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with `oauth`."""
    oauth = table.get("oauth")
    if oauth is None:
        return
    if not isinstance(oauth, dict):
        yield Problem(MANIFEST, "oauth-type", f"oauth must be an object with {', '.join(FIELDS)}")
        return
    for key in FIELDS:
        if not is_text(oauth.get(key)):
            yield Problem(MANIFEST, "oauth-field", f"oauth.{key} is missing")
    if not any(one.get("type") == "oauth" for one in tables(table.get("parameters"))):
        message = "oauth needs a parameter of type oauth, which holds the token"
        yield Problem(MANIFEST, "oauth-parameter", message)
