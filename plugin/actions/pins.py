"""Pin a requester or a whole domain to an account, and take a pin away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.actions.context import (
    ActionContext,
    ActionRequest,
    ActionResult,
    MemoryChange,
    carry_out,
)
from plugin.errors import BadRequest
from plugin.store import pins
from plugin.store.pinning import pin_keys
from plugin.store.pins import PinKey, StoredPin
from plugin.upstream import AccountRef
from plugin.workspace.matching import account_by_id


def _key(context: ActionContext, about: str) -> PinKey:
    """Return for whom a pin is to be remembered."""
    keys = pin_keys(context.request.requester, context.runtime.workspace)
    meant = [key for key in keys if (key.kind == "domain") == (about == "domain")]
    if not meant:
        what = "domain that is a company's own" if about == "domain" else "requester"
        raise BadRequest(f"this ticket has no {what} to remember")
    return meant[0]


def as_json(pin: StoredPin | None) -> dict[str, Any] | None:
    """Return a pin as an act keeps it."""
    if pin is None:
        return None
    return {
        "account_id": pin.account_id,
        "account_name": pin.account_name,
        "account_domain": pin.account_domain,
        "external_ids": dict(pin.external_ids),
        "pinned_by": pin.pinned_by,
        "at": pin.at.isoformat(),
    }


def from_json(key: PinKey, kept: Mapping[str, Any]) -> StoredPin:
    """Return the pin that an act has kept."""
    at = datetime.fromisoformat(kept["at"])
    return StoredPin(key, **{**kept, "at": at})


def _put(context: ActionContext, key: PinKey, account: AccountRef) -> MemoryChange:
    workspace = context.memory.workspace
    pin = StoredPin(
        key,
        account.id,
        account.name,
        context.actor,
        context.now,
        account.domain,
        dict(account.external_ids),
    )

    def make(connection: Connection) -> dict[str, Any] | None:
        before = pins.find(connection, workspace, [key])
        pins.put(connection, workspace, pin)
        return as_json(before)

    whom = f"everyone at {key.value}" if key.kind == "domain" else "this requester"
    return MemoryChange(
        f"Pinned {whom} to {account.name}.",
        account.id,
        {"kind": key.kind, "value": key.value},
        context.event("pinned", key.kind),
        make,
    )


def pin(action_request: ActionRequest, context: ActionContext) -> ActionResult:
    """Remember that the requester, or everyone at the domain, belongs to an account."""
    if action_request.about not in ("contact", "domain"):
        raise BadRequest("a pin is for the contact or for the domain")
    key = _key(context, action_request.about)
    account = account_by_id(context.runtime, action_request.value, context.deadline)
    if account is None:
        context.refuse(action_request, "no account of this workspace has this id")
    return carry_out(context, action_request, _put(context, key, account))


def unpin(action_request: ActionRequest, context: ActionContext) -> ActionResult:
    """Take the pin away that decides for this requester."""
    keys = pin_keys(context.request.requester, context.runtime.workspace)
    workspace, stored = context.memory.workspace, context.memory.pin(keys)
    if stored is None:
        context.refuse(action_request, "there is no pin for this requester")
    key = stored.key

    def make(connection: Connection) -> dict[str, Any] | None:
        before = pins.find(connection, workspace, [key])
        pins.remove(connection, workspace, key)
        return as_json(before)

    change = MemoryChange(
        f"Unpinned from {stored.account_name}.",
        stored.account_id,
        {"kind": key.kind, "value": key.value},
        context.event("unpinned", key.kind),
        make,
    )
    return carry_out(context, action_request, change)
