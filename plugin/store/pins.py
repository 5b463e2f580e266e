"""Pins: what a person decided about whom a requester or a domain belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, tuple_

from plugin.store.tables import PINS
from plugin.store.upserts import upsert

KINDS = ("contact", "person", "domain")  # an address, an external id, everyone at a domain


@dataclass(frozen=True, slots=True)
class PinKey:
    """Whom a pin is for: `kind` is one of KINDS, `value` in normal form."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class StoredPin:
    """One pin, and the account's keys as they were known when it was set."""

    key: PinKey
    account_id: str
    account_name: str
    pinned_by: str
    at: datetime
    account_domain: str | None = None
    external_ids: Mapping[str, str] = field(default_factory=dict)


def _pin(row: Mapping[str, Any]) -> StoredPin:
    return StoredPin(
        PinKey(row["kind"], row["value"]),
        row["account_id"],
        row["account_name"],
        row["pinned_by"],
        row["at"],
        row["account_domain"],
        row["external_ids"],
    )


# Built once: this is asked for each account that is opened.
_OF_KEYS = select(PINS).where(
    PINS.c.workspace == bindparam("of_workspace"),
    tuple_(PINS.c.kind, PINS.c.value).in_(bindparam("of_keys", expanding=True)),
)


def find(connection: Connection, workspace: str, keys: Sequence[PinKey]) -> StoredPin | None:
    """Return the pin of the first key that has one."""
    wanted = [(key.kind, key.value) for key in keys]
    found = connection.execute(_OF_KEYS, {"of_workspace": workspace, "of_keys": wanted})
    pins = [_pin(dict(row)) for row in found.mappings()]
    return min(pins, key=lambda pin: keys.index(pin.key), default=None)


def put(connection: Connection, workspace: str, pin: StoredPin) -> None:
    """Set a pin in the place of the one with its key."""
    row = {
        "workspace": workspace,
        "kind": pin.key.kind,
        "value": pin.key.value,
        "account_id": pin.account_id,
        "account_name": pin.account_name,
        "account_domain": pin.account_domain,
        "external_ids": dict(pin.external_ids),
        "pinned_by": pin.pinned_by,
        "at": pin.at,
    }
    upsert(connection, PINS, row)


def remove(connection: Connection, workspace: str, key: PinKey) -> None:
    """Take a pin away."""
    connection.execute(
        delete(PINS).where(
            PINS.c.workspace == workspace, PINS.c.kind == key.kind, PINS.c.value == key.value
        )
    )
