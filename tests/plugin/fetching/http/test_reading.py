"""Only JSON in UTF-8 is read, and every number exactly."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.errors import UpstreamBroken
from plugin.fetching.http.reading import check_type, read_json

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_reads_what_json_says(value):
    """With or without escapes, and with a byte order mark."""
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        assert read_json(text.encode()) == value
        assert read_json(text.encode("utf-8-sig")) == value


@given(st.binary(max_size=80))
def test_no_bytes_raise_anything_else(body):
    """An upstream may send what it likes; what is read can be written out again."""
    try:
        value = read_json(body)
    except UpstreamBroken:
        return
    json.dumps(value, default=str).encode()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.10", Decimal("12.10")),
        ("1e3", Decimal(1000)),
        ("0.0", Decimal(0)),
        ("0e999999", Decimal(0)),
        ("1e-300", Decimal("1e-300")),
    ],
)
def test_fractions_are_exact(text, value):
    """No cent is lost between the vendor and the widget."""
    assert read_json(text.encode()) == value


@pytest.mark.parametrize("text", ["1e401", "-1e99999999", "NaN", "-Infinity", "01", "[1,]", '"\t"'])
def test_absurd_and_sloppy_values_are_broken(text):
    """A number that would fill the memory when it is made whole is refused."""
    with pytest.raises(UpstreamBroken):
        read_json(text.encode())


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "Application/JSON; charset=UTF-8",
        'application/json;charset="utf-8"',
        "application/vnd.api+json",
        "text/json; charset=us-ascii",
    ],
)
def test_json_types_pass(kind):
    """Vendors write it in several ways."""
    check_type(kind)


@pytest.mark.parametrize(
    "kind", [None, "", "text/html", "application/javascript", "application/json; charset=utf-16"]
)
def test_other_types_are_broken(kind):
    """A sign-in page with status 200 is no answer."""
    with pytest.raises(UpstreamBroken):
        check_type(kind)
