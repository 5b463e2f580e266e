"""What `sidelight check` finds in the settings of several connections taken together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugin.errors import Problem, did_you_mean
from plugin.settings.records import Settings, Workspace

_TRIAL = re.compile(r"(^|[^a-z])(test(ing)?|staging|stage|sandbox|dev|demo|qa)($|[^a-z])")
_LIVE = re.compile(r"^(sk|rk)_live_")


def links_of(workspace: Workspace) -> Iterator[Problem]:
    """Yield each of `links` that names a connection which is not there: it would never be used."""
    names = list(workspace.upstreams)
    for name, connection in workspace.upstreams.items():
        for link in connection.options.get("links") or {}:
            if link not in workspace.upstreams:
                others = ", ".join(one for one in names if one != name) or "none"
                hint = did_you_mean(link, names, f"the other connections: {others}")
                key = f"workspaces.{workspace.id}.upstreams.{name}.links.{link}"
                yield Problem(key, "names a connection that this workspace does not have", hint)


def live_keys_of(settings: Settings, workspace: Workspace) -> Iterator[Problem]:
    """Yield a payment key for real money in a workspace that is called one for trying."""
    named = f"{workspace.id} {workspace.name}".lower()
    if not (settings.service.demo or _TRIAL.search(named)):
        return
    for name, connection in workspace.upstreams.items():
        if _LIVE.match(str(connection.options.get("key") or "")):
            key = f"workspaces.{workspace.id}.upstreams.{name}.key"
            hint = "use a key of test mode (…_test_…) here, or rename the workspace"
            yield Problem(key, "is a live key in a workspace for tests", hint)
