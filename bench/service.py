"""The service as the storms ask it: the demo's installs over five sources on loopback."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Flask
from marshmallow import Schema

from plugin.families import UPSTREAMS
from plugin.settings.records import Connection
from plugin.upstream import AccountRef, Facts, Identity, Link, Upstream
from plugin.workspace.start import load_settings, settings_path

ADDRESS, SHARED, BUDGET = "BENCH_UPSTREAM", "BENCH_SHARED", "BENCH_BUDGET"
SUPPLIES: Mapping[str, Mapping[str, Any]] = {
    "crm": {"account.tier": "2", "account.stage": "customer"},
    "billing": {"contract.plan": "Growth", "contract.seats_paid": 25},
    "analytics": {"usage.seats_active": 20, "usage.active_users_28d": 18},
    "helpdesk": {"outreach.last_csm_touch_at": None},
    "survey": {"survey.nps": 8, "survey.csat_90d": 90},
}


def email(number: int) -> str:
    """Return an address at the account of this number."""
    return f"who@a{number}.example"


def _find(identity: Identity, link: Link) -> tuple[AccountRef, ...]:
    del link
    domain = identity.value.rpartition("@")[2]
    if identity.by not in {"domain", "contact_email"} or not domain.startswith("a"):
        return ()
    return (AccountRef(domain, f"Account {domain}", domain),)


def _fetch(name: str) -> Callable[[AccountRef, Link], Facts]:
    def fetch(ref: AccountRef, link: Link) -> Facts:
        link.client.get(f"/{name}/{ref.id}")
        known = {path: value for path, value in SUPPLIES[name].items() if value is not None}
        return Facts(known, link.now)

    return fetch


def _base(options: Mapping[str, Any]) -> str:
    return str(options["url"])


def upstream(name: str) -> Upstream:
    """Return one of the five sources, each a kind of its own."""
    return Upstream(
        name=f"bench_{name}",
        title=name.title(),
        docs_url="https://example.com",
        options=Schema,
        supplies=frozenset(SUPPLIES[name]),
        fetch=_fetch(name),
        find=_find if name == "crm" else None,
        base_url=_base,
    )


def create_app() -> Flask:
    """Return the service over the simulated sources."""
    from plugin.web.app import create_app as service  # noqa: PLC0415 - UPSTREAMS first

    for name in SUPPLIES:
        UPSTREAMS[f"bench_{name}"] = upstream(name)
    settings = load_settings(settings_path(None))
    url, space = os.environ[ADDRESS], settings.workspaces["demo"]
    connections = {
        name: Connection(name, f"bench_{name}", options={"url": url}, loopback=True)
        for name in SUPPLIES
    }
    return service(
        replace(
            settings,
            workspaces={"demo": replace(space, upstreams=connections)},
            cache=replace(settings.cache, url=os.environ.get(SHARED, "")),
            service=replace(settings.service, frame_budget=float(os.environ.get(BUDGET, "2.5"))),
        )
    )
