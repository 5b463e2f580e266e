"""Settings as records: what sidelight.toml says, checked whole before anything starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Install:
    """One installation of Sidelight in a helpdesk.

    `secrets` verify its requests, newest first; `hosts` may frame its page; `options` are the
    helpdesk's own keys; `roles` maps an agent id, e-mail or group to a viewer role.
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
