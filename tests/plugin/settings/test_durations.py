"""A time is written in one way, in settings and in rules alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from plugin.rules.durations import parse_duration
from plugin.settings.schema import Duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("500ms", 0.5),
        ("2.5s", 2.5),
        ("15min", 900.0),
        ("15m", 900.0),
        ("15 min", 900.0),
        ("24h", 86_400.0),
        ("7d", 604_800.0),
        ("2w", 1_209_600.0),
    ],
)
def test_both_spellings_are_read_in_both_places(text, seconds):
    """Whoever writes `15m` in settings and `15min` in a rule means the same time."""
    assert Duration().deserialize(text) == seconds
    length = parse_duration(text)
    assert length is not None
    assert length.total_seconds() == seconds


@pytest.mark.parametrize(
    "text", ["", "7", "d", "-1d", "1 month", "1d2h", "٣d", "1e3s", "1.s", "999999999999w", "7d\n"]
)
def test_what_is_no_time_is_refused_in_both_places(text):
    """What one place refuses the other does not take."""
    assert parse_duration(text) is None
    with pytest.raises(ValidationError, match="write a time such as"):
        Duration().deserialize(text)


@given(st.text(alphabet="0123456789.mshdwin ", max_size=16))
def test_any_text_is_a_time_in_both_places_or_in_none(text):
    """Settings and rules agree on every text, and none is an error of ours."""
    length = parse_duration(text)
    if length is None:
        with pytest.raises(ValidationError):
            Duration().deserialize(text)
    else:
        assert abs(length.total_seconds() - Duration().deserialize(text)) < 1e-3
