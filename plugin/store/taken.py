"""Remember what counts once, in every process: a launch without an end, an event of a webhook.

Only digests are kept, and only for a while. While the store is away each process counts by
itself: a helpdesk's launch must be answered, and an event may be handled twice.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Collection
from datetime import datetime, timedelta

from cachetools import TTLCache
from sqlalchemy import Connection, delete, select

from plugin.errors import StoreUnavailable
from plugin.store.database import Database
from plugin.store.tables import TAKEN
from plugin.store.upserts import insert_once

log = logging.getLogger("sidelight.store")
PATIENCE = 500  # milliseconds: whoever waits here is a request
_MOST, _HERE = 50_000, 86_400.0  # digests of this process, and seconds that it keeps them


def digest_of(*words: str) -> str:
    """Return the digest of what counts once; lengths keep the words apart."""
    text = "".join(f"{len(word)}:{word}" for word in words)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def forget(connection: Connection, workspace: str, now: datetime) -> int:
    """Remove what a workspace no longer has to remember; return how much."""
    over = delete(TAKEN).where(TAKEN.c.workspace == workspace, TAKEN.c.until <= now)
    return connection.execute(over).rowcount


class Taken:
    """What was taken in the workspaces of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._here: TTLCache[tuple[str, str], datetime] = TTLCache(_MOST, _HERE, database.monotonic)
        self._lock = threading.Lock()

    def take(
        self, workspace: str, digests: Collection[str], now: datetime, life: timedelta
    ) -> frozenset[str]:
        """Take digests for the time of `life`; return those that nobody had taken before."""
        fresh = self._take_here(workspace, digests, now, life)
        if not fresh:
            return fresh
        try:
            with self._database.write(PATIENCE) as connection:
                forget(connection, workspace, now)
                row = {"workspace": workspace, "until": now + life}
                return frozenset(
                    one
                    for one in sorted(
                        fresh
                    )  # in one order, so that no two ever wait for each other
                    if insert_once(connection, TAKEN, {**row, "digest": one})
                )
        except StoreUnavailable:
            log.warning("counted in this process only", extra={"workspace": workspace})
            return fresh

    def known(self, workspace: str, digests: Collection[str], now: datetime) -> frozenset[str]:
        """Return those that were taken already, without taking any."""
        with self._lock:
            here = {one for one in digests if self._is_here(workspace, one, now)}
        asked = select(TAKEN.c.digest).where(
            TAKEN.c.workspace == workspace,
            TAKEN.c.digest.in_(set(digests) - here),
            TAKEN.c.until > now,
        )
        try:
            with self._database.read() as connection:
                return frozenset(here | set(connection.execute(asked).scalars()))
        except StoreUnavailable:
            return frozenset(here)

    def _take_here(
        self, workspace: str, digests: Collection[str], now: datetime, life: timedelta
    ) -> frozenset[str]:
        with self._lock:
            fresh = {one for one in digests if not self._is_here(workspace, one, now)}
            for one in fresh:
                self._here[workspace, one] = now + life
            return frozenset(fresh)

    def _is_here(self, workspace: str, digest: str, now: datetime) -> bool:
        return now < self._here.get((workspace, digest), now)
