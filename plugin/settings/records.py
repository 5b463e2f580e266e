"""Settings as records: what sidelight.toml says, checked whole before anything starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from plugin.errors import Problem

_DAY = 86_400.0
RETENTION = {
    "pins": 0.0,
    "feedback": 730 * _DAY,
    "snoozes": 90 * _DAY,
    "episodes": 395 * _DAY,
    "transitions": 630 * _DAY,
    "folds": 395 * _DAY,
    "outcomes": 1_095 * _DAY,
    "acts": 30 * _DAY,
    "audit": 730 * _DAY,
    "erasures": 1_095 * _DAY,
}
API_SCOPES = ("read", "outcomes", "packages")
ARR_BANDS = ("5k", "10k", "25k", "50k", "100k", "250k", "1M")


@dataclass(frozen=True, slots=True)
class Install:
    """One installation of Sidelight in a helpdesk.

    `secrets` verify its requests, newest first; `hosts` may frame its page; `options` are the
    helpdesk's own keys; `roles` maps an agent's id or e-mail to a viewer role. `confirm_by` is
    the connection that knows who wrote a ticket; `confirm_required` shows no account without it.
    """

    id: str
    kind: str
    workspace: str
    secrets: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    frame_budget: float | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    default_role: str = "agent"
    confirm_by: str | None = None
    confirm_required: bool = False


@dataclass(frozen=True, slots=True)
class Connection:
    """One upstream of a workspace: `ttl` and `deadline` in seconds, None for the default.

    `loopback` sends its calls to a server on this machine, over plain http if need be; that is
    for development and tests, and no other private address is ever called.
    """

    name: str
    kind: str
    ttl: float | None = None
    deadline: float | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    webhook_secrets: tuple[str, ...] = ()
    loopback: bool = False


@dataclass(frozen=True, slots=True)
class Competitor:
    """A rival by name, as tickets may call it."""

    name: str
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    case_sensitive: bool = False
    ignore_near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key for the API, the role whose view it gets, and the doors that it opens."""

    name: str
    key: str
    role: str = "csm"
    scopes: frozenset[str] = frozenset(API_SCOPES)


@dataclass(frozen=True, slots=True)
class HealthWeights:
    """How much each component weighs in the health score; 0 leaves it out."""

    usage: float = 3.0
    support: float = 2.0
    payment: float = 1.0
    sentiment: float = 1.0
    survey: float = 1.0


@dataclass(frozen=True, slots=True)
class Workspace:
    """One company that uses Sidelight: nothing of it is ever seen from another one.

    `exchange_rates`: one unit of the currency in units of the workspace's currency.
    `freshness`: connection → seconds after which its values are amber. `grants`: role →
    restricted fields it may see beyond the defaults. `arr_bands`: upper edges. `own_names`: of the
    company and its products, as customers write them. `phrases`: what they say → their words.
    """

    id: str
    name: str
    locale: str = "en"
    currency: str = "usd"
    time_zone: str = "UTC"
    own_domains: frozenset[str] = frozenset()
    shared_domains: frozenset[str] = frozenset()
    company_domains: frozenset[str] = frozenset()
    rules: Path | None = None
    exchange_rates: Mapping[str, Decimal] = field(default_factory=dict)
    freshness: Mapping[str, float] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    grants: Mapping[str, frozenset[str]] = field(default_factory=dict)
    api_keys: tuple[ApiKey, ...] = ()
    arr_policy: Mapping[str, str] = field(default_factory=dict)
    arr_bands: tuple[str, ...] = ARR_BANDS
    health: HealthWeights = HealthWeights()
    competitors: tuple[Competitor, ...] = ()
    components: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plans: tuple[str, ...] = ()
    own_names: tuple[str, ...] = ()
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    account_url: str | None = None
    upstreams: Mapping[str, Connection] = field(default_factory=dict)
    installs: Mapping[str, Install] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Service:
    """How the service runs; `frame_budget` in seconds, `secrets` sign our own tokens.

    `metrics_token`, where there is one, is what /metrics and /readyz are asked with.
    """

    base_url: str = "http://127.0.0.1:8321"
    bind: str = "127.0.0.1:8321"
    trusted_proxies: int = 0
    log_level: str = "info"
    frame_budget: float = 2.5
    token_life: float = 900.0
    max_body: int = 262_144
    frames_per_minute: int = 60_000
    demo: bool = False
    secrets: tuple[str, ...] = ()
    metrics_token: str = ""


@dataclass(frozen=True, slots=True)
class Store:
    """Where memory is kept, and how long: `retention` is kind → seconds, 0 for ever."""

    url: str = "sqlite:///var/sidelight.db"
    retention: Mapping[str, float] = field(default_factory=lambda: dict(RETENTION))


@dataclass(frozen=True, slots=True)
class Cache:
    """The caches: bytes for the one in the process, and the url of the optional shared one."""

    url: str = ""
    max_bytes: int = 134_217_728
    stale_for: float = 86_400.0


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it; `folder` is where the file lies, for paths relative to it."""

    service: Service = Service()
    store: Store = Store()
    cache: Cache = Cache()
    workspaces: Mapping[str, Workspace] = field(default_factory=dict)
    folder: Path = Path()

    @property
    def installs(self) -> dict[str, Install]:
        """Return every install of every workspace by its id, which is unique in a file."""
        spaces = self.workspaces.values()
        return {id_: install for space in spaces for id_, install in space.installs.items()}


def roles_given(
    roles: Mapping[str, str], install_id: str, installs: Mapping[str, Any]
) -> dict[str, str]:
    """Return those of a workspace's `roles` that hold at one of its installs.

    An address is the same person everywhere. An id or a group is known to one helpdesk only:
    INSTALL/ID names whose it is, and a bare one is the only install's.
    """
    found: dict[str, str] = {}
    for name, role in roles.items():
        place, mark, own = name.partition("/")
        if mark and place in installs:
            found |= {own: role} if place == install_id else {}
        elif "@" in name or len(installs) == 1:
            found[name] = role
    return found


def roles_of_nobody(
    key: str, roles: Mapping[str, str], installs: Mapping[str, Any]
) -> list[Problem]:
    """Return the entries of `roles` that name no install though there are several."""
    hint = "write INSTALL/ID, or give the role below the install"
    return [
        Problem(f"{key}.roles.{role}", f"{name!r} may be somebody else at each install", hint)
        for name, role in roles.items()
        if len(installs) > 1 and "@" not in name and name.partition("/")[0] not in installs
    ]


def shared_keys(workspaces: Mapping[str, Workspace], secrets: tuple[str, ...]) -> Iterator[Problem]:
    """Yield the API keys that open more than one thing; their texts are never shown."""
    seen = dict.fromkeys(secrets, "service.secrets")
    for space in workspaces.values():
        for place, one in enumerate(space.api_keys):
            here = f"workspaces.{space.id}.api_keys[{place}].key"
            if one.key in seen:
                hint = "`sidelight secret` prints a fresh one"
                yield Problem(here, f"is the same as {seen[one.key]}", hint)
            seen.setdefault(one.key, here)
