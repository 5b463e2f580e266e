"""Audit whoever is genuine elsewhere and tries a door that is not theirs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from plugin.actions.context import printable
from plugin.errors import StoreUnavailable
from plugin.settings.records import Install
from plugin.store.audit import AuditEvent
from plugin.web.services import Services

_LONGEST = 63  # letters of an action's name


def audit_stranger(services: Services, install: Install, who: str, tried: str) -> None:
    """Note an attempt where it was made; of one stranger not more than anybody may act.

    So nobody can fill another workspace's audit. The refusal stays the same word for word: it
    must not tell whether there is such an install.
    """
    memory = services.runtimes[install.workspace].memory
    if memory is None or not services.actions.allows(("stranger", who, install.id)):
        return
    tried = printable(tried)[:_LONGEST]  # a part of the address: anything may stand there
    event = AuditEvent(services.now(), who, "refused", tried, detail={"why": "install"})
    with suppress(StoreUnavailable), memory.database.write() as connection:
        memory.append(connection, None, event)


def audit_foreign_token(
    services: Services, install: Install, claims: Mapping[str, Any], tried: str
) -> None:
    """Note that a genuine token of another install came; one of this install is no stranger."""
    home = claims.get("install")
    if home != install.id:
        audit_stranger(services, install, f"token of {home}", tried)
