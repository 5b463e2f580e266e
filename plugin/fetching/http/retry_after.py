"""Read from a 429 how long to wait: each vendor says it in a header of its own."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

USUAL = 10.0  # seconds to wait when nothing readable is said
LONGEST = 3600.0
DAILY = 4 * 3600.0  # a daily quota: its reset is hours away, at the vendor's own midnight
LONGEST_DAILY = 24 * 3600.0
_NUMBER = re.compile(r"[0-9]{1,18}(\.[0-9]{1,9})?", re.ASCII)
EPOCH_FROM = 1_000_000_000.0  # smaller numbers are seconds from now
MILLISECONDS_FROM = 100_000_000_000.0


def number(text: str | None) -> float | None:
    """Return a plain ASCII number, or None: `float` would take nan, inf, 1e9 and other digits."""
    if text is None or not _NUMBER.fullmatch(text.strip()):
        return None
    return float(text)


def _date(text: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)  # "-0000": a time in UTC, of unknown origin
    try:
        return (moment - now).total_seconds()
    except OverflowError:
        return None


def _seconds_or_date(text: str, now: datetime) -> float | None:
    seconds = number(text)
    return _date(text, now) if seconds is None else seconds


def _seconds(text: str, now: datetime) -> float | None:
    del now
    return number(text)


def _reset(text: str, now: datetime) -> float | None:
    value = number(text)
    if value is None or value < EPOCH_FROM:
        return value
    return (value / 1000 if value > MILLISECONDS_FROM else value) - now.timestamp()


# In this order; the names are lower case.
HEADERS: tuple[tuple[str, Callable[[str, datetime], float | None]], ...] = (
    # https://www.rfc-editor.org/rfc/rfc9110#field.retry-after: Zendesk, Chargebee, Front, PostHog …
    ("retry-after", _seconds_or_date),
    # https://developer.helpscout.com/mailbox-api/overview/rate-limiting/
    ("x-ratelimit-retry-after", _seconds),
    # https://developer.zendesk.com/api-reference/introduction/rate-limits/
    ("ratelimit-reset", _reset),
    # https://developers.intercom.com/docs/references/rest-api/errors/rate-limiting; Front
    ("x-ratelimit-reset", _reset),
)
INTERVAL = "x-hubspot-ratelimit-interval-milliseconds"
LEFT = (
    "x-ratelimit-remaining",
    "x-rate-limit-remaining",
    "ratelimit-remaining",
    "x-ratelimit-remaining-minute",  # Help Scout
)


def is_daily(answer: object) -> bool:
    """Return whether the body of a refusal speaks of a quota for the day (HubSpot)."""
    return isinstance(answer, Mapping) and answer.get("policyName") == "DAILY"


def _said(headers: Mapping[str, str], now: datetime) -> float | None:
    for name, read in HEADERS:
        if name in headers:
            seconds = read(headers[name].strip(), now)
            if seconds is not None:
                return seconds
    interval = number(headers.get(INTERVAL))
    return None if interval is None else interval / 1000


def wait_until(headers: Mapping[str, str], now: datetime, answer: object = None) -> datetime:
    """Return when the vendor may be called again; `headers` have names in any case.

    Times in the past count as now, absurd ones as the longest wait we believe.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    daily = is_daily(answer)
    said = _said(lower, now)
    if said is None or not math.isfinite(said):
        said = DAILY if daily else USUAL
    longest = LONGEST_DAILY if daily else LONGEST
    return now + timedelta(seconds=min(max(said, 0.0), longest))


def calls_left(headers: Mapping[str, str]) -> float | None:
    """Return how many calls the vendor says are left in its window, if it says so."""
    lower = {name.lower(): value for name, value in headers.items()}
    said = (number(lower[name]) for name in LEFT if name in lower)
    return next((left for left in said if left is not None), None)
