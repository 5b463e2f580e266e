"""Times as people write them, in settings and in rules alike: `2.5s`, `15min` or `15m`, `7d`."""

from __future__ import annotations

import re

PATTERN = r"[0-9]{1,12}(?:\.[0-9]{1,6})?\s{0,9}(?:ms|s|min|m|h|d|w)"
_PARTS = re.compile(r"([0-9.]+)\s*([a-z]+)")
_SECONDS = {
    "ms": 0.001,
    "s": 1.0,
    "min": 60.0,
    "m": 60.0,
    "h": 3_600.0,
    "d": 86_400.0,
    "w": 604_800.0,
}
_LONGEST = 99_999 * _SECONDS["w"]  # before today it is a day that the calendar still has


def seconds_of(text: str) -> float | None:
    """Return how many seconds a time such as `500ms`, `15min`, `24h` or `2w` has.

    None for what is no time, and for one that is longer than any calendar.
    """
    parts = _PARTS.fullmatch(text) if re.fullmatch(PATTERN, text) else None
    seconds = float(parts[1]) * _SECONDS[parts[2]] if parts else None
    return seconds if seconds is not None and seconds <= _LONGEST else None
