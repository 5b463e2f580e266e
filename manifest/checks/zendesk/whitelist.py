"""The hosts to which Zendesk's proxy may send a secure setting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from manifest.checks.values import tables
from manifest.problem import Problem, warning

MANIFEST = "manifest.json"


def check_whitelist(table: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with `domainWhitelist`."""
    hosts = table.get("domainWhitelist") or []
    if not isinstance(hosts, list) or not all(isinstance(host, str) for host in hosts):
        message = "domainWhitelist must be a list of host names"
        yield Problem(MANIFEST, "whitelist-type", message)
    secure = [one for one in tables(table.get("parameters")) if one.get("secure") is True]
    if secure and not hosts:
        message = "a secure parameter is only ever sent to hosts of domainWhitelist; name them"
        yield warning(MANIFEST, "whitelist-needed", message)
