"""Fill in the dates of a template: `{today+60d}`, `{today-12d 08:00}`, `{now-3h}`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_PLACE = re.compile(r"\{(today|now)(?:([+-][0-9]+)([dhm]))?(?: ([0-9]{2}:[0-9]{2}))?\}")
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}


@dataclass(frozen=True, slots=True)
class Calendar:
    """The moment that a template is filled in for: the workspace's day, and the instant."""

    today: date
    now: datetime

    def _instant(self, at: datetime, *, past: bool) -> str:
        """Return an instant; what is past stays past, also early in the day."""
        return (min(at, self.now) if past else at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _fill(self, place: re.Match[str]) -> str:
        name, count, unit, clock = place.groups()
        shift = int(count or 0) * _UNITS[unit or "d"]
        past = not (count or "").startswith("+")
        if name == "now":
            return self._instant(self.now + shift, past=past)
        day = self.today + shift
        if clock is None:
            return day.isoformat()
        return self._instant(datetime.combine(day, time.fromisoformat(clock), UTC), past=past)

    def fill(self, text: str) -> str:
        """Return `text` with every place filled in."""
        return _PLACE.sub(self._fill, text)
