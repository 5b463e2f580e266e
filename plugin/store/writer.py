"""Write what nobody waits for: behind the answer, many at once, never more than fits.

While the store is down entries wait for it. When the queue is full, or the process ends without
its store, they are dropped and counted; nobody waits.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from plugin.errors import StoreUnavailable
from plugin.store.database import Database

log = logging.getLogger("sidelight.store")
PLACES = 2_000
BATCH = 200
LINGER = 0.25  # seconds that entries gather before they are written together
RETRY = 1.0  # seconds before a store that is down is tried again


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to write, and whose it is, so that an erasure finds it.

    `prepare` is done before, while no transaction waits for it; where it returns False there is
    nothing to write after all.
    """

    workspace: str
    account_id: str
    write: Callable[[Connection], None]
    prepare: Callable[[], bool] | None = None


class Writer:
    """One background thread with a bounded queue; it starts with the first entry."""

    def __init__(self, database: Database, *, places: int = PLACES, linger: float = LINGER) -> None:
        self._database = database
        self._places = places
        self._linger = linger
        self._jobs: deque[Job] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._writing = 0
        self._closed = False
        self.written = 0
        self.dropped = 0

    def add(self, job: Job) -> bool:
        """Queue an entry; return False when it was dropped."""
        with self._changed:
            if self._closed or len(self._jobs) >= self._places:
                self.dropped += 1
                return False
            self._jobs.append(job)
            self._start()
            self._changed.notify_all()
            return True

    def forget(self, workspace: str, is_meant: Callable[[str], bool]) -> int:
        """Drop what waits for accounts that are erased; return how much."""
        with self._changed:
            kept = [
                job
                for job in self._jobs
                if not (job.workspace == workspace and is_meant(job.account_id))
            ]
            gone = len(self._jobs) - len(kept)
            self._jobs = deque(kept)
            return gone

    def flush(self, seconds: float = 5.0) -> bool:
        """Wait until all that was queued is written or dropped; False when time is over."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._jobs and not self._writing, seconds)

    def waiting(self) -> int:
        """Return how many entries wait."""
        with self._changed:
            return len(self._jobs)

    def counts(self) -> dict[str, int]:
        """Return how many entries were written, and how many were dropped, since the start."""
        return {"written": self.written, "dropped": self.dropped}

    def close(self) -> None:
        """Write what waits, and take no more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(timeout=10)

    def _start(self) -> None:
        if self._thread is None:
            name = "sidelight-store-writer"
            self._thread = threading.Thread(target=self._run, name=name, daemon=True)
            self._thread.start()

    def _take(self) -> list[Job]:
        """Wait for entries, let them gather for a moment, and take a batch of them."""
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._closed)
            self._changed.wait_for(
                lambda: len(self._jobs) >= BATCH or self._closed, timeout=self._linger
            )
            batch = [self._jobs.popleft() for _ in range(min(BATCH, len(self._jobs)))]
            self._writing = len(batch)
            return batch

    def _run(self) -> None:
        while True:
            batch = self._take()
            if not batch and self._closed:
                return
            left = self._write(batch)
            with self._changed:
                self._writing = 0
                self._put_back(left)
                self._changed.notify_all()
                if left:
                    self._changed.wait_for(lambda: self._closed, timeout=RETRY)

    def _put_back(self, jobs: list[Job]) -> None:
        """Let entries wait for the store; the oldest are dropped where there is no room."""
        room = 0 if self._closed else max(0, self._places - len(self._jobs))
        kept = jobs[max(0, len(jobs) - room) :]
        self._jobs.extendleft(reversed(kept))
        self.dropped += len(jobs) - len(kept)

    def _write(self, batch: list[Job]) -> list[Job]:
        """Write entries together; return those that have to wait because the store is down."""
        try:
            batch = [job for job in map(_prepared, batch) if job is not None]
            if batch:
                with self._database.write() as connection:
                    for job in batch:
                        job.write(connection)
        except StoreUnavailable:
            return batch
        except Exception as error:  # noqa: BLE001 - one bad entry must not end the thread
            if len(batch) > 1:  # it costs itself only
                return [left for job in batch for left in self._write([job])]
            self.dropped += 1
            log.error("an entry dropped", extra={"kind": type(error).__name__})  # noqa: TRY400 - a trace quotes values
        else:
            self.written += len(batch)
        return []


def _prepared(job: Job) -> Job | None:
    """Return the entry ready to be written, however often that is tried; None if it is none."""
    if job.prepare is None:
        return job
    return replace(job, prepare=None) if job.prepare() else None
