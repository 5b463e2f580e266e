"""How long to wait, in the words of each vendor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.fetching.http.retry_after import DAILY, LONGEST, USUAL, calls_left, wait_until

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
EPOCH = NOW.timestamp()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": " 1.5 "}, 1.5),
        ({"Retry-After": "Sat, 21 Nov 2026 09:01:00 GMT"}, 60),
        ({"Retry-After": "Saturday, 21-Nov-26 09:01:00 GMT"}, 60),
        ({"Retry-After": "Sat, 21 Nov 2026 09:01:00 -0000"}, 60),
        ({"Retry-After": "Sat, 21 Nov 2026 08:00:00 GMT"}, 0),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": "999999999"}, LONGEST),
        ({"Retry-After": "-5"}, USUAL),
        ({"Retry-After": ""}, USUAL),
        ({"Retry-After": "soon"}, USUAL),
        ({"Retry-After": "nan"}, USUAL),
        ({"Retry-After": "inf"}, USUAL),
        ({"Retry-After": "1e9"}, USUAL),
        ({"Retry-After": "٣٠"}, USUAL),
        ({"Retry-After": "1_0"}, USUAL),
        ({"Retry-After": "9" * 400}, USUAL),
        ({"Retry-After": "Sat, 99 Nov 2026 09:01:00 GMT"}, USUAL),
        ({"X-RateLimit-Retry-After": "12"}, 12),
        ({"ratelimit-reset": "42"}, 42),
        ({"X-RateLimit-Reset": str(int(EPOCH) + 7)}, 7),
        ({"x-ratelimit-reset": f"{EPOCH + 7:.3f}"}, 7),
        ({"X-RateLimit-Reset": str(int(EPOCH + 7) * 1000)}, 7),
        ({"X-RateLimit-Reset": str(int(EPOCH) - 7)}, 0),
        ({"Retry-After": "soon", "X-RateLimit-Reset": str(int(EPOCH) + 7)}, 7),
        ({"Retry-After": "5", "X-RateLimit-Reset": str(int(EPOCH) + 7)}, 5),
        ({"X-HubSpot-RateLimit-Interval-Milliseconds": "10000"}, 10),
        ({}, USUAL),
    ],
)
def test_reads_each_form(headers, seconds):
    """Seconds, a date, an epoch, or nothing: each vendor has its own."""
    waited = (wait_until(headers, NOW) - NOW).total_seconds()

    assert waited == pytest.approx(seconds, abs=0.01)


def test_a_daily_quota_rests_for_hours():
    """HubSpot's daily limit does not end within ten seconds."""
    until = wait_until({}, NOW, {"policyName": "DAILY"})

    assert until == NOW + timedelta(seconds=DAILY)


@given(
    st.dictionaries(
        st.sampled_from(["Retry-After", "X-RateLimit-Reset", "ratelimit-reset"]),
        st.text(max_size=40) | st.floats().map(str) | st.integers().map(str),
    )
)
def test_no_header_stops_us_for_longer_than_the_longest(headers):
    """Whatever a vendor sends, the wait is between nothing and an hour."""
    waited = (wait_until(headers, NOW) - NOW).total_seconds()

    assert 0 <= waited <= LONGEST


@pytest.mark.parametrize(
    ("headers", "left"),
    [
        ({"X-Rate-Limit-Remaining": "3"}, 3),
        ({"X-RateLimit-Remaining-Minute": "171"}, 171),
        ({"ratelimit-remaining": "x"}, None),
        ({}, None),
    ],
)
def test_reads_how_many_calls_are_left(headers, left):
    """The vendor's own count corrects ours."""
    assert calls_left(headers) == left
