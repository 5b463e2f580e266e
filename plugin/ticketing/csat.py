"""How satisfied the customer says to be: means of the ratings, where all of them were read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from statistics import fmean

from plugin.tabular.found import Found
from plugin.upstream import BadValue

RECENT = timedelta(days=90)
PRIOR = timedelta(days=365)  # before the recent ones
ALWAYS = datetime.min.replace(tzinfo=UTC)
NOW, BEFORE, COUNT = "survey.csat_90d", "survey.csat_prior", "survey.csat_answers"
Rating = tuple[float, datetime]  # 0..100, and when it was given


def _unread(paths: Sequence[str], title: str) -> Iterator[BadValue]:
    for path in paths:
        message = "not all tickets of that time were read, so the mean is unknown"
        yield BadValue(path, title, message, "incomplete")


def satisfaction(
    ratings: Sequence[Rating], now: datetime, since: datetime | None, title: str
) -> Found:
    """Return the mean of 90 days, that of the 12 months before, and the answers behind both.

    `since`: every ticket opened later was read; None where that cannot be said. A mean over
    a time that was read in part is a gap (`incomplete`). Without an answer nothing is said.
    """
    start = now - RECENT
    recent = [score for score, at in ratings if start < at <= now]
    prior = [score for score, at in ratings if start - PRIOR < at <= start]
    means = {NOW: fmean(recent) if recent else None, BEFORE: fmean(prior) if prior else None}
    counted = len(recent) + len(prior)
    values = {**means, COUNT: counted or None}
    if since is None or since > start:
        unread = [NOW, BEFORE, COUNT]
    else:
        unread = [BEFORE, COUNT] if since > start - PRIOR else []
    known = {
        path: value for path, value in values.items() if value is not None and path not in unread
    }
    return Found(known, dict.fromkeys(known, title), tuple(_unread(unread, title)))
