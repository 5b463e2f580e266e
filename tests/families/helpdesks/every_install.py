"""Settings with an install of every helpdesk, in two workspaces and for several tenants."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from plugin.families import HELPDESKS
from tests.families.helpdesks.bench import bench

ZED = """
[workspaces.zed]
name = "Zed"
[workspaces.zed.upstreams.crm]
kind = "files"
folder = "{folder}"
"""
SHARED = [name for name in HELPDESKS if bench(name).tenant]  # one secret, several tenants
TAKEN = {
    "hubspot": "777",
    "intercom": "twin",
    "jira": "inst-twin",
    "salesforce": "00Dx0000000twin",
    "zendesk": "777",
}


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(part)}" for key, part in value.items()) + "}"
    return json.dumps(list(value) if isinstance(value, tuple) else value)


def _install(name: str) -> str:
    install = bench(name).install
    keys = {"kind": name, "secrets": install.secrets, "roles": {"csm": ["7"]}}
    hosts = tuple(f"https://{host.removeprefix('https://')}" for host in install.hosts)
    given = {key: value for key, value in install.options.items() if value not in ({}, None)}
    lines = [f"{key} = {_toml(value)}" for key, value in (keys | {"hosts": hosts} | given).items()]
    return "\n".join([f"[workspaces.demo.installs.test-{name}]", *lines, ""])


def _more(name: str) -> str:
    """Return two more installs of a helpdesk: another tenant's, and one that knows no tenant."""
    line = rf"(?m)^{bench(name).tenant} = .*$"
    twin = re.sub(line, f'{bench(name).tenant} = "{TAKEN[name]}"', _install(name))
    fresh = re.sub(line, "", _install(name))
    return twin.replace("installs.test-", "installs.twin-") + fresh.replace(
        "installs.test-", "installs.fresh-"
    )


def _elsewhere(name: str) -> str:
    """Return the same install in another workspace."""
    mine = _install(name)
    return mine.replace(
        f"workspaces.demo.installs.test-{name}", f"workspaces.zed.installs.zed-{name}"
    )


def installs(folder: Path) -> str:
    """Return the settings; `folder` is that of the second workspace's accounts."""
    blocks = [*map(_install, HELPDESKS), *map(_more, SHARED)]
    return "\n".join([*blocks, ZED.format(folder=folder), *map(_elsewhere, HELPDESKS)])
