"""Times as people write them: `7d`, `24h`, `2w`, and days as 2027-03-31."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from plugin.settings.durations import seconds_of

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_duration(text: str) -> timedelta | None:
    """Return the time that `7d`, `24h`, `30m` or `2w` stand for, None for anything else."""
    seconds = seconds_of(text)
    return timedelta(seconds=seconds) if seconds is not None else None


def parse_day(text: str) -> date | None:
    """Return the day of a text such as 2027-03-31, None for anything else."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parse_instant(text: str) -> datetime | None:
    """Return the instant (UTC) of a text with its offset; a bare day is its first moment."""
    day = parse_day(text)
    if day is not None:
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant.astimezone(UTC) if instant.tzinfo is not None else None


def short_duration(length: timedelta) -> str:
    """Return a length of time in its largest whole unit, such as `3 d` or `24 h`."""
    minutes = int(length.total_seconds() // 60)
    if minutes >= 48 * 60:
        return f"{minutes // (24 * 60)} d"
    return f"{minutes // 60} h" if minutes >= 60 else f"{minutes} min"  # noqa: PLR2004 (minutes)
