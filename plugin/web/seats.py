"""Each worker has a seat, and the one that replaces it takes it over, with its metrics.

prometheus-client keeps a set of files for each process for ever, because counters must not fall:
named after processes, their number grows with each worker that is replaced.
https://prometheus.github.io/client_python/multiprocess/
"""

from __future__ import annotations

import os
from collections.abc import Iterable

_taken: list[int] = []


def seat() -> int | str:
    """Return what this process's metrics are filed under: its seat, else its own number."""
    return f"seat{_taken[0]}" if _taken else os.getpid()


def take(number: int) -> None:
    """Take a seat; for a worker, before it counts anything."""
    _taken[:] = [number]


def free(taken: Iterable[int]) -> int:
    """Return the lowest seat that nobody has."""
    everybody = set(taken)
    return next(number for number in range(1, len(everybody) + 2) if number not in everybody)
