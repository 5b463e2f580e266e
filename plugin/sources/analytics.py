"""By which word an analytics system knows an account, and the account that a profile is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import fields, validate

from plugin.account.domains import read_domains
from plugin.errors import UpstreamNotFound
from plugin.upstream import AccountRef, Identity, Link

KEYS = ("account_id", "domain")


def key_field() -> fields.String:
    """Return the setting `group_key`: which of an account's words is the key of its profile."""
    return fields.String(load_default="account_id", validate=validate.OneOf(KEYS))


def _is_domain(link: Link) -> bool:
    return bool(link.options["group_key"] == "domain")


def key_of(ref: AccountRef, link: Link) -> str:
    """Return the key of the account's profile; UpstreamNotFound where the account has none."""
    key = ref.domain if _is_domain(link) else ref.external_ids.get(link.name, ref.id)
    if not key:
        raise UpstreamNotFound(f"the account has no {link.options['group_key']}, its key there")
    return key


def is_asked(identity: Identity, link: Link) -> bool:
    """Say whether an identity is the key of a profile: an external id, or the domain."""
    key_is = "domain" if _is_domain(link) else "external_id"
    return identity.by == key_is and bool(identity.value.strip())


def reference(key: str, link: Link, said: Callable[[str], Any]) -> AccountRef:
    """Return the account of a profile; its name is the property that the settings call so."""
    name = said(link.options["name_from"])
    named = name.strip() if isinstance(name, str) and name.strip() else key
    domains = read_domains([key]) if _is_domain(link) else ()
    first = next(iter(domains), None)
    return AccountRef(key, named, first, domains, external_ids={link.name: key})
