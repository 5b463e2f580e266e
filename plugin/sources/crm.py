"""A company of a CRM as the account that it is, with the keys that others know it by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from marshmallow import ValidationError

from plugin.account.domains import read_domain, read_domains
from plugin.upstream import AccountRef, Link

CONNECTION = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


def text(value: Any) -> str:
    """Return a property as text without space around it, "" for anything that is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()


def domain_of(value: Any) -> str:
    """Return the domain in a website or a domain property, lower case; "" where there is none."""
    return read_domain(text(value)) or ""


def domains_of(values: Iterable[Any]) -> tuple[str, ...]:
    """Return the domains in several properties, each once; `;` stands between several in one."""
    return read_domains(values)


def check_links(links: Mapping[str, str]) -> None:
    """Raise ValidationError for a name that no connection can have."""
    for name in links:
        if not CONNECTION.fullmatch(name):
            raise ValidationError(f"{name!r} is not the name of a connection")


def reference(
    link: Link, key: str, said: Callable[[str], Any], domains: tuple[str, ...]
) -> AccountRef:
    """Return the account of one company; `links` names the properties with ids elsewhere."""
    linked = {name: text(said(source)) for name, source in link.options["links"].items()}
    named = text(said("name"))
    return AccountRef(
        id=key,
        name=named or next(iter(domains), key),
        domain=next(iter(domains), None),
        domains=domains,
        external_ids={**{name: id_ for name, id_ in linked.items() if id_}, link.name: key},
    )
