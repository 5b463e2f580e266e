"""Entries as signed bytes: whoever else writes to the shared server cannot make us believe it."""

from __future__ import annotations

import hashlib
import hmac
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plugin.fetching.entries import CacheEntry, Failure

FORMAT = b"SL\x01"  # raise the number when the layout or the packing of facts changes
PURPOSE = b"sidelight shared cache"
MAC = hashlib.sha256().digest_size
HEAD = struct.Struct(">I")

Position = tuple[int, int]  # in the stream of changes: milliseconds and number, ever rising


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry, and the last change that its fill knew of when it began."""

    entry: CacheEntry
    seen: Position


def keys_from(secrets: Sequence[str]) -> tuple[bytes, ...]:
    """Return one signing key for each service secret, newest first."""
    return tuple(hmac.digest(secret.encode(), PURPOSE, "sha256") for secret in secrets)


def _mac(key: bytes, name: str, payload: bytes) -> bytes:
    # The name is in the proof: a value moved to another tenant's name is worth nothing there.
    named = name.encode()
    return hmac.digest(key, FORMAT + HEAD.pack(len(named)) + named + payload, "sha256")


def _head(sealed: Sealed) -> bytes:
    entry = sealed.entry
    times = (entry.fetched_at, entry.fresh_until, entry.stale_until, entry.retry_at)
    failure = entry.failure and (entry.failure.reason, entry.failure.until)
    return json.dumps([times, failure, entry.tags, sealed.seen]).encode()


def seal(keys: Sequence[bytes], name: str, sealed: Sealed) -> bytes:
    """Return the bytes to store under `name`, signed with the newest key."""
    head = _head(sealed)
    body = sealed.entry.body
    mark = b"\x00" if body is None else b"\x01"
    payload = HEAD.pack(len(head)) + head + mark + (body or b"")
    return FORMAT + _mac(keys[0], name, payload) + payload


def _read(payload: bytes) -> Sealed:
    (length,) = HEAD.unpack_from(payload)
    head, rest = payload[HEAD.size : HEAD.size + length], payload[HEAD.size + length :]
    times, failure, tags, seen = json.loads(head)
    fetched_at, fresh_until, stale_until, retry_at = (float(time) for time in times)
    entry = CacheEntry(
        fetched_at,
        fresh_until,
        stale_until,
        rest[1:] if rest[:1] == b"\x01" else None,
        None if failure is None else Failure(*failure),
        retry_at,
        tuple(tags),
    )
    return Sealed(entry, (int(seen[0]), int(seen[1])))


def unseal(keys: Sequence[bytes], name: str, value: Any) -> Sealed | None:
    """Return what was sealed under this very name with one of our keys; None for all else."""
    start = len(FORMAT) + MAC
    if not isinstance(value, bytes) or not value.startswith(FORMAT) or len(value) <= start:
        return None
    mac, payload = value[len(FORMAT) : start], value[start:]
    if not any(hmac.compare_digest(mac, _mac(key, name, payload)) for key in keys):
        return None
    return _read(payload)
