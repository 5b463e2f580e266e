"""Measure things side by side: interleaved rounds, medians, and their ratio."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping

ROUNDS = 5


def interleaved(
    measures: Mapping[str, Callable[[], float]], rounds: int = ROUNDS
) -> dict[str, float]:
    """Run each measure once a round, the order turned around every other round; return medians.

    What else the machine does then meets all of them alike.
    """
    found: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds):
        names = list(measures) if number % 2 == 0 else list(measures)[::-1]
        for name in names:
            found[name].append(measures[name]())
    return {name: statistics.median(values) for name, values in found.items()}


def seconds_of(work: Callable[[], object], times: int = 1) -> Callable[[], float]:
    """Return a measure: the CPU seconds that one run of `work` takes, of so many."""

    def measure() -> float:
        began = time.process_time()
        for _ in range(times):
            work()
        return (time.process_time() - began) / times

    return measure


def share(values: list[float], part: float) -> float:
    """Return the value below which `part` (0 to 1) of the values are."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(part * len(ranked)))]
