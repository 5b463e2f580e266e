"""Threads for each upstream kind, shared fairly by the connections: one hung host sinks alone."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

Job = Callable[[], None]


@dataclass(frozen=True, slots=True)
class BulkheadSize:
    """How many threads a kind has, how many of them one connection, how many jobs may queue."""

    threads: int = 16
    per_connection: int = 8
    queue: int = 64  # jobs that wait for one connection; beyond that they are shed


class Bulkhead:
    """A long-lived pool of one upstream kind; a connection at its share queues by itself."""

    def __init__(self, name: str, size: BulkheadSize = BulkheadSize()) -> None:
        self._size = size
        self._pool = ThreadPoolExecutor(size.threads, thread_name_prefix=f"upstream-{name}")
        self._lock = threading.Lock()
        self._running: dict[str, int] = defaultdict(int)
        self._waiting: dict[str, deque[Job]] = defaultdict(deque)

    def submit(self, connection: str, job: Job, *, urgent: bool = True) -> bool:
        """Run `job` when there is a place; False if the queue is full and it will never run.

        A job that is not urgent (a refresh behind a stale copy) is shed at half the queue.
        """
        with self._lock:
            if self._running[connection] >= self._size.per_connection:
                queue = self._waiting[connection]
                if len(queue) >= (self._size.queue if urgent else self._size.queue // 2):
                    return False
                queue.append(job)
                return True
            self._running[connection] += 1
        return self._start(connection, job)

    def waiting(self) -> int:
        """Return how many jobs wait for a place."""
        with self._lock:
            return sum(len(queue) for queue in self._waiting.values())

    def close(self) -> None:
        """Take no more jobs; those that run end by their own deadline."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _start(self, connection: str, job: Job) -> bool:
        try:
            self._pool.submit(self._run, connection, job)
        except RuntimeError:  # the pool is closed: the process is going down
            self._leave(connection)
            return False
        return True

    def _run(self, connection: str, job: Job) -> None:
        try:
            job()
        finally:
            following = self._leave(connection)
            if following is not None:
                self._start(connection, following)

    def _leave(self, connection: str) -> Job | None:
        # One step under the lock: a job queued in between would wait for nobody.
        with self._lock:
            queue = self._waiting.get(connection)
            if queue:
                return queue.popleft()
            self._waiting.pop(connection, None)
            self._running[connection] -= 1
            if not self._running[connection]:
                del self._running[connection]
            return None
