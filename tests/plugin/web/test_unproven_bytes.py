"""Bytes that nobody has proven, at every door: refused, never a fault."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugin.errors import BadRequest
from plugin.families import HELPDESKS, HOOKS

KINDS = sorted(HELPDESKS)
FORMS = sorted(HOOKS)
HEADERS = (
    "authorization", "x-hub-signature-256", "x-signature", "x-timestamp", "stripe-signature",
    "x-hubspot-signature-v3", "x-hubspot-request-timestamp", "x-helpscout-signature",
)  # fmt: skip
WORDS = st.one_of(
    st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=60),
    st.sampled_from(
        ["", "0", "-1", "9" * 40, "Bearer a.b.c", "t=1,v1=x", "JWT e30.e30.x", "sha256="]
    ),
)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
BODY = st.binary(max_size=300) | VALUE.map(lambda value: json.dumps(value).encode())
CALM = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize("kind", KINDS)
@CALM
@given(body=BODY, headers=st.dictionaries(st.sampled_from(HEADERS), WORDS, max_size=4), query=WORDS)
def test_no_unproven_frame_is_a_fault(app, services, kind, body, headers, query):
    """Whatever it says, it is refused in order."""
    install = next(one.id for one in services.installs.values() if one.kind == kind)
    for mimetype in ("application/json", "application/x-www-form-urlencoded"):
        answer = app.test_client().post(
            f"/frames/{install}",
            data=body,
            headers=headers,
            query_string={"signature": query, "jwt": query, "timestamp": query},
            content_type=mimetype,
        )
        assert answer.status_code in (400, 401)


@pytest.mark.parametrize("kind", FORMS)
@CALM
@given(value=VALUE)
def test_no_event_of_a_webhook_is_a_fault(services, kind, value):
    """A proven sender may still send anything: it is read, or refused as unreadable."""
    try:
        events = services.hooks[kind].read(value)
    except BadRequest:
        return
    assert all(isinstance(word, str) for event in events for word in event.about)
