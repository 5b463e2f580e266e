"""Whatever arrives at an adapter, proven or not: an answer or a calm refusal, never a crash."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.errors import BadSignature, FrameError
from plugin.families import HELPDESKS
from plugin.frame import FrameRequest, Proof
from tests.families.helpdesks.bench import TRIAL, Bench, bench

KEYS = [
    "ticket",
    "customer",
    "contact",
    "conversation",
    "id",
    "email",
    "emails",
    "cardKeys",
    "query",
    "requester",
    "agent",
    "context",
    "companies",
    "data",
    "thread",
    "tenant",
    "principal",
    "organization",
    "user",
    "environment",
    "record",
    "fields",
]


@pytest.fixture(params=list(HELPDESKS))
def desk(request: pytest.FixtureRequest) -> Bench:
    """Return each helpdesk in turn."""
    return bench(str(request.param))


@settings(max_examples=12, deadline=None)
@given(raw=st.binary(max_size=200), value=st.text(max_size=40))
@pytest.mark.parametrize("name", list(HELPDESKS))
def test_noise_is_refused_calmly(name: str, raw: bytes, value: str) -> None:
    """Whatever arrives, the only answer to it is a refusal."""
    desk = bench(name)
    signed = desk.signed()
    headers = dict.fromkeys(signed.headers, value)
    noise = dataclasses.replace(signed, headers=headers, query=raw, body=raw)

    with pytest.raises(FrameError):
        desk.helpdesk.verify(noise, desk.install)


def test_a_huge_body_is_refused_calmly(desk: Bench) -> None:
    """A body far beyond any limit is refused like a small one."""
    huge = b"token=" + b"A" * 2_000_000
    flood = b"&".join(b"a%d=1" % number for number in range(50_000))

    for body in (huge, flood, b"[" * 500_000):
        with pytest.raises(BadSignature):
            desk.helpdesk.verify(
                dataclasses.replace(desk.signed(), headers={}, query=body, body=body), desk.install
            )


@settings(max_examples=12, deadline=None)
@given(name_text=st.text(max_size=60), subject=st.text(max_size=60))
@pytest.mark.parametrize("name", list(HELPDESKS))
def test_any_text_survives_signing(name: str, name_text: str, subject: str) -> None:
    """Names and subjects of any script, with any control character, are signed and read."""
    desk = bench(name)
    trial = dataclasses.replace(TRIAL, name=name_text, subject=subject)

    asked = desk.asked(desk.signed(trial))

    if asked.requester is not None and asked.requester.name is not None:
        assert asked.requester.name == name_text.replace("\0", "\ufffd").strip()


@settings(max_examples=20, deadline=None)
@given(
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(KEYS),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
@pytest.mark.parametrize("name", list(HELPDESKS))
def test_any_proven_json_is_read_or_refused(name: str, body: Any) -> None:
    """A proven body of any shape is read, or refused as unreadable; it never crashes."""
    desk = bench(name)
    raw = json.dumps(body).encode()
    request = dataclasses.replace(desk.signed(), body=raw)

    try:
        asked = desk.helpdesk.parse(request, Proof(claims={"context": body}), desk.install)
    except FrameError:
        return

    assert isinstance(asked, FrameRequest)
