"""Who calls the API: the holder of a workspace's key, as far as the key's scopes go."""

from __future__ import annotations

import hashlib

from flask import request

from plugin.errors import BadSignature, NotAllowed
from plugin.proofs.mac import is_same
from plugin.settings.records import ApiKey
from plugin.store.audit import AuditEvent
from plugin.web.pages import bearer
from plugin.web.services import Services
from plugin.workspace.runtime import WorkspaceRuntime


def _found(services: Services, given: str) -> tuple[WorkspaceRuntime, ApiKey] | None:
    """Return whose key it is; every key is compared, so that the time taken tells nothing."""
    found = None
    for runtime in services.runtimes.values():
        for key in runtime.workspace.api_keys:
            if is_same(given, key.key):
                found = (runtime, key)
    return found


def _beginning(given: str) -> str:
    """Return twelve bits of what a key begins with: enough to tell callers apart, no secret.

    Few, so that random keys fill at most 4,096 counters of an address and push nobody's out.
    """
    raw = given[:8].encode("utf-8", "surrogatepass")
    return hashlib.sha256(raw).hexdigest()[:3]


def caller(services: Services, scope: str) -> tuple[WorkspaceRuntime, ApiKey]:
    """Return whose key the request brings, if it opens the doors of `scope`.

    Raises BadSignature; TooMany for a key, or an address that sends wrong ones, that asks too
    often; NotAllowed where the key is right and its scopes are others, which is audited.

    Calls count by address and the key's beginning before any key is compared: who guesses the rest
    of a key is not told when it was right, and wrong keys that begin otherwise hold up nobody else
    behind the same proxy.
    """
    services.actions.take(("key", request.remote_addr, _beginning(bearer())))
    found = _found(services, bearer())
    if found is None:
        services.actions.take(("wrong key", request.remote_addr))
        raise BadSignature("no workspace has this key")
    runtime, key = found
    services.actions.take(("api", runtime.workspace.id, key.name))
    if scope not in key.scopes:
        note_call(
            runtime, AuditEvent(services.now(), f"api:{key.name}", "refused", scope, key.role)
        )
        raise NotAllowed(f"the key {key.name} has no scope {scope}")
    return found


def note_call(runtime: WorkspaceRuntime, event: AuditEvent, account_id: str = "") -> None:
    """Audit a call once an hour for each key, door and account, behind the answer."""
    what = (event.actor, event.action, event.target, account_id)
    if runtime.memory is not None and runtime.memory.is_first(("api", *what)):
        runtime.memory.keep_event(account_id, event)
