"""Turn an install's settings into the facts of its package; secrets stay behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from manifest.facts import Facts
from plugin.settings.records import Install

# Names that people know, for the helpdesk whose package serves them.
ALIASES: Mapping[str, str] = {"gorgias": "static_key", "dixa": "static_key"}
PRIVATE = frozenset({"private_key", "jwks"})


def kind_named(name: str) -> str:
    """Return the helpdesk that people call by this name."""
    return ALIASES.get(name, name)


def _public(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in PRIVATE}


def facts_of(install: Install, locale: str, base_url: str) -> Facts:
    """Return what the package of an install must say."""
    options = _public(install.options)
    return Facts(install.id, base_url, install.hosts, locale, options=options)
