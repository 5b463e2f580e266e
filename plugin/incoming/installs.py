"""What an install says of its tenants, its viewers, and the pages that may frame it."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from plugin.account.words import LEAST_ROLE
from plugin.errors import BadSignature, ConfigurationError, FrameError, Problem, UnknownTenant
from plugin.frame import Viewer
from plugin.settings.records import Install

LOOPBACK = ("localhost", "127.0.0.1")


def viewer(
    install: Install, agent_id: str | None, email: str | None = None, groups: Iterable[str] = ()
) -> Viewer:
    """Return who looks, with the role that the install gives them.

    Only what is proven may be passed: a role decides what is shown. The id is asked first,
    then the e-mail, then the groups in their order; no match gives the default role. Where the
    helpdesk proves only the install, and nobody, it is the least role whatever is set.
    """
    known = tuple(groups)
    roles = {name.casefold(): role for name, role in install.roles.items()}
    names = [name.casefold() for name in (agent_id, email, *known) if name]
    otherwise = install.default_role if names else LEAST_ROLE
    role = next((roles[name] for name in names if name in roles), otherwise)
    return Viewer(agent_id, email, role, known)


def _origin(host: str) -> str:
    parts = urlsplit(host if "://" in host else f"https://{host}")
    scheme = parts.scheme if parts.hostname in LOOPBACK else "https"
    return f"{scheme}://{parts.netloc}"


def https_origins(install: Install) -> tuple[str, ...]:
    """Return the install's hosts as origins that may frame its page.

    All are https; a host on the own machine keeps its scheme, for demos and tests.
    """
    return tuple(_origin(host) for host in install.hosts)


def _registered(setting: str, install: Install) -> tuple[str, ...]:
    value = install.options.get(setting) or ()
    return (value,) if isinstance(value, str) else tuple(value)


def check_tenant(setting: str, tenant: str | None, install: Install) -> None:
    """Raise unless the proven `tenant` is one that the option `setting` names.

    BadSignature when the proof names none, UnknownTenant when it is not registered here.
    """
    if not tenant:
        raise BadSignature(f"the proof names no {setting}")
    if tenant not in _registered(setting, install):
        raise UnknownTenant(setting, tenant)


def refuse_other_tenants(error: UnknownTenant, installs: Iterable[Install]) -> FrameError:
    """Return `error`, or BadSignature where one of `installs` has registered its tenant.

    `installs` are those of the same kind: only a tenant that nobody knows is welcomed.
    """
    if any(error.tenant in _registered(error.setting, install) for install in installs):
        return BadSignature(f"{error.setting} {error.tenant!r} belongs to another install")
    return error


def signing_secret(install: Install) -> str:
    """Return the secret that signs; raise ConfigurationError when the install has none."""
    if not install.secrets or not install.secrets[0].strip():
        key = f"installs.{install.id}.secrets"
        raise ConfigurationError([Problem(key, "is empty", "copy the secret from the helpdesk")])
    return install.secrets[0]
