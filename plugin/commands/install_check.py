"""What one install still lacks: proofs that cannot work, tenants, hosts, a package that builds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from manifest.build import build
from manifest.check import check
from plugin.errors import BadRequest, Problem, UpstreamError
from plugin.fetching.key_sets import KeySets
from plugin.helpdesk import Helpdesk
from plugin.incoming.json_body import items_at, read_object
from plugin.proofs.shared_tokens import SHORTEST
from plugin.settings.package_facts import facts_of
from plugin.settings.records import Connection, Install

_SHORTEST_SECRET = 16
# What must be registered before the helpdesk's proof lets anybody in.
TENANTS = {
    "hubspot": "portal_id",
    "intercom": "workspace_id",
    "jira": "installation_id",
    "salesforce": "organization_id",
    "zendesk": "installation_id",
}
# What may be registered, so that another account with the same secret is refused.
NARROWER = {
    "chatwoot": "account_id",
    "crisp": "website_id",
    "freescout": "mailbox_id",
    "freshdesk": "account",
    "plain": "workspace_id",
    "pylon": "organization_id",
    "reamaze": "brand",
}
# Which kind of connection knows who wrote a helpdesk's ticket, where its own proof does not say.
CONFIRMERS = {
    "chatwoot": "chatwoot_tickets",
    "freshdesk": "freshdesk_tickets",
    "front": "front_tickets",
    "helpscout": "helpscout_tickets",
    "hubspot": "hubspot",
    "zendesk": "zendesk_tickets",
}
_FETCH_KEY = "download the app's public_key.pem and name it as file:NAME"
_FETCH_KEYS = "take it out: Atlassian's key set is fetched where no secret is set"


def _is_public_key(text: str) -> bool:
    try:
        return isinstance(load_pem_public_key(text.encode()), RSAPublicKey)
    except (ValueError, UnsupportedAlgorithm):
        return False


def _is_key_set(text: str) -> bool:
    try:
        return bool(items_at(read_object(text.encode()), "keys"))
    except BadRequest:
        return False


def _secret(install: Install, key: str, secret: str) -> Iterator[Problem]:
    if install.kind == "zendesk":
        if not _is_public_key(secret):
            yield Problem(key, "is no RSA public key in PEM form", _FETCH_KEY)
    elif install.kind == "jira":
        if not _is_key_set(secret) and not install.options.get("jwks"):
            yield Problem(key, "is no set of public keys", _FETCH_KEYS)
    elif len(secret) < _SHORTEST_SECRET:
        yield Problem(key, "is short", "copy the whole secret")
    elif " " in secret:
        message = "has a space inside: the helpdesk must send it exactly so"
        yield Problem(key, message, "a key without spaces is safer", is_note=True)
    elif install.options.get("signed") and len(secret.encode()) < SHORTEST:
        hint = f"use {SHORTEST} random characters or more"
        yield Problem(key, "is too short to sign tokens with", hint)


def tenant_of(install: Install) -> Iterator[Problem]:
    """Yield what must be registered before anybody is let in, and is not yet."""
    needed = TENANTS.get(install.kind)
    if needed and not install.options.get(needed):
        key = f"workspaces.{install.workspace}.installs.{install.id}.{needed}"
        hint = f"open a ticket: the page names it; or see docs/vendors/{install.kind}.md"
        yield Problem(key, "is not set: nobody is let in before it is", hint)


def _tenant(install: Install, key: str) -> Iterator[Problem]:
    hint = f"see docs/vendors/{install.kind}.md"
    narrower = NARROWER.get(install.kind)
    yield from tenant_of(install)
    if narrower and not install.options.get(narrower):
        message = "is not set: the secret alone decides who is let in"
        yield Problem(f"{key}.{narrower}", message, hint, is_note=True)
    if install.kind == "freshdesk" and not install.options.get("signed"):
        message = "is not set: the plain key is taken, too, which carries no time"
        yield Problem(f"{key}.signed", message, hint, is_note=True)


def _hosts(helpdesk: Helpdesk, install: Install, key: str) -> Iterator[Problem]:
    if helpdesk.format != "html" or install.hosts:
        return
    ancestors = helpdesk.ancestors(install)
    if not ancestors:
        yield Problem(f"{key}.hosts", "is empty: no page may frame the widget", "name the origin")
    elif any("*" in origin for origin in ancestors):
        message = f"is not set: all of {', '.join(ancestors)} may frame the widget"
        yield Problem(f"{key}.hosts", message, "name your own address there", is_note=True)


def _package(install: Install, key: str, locale: str, base_url: str) -> Iterator[Problem]:
    if not base_url.startswith("https://"):
        return  # said once, of the address itself
    for finding in check(build(install.kind, facts_of(install, locale, base_url))):
        message = f"its package would be refused: {finding}"
        yield Problem(key, message, f"see sidelight package {install.kind}")


def keys_of(helpdesk: Helpdesk, install: Install, key_sets: KeySets) -> Iterator[Problem]:
    """Yield a problem where the keys that the helpdesk publishes cannot be fetched."""
    address = helpdesk.published.address(install) if helpdesk.published else None
    if address is None:
        return
    try:
        key_sets.fetch(address)
    except UpstreamError as error:
        key = f"workspaces.{install.workspace}.installs.{install.id}.jwks_url"
        message = f"the keys at {address} cannot be fetched: {error}"
        yield Problem(key, message, "let this machine call it, or put the key set into secrets")


def confirming_of(install: Install, upstreams: Mapping[str, Connection]) -> Iterator[Problem]:
    """Yield a note where a connection could confirm requesters, a problem for one that cannot."""
    key = f"workspaces.{install.workspace}.installs.{install.id}.confirm_by"
    fitting, by = CONFIRMERS.get(install.kind), install.confirm_by
    able = [name for name, one in upstreams.items() if one.kind == fitting]
    if by is None and able:
        message = f"is not set: {able[0]} could confirm who wrote a ticket"
        yield Problem(key, message, "see docs/vendors/README.md", is_note=True)
    named = upstreams.get(by or "")
    if named and fitting and named.kind != fitting:
        message = f"{by!r} is a {named.kind}, which knows no tickets of {install.kind}"
        yield Problem(key, message, f"name a connection of kind {fitting}")


def missing_of(
    helpdesk: Helpdesk, install: Install, locale: str, base_url: str
) -> Iterator[Problem]:
    """Yield all that an install lacks, each with its key in the settings and what to do."""
    key = f"workspaces.{install.workspace}.installs.{install.id}"
    yield from _hosts(helpdesk, install, key)
    for place, secret in enumerate(install.secrets):
        yield from _secret(install, f"{key}.secrets[{place}]", secret)
    yield from _tenant(install, key)
    yield from _package(install, key, locale, base_url)
