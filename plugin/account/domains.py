"""The one reading of a domain, wherever it comes from: a cell, a property, an address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import idna
from publicsuffixlist import PublicSuffixList

_SUFFIXES = PublicSuffixList(accept_unknown=True)
_AROUND = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//|@", re.IGNORECASE)
_BEHIND = re.compile(r"[/?#\\]|:[0-9]*(?:[/?#]|\Z)")


@lru_cache(maxsize=4_096)
def normal_domain(text: str) -> str | None:
    """Return a host name lower-cased and IDNA-encoded, None when it is no domain."""
    text = text.strip().rstrip(".").lower()
    try:
        domain = idna.encode(text, uts46=True).decode("ascii")
    except idna.IDNAError:
        return None
    return domain if "." in domain and not domain.rpartition(".")[2].isdigit() else None


def host_of(text: str) -> str:
    """Return the host of a web address or a domain as people write it: no www., port or path.

    It is in lower case and else as written, for people to read; "" where a person's address or
    nothing stands there.
    """
    text = text.strip()
    around = _AROUND.match(text)
    text = text[around.end() :] if around else text
    behind = _BEHIND.search(text)
    host = (text[: behind.start()] if behind else text).strip().rstrip(".").lower()
    bare = host.removeprefix("www.")
    return "" if "@" in host else bare if "." in bare else host


def read_domain(value: Any) -> str | None:
    """Return the domain in a web address or a domain, in normal form; None for anything else."""
    return normal_domain(host_of(value)) if isinstance(value, str) and value.strip() else None


def read_domains(values: Iterable[Any]) -> tuple[str, ...]:
    """Return the domains in several values, each once; `;` stands between several in one text."""
    parts = [part for value in values if isinstance(value, str) for part in value.split(";")]
    return tuple(dict.fromkeys(domain for part in parts if (domain := read_domain(part))))


def spellings(domain: str) -> tuple[str, ...]:
    """Return how a vendor may have a domain written: as registered, and as people read it."""
    try:
        readable = idna.decode(domain) if "xn--" in domain else domain
    except idna.IDNAError:
        readable = domain
    return tuple(dict.fromkeys((domain, readable)))


def registrable(domain: str) -> str | None:
    """Return the domain that a company registers (`eu.acme.co.uk` → `acme.co.uk`).

    Private suffixes count (`acme.github.io` stays whole), and an unknown top-level domain
    counts as a suffix of one label.
    """
    found: str | None = _SUFFIXES.privatesuffix(domain)
    return found


def parents(domain: str) -> tuple[str, ...]:
    """Return the domains above one, the nearest first, up to the one that a company registers."""
    top = registrable(domain)
    if top is None or top == domain:
        return ()
    labels = domain.split(".")
    between = range(1, len(labels) - len(top.split(".")) + 1)
    return tuple(".".join(labels[start:]) for start in between)
