"""How satisfied the customer says to be: means of the ratings, where all of them were read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import fmean

from plugin.sources.tabular.found import RowFindings
from plugin.upstream import BadValue

RECENT = timedelta(days=90)
PRIOR = timedelta(days=365)  # before the recent ones
WINDOW = RECENT + PRIOR
ALWAYS = datetime.min.replace(tzinfo=UTC)
NOW, BEFORE, COUNT = "survey.csat_90d", "survey.csat_prior", "survey.csat_answers"
Rating = tuple[float, datetime]  # 0..100, and when it was given


def unread(
    title: str, message: str, reason: str, paths: Sequence[str] = (NOW, BEFORE, COUNT)
) -> tuple[BadValue, ...]:
    """Return gaps for means that cannot be told."""
    return tuple(BadValue(path, title, message, reason) for path in paths)


def _hidden(since: datetime | None, now: datetime) -> tuple[str, ...]:
    """Return the means whose time was not read whole."""
    if since is None or since > now - RECENT:
        return NOW, BEFORE, COUNT
    return (BEFORE, COUNT) if since > now - WINDOW else ()


def satisfaction(
    ratings: Sequence[Rating], now: datetime, since: datetime | None, title: str
) -> RowFindings:
    """Return the mean of 90 days, that of the 12 months before, and the answers behind both.

    `since`: every rating of what was opened later was read; None where that cannot be said. A
    mean over a time that was read in part is a gap (`incomplete`). Without an answer nothing is
    said.
    """
    recent = [score for score, at in ratings if now - RECENT < at <= now]
    prior = [score for score, at in ratings if now - WINDOW < at <= now - RECENT]
    means = {NOW: fmean(recent) if recent else None, BEFORE: fmean(prior) if prior else None}
    values = {**means, COUNT: len(recent) + len(prior) or None}
    hidden = _hidden(since, now)
    known = {
        path: value for path, value in values.items() if value is not None and path not in hidden
    }
    message = "not all tickets of that time were read, so the mean is unknown"
    return RowFindings(
        known, dict.fromkeys(known, title), unread(title, message, "incomplete", hidden)
    )
