"""What every form of webhook must do; each brings its data, found by its name."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin import errors
from plugin.errors import BadRequest, BadSignature, ExpiredSignature
from plugin.families import HOOKS, UPSTREAMS
from plugin.frame import SignedRequest
from tests.families.hooks.bench import (
    DATA,
    NOW,
    URL,
    Bench,
    bench,
    later,
    read,
    with_headers,
    written,
)
from tests.families.sources.recordings import load

BODY = {"id": "e-1", "type": "x", "name": "Zürich — 東京 ☃"}
RAW = '{"name": "Zürich — 東京 ☃"}'.encode()
FILES = ("hook.json", "vectors.json", "cases.json")
CASES = [(name, case) for name in HOOKS for case in read(name, "cases.json")]
VECTORS = [(name, vector) for name in HOOKS for vector in read(name, "vectors.json")]
TIMED = [name for name in HOOKS if bench(name).max_age is not None]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "type", "data", "object", "customer", "item", "detail", "email"])
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def _ids(entries: list[tuple[str, Any]]) -> list[str]:
    return [f"{name}-{entry['name']}" for name, entry in entries]


@pytest.fixture(params=list(HOOKS))
def desk(request: pytest.FixtureRequest) -> Bench:
    """Return each form in turn."""
    return bench(str(request.param))


@pytest.fixture(params=TIMED)
def timed(request: pytest.FixtureRequest) -> Bench:
    """Return each form whose proof carries a time."""
    return bench(str(request.param))


@pytest.fixture(params=[name for name in HOOKS if bench(name).covers])
def covering(request: pytest.FixtureRequest) -> Bench:
    """Return each form whose proof covers the body."""
    return bench(str(request.param))


def _refuses(desk: Bench, request: SignedRequest, *secrets: str) -> BadSignature:
    with pytest.raises(BadSignature) as caught:
        desk.verify(request, *secrets)
    assert not isinstance(caught.value, ExpiredSignature)
    return caught.value


def test_data_belongs_to_a_form() -> None:
    """No data is left behind by a form that is gone."""
    assert {folder.parent.name for folder in DATA.glob("*/hook")} == set(HOOKS)


def test_brings_its_data_and_its_source(desk: Bench) -> None:
    """A new form brings its data, and says where the vendor describes it."""
    missing = [file for file in FILES if not (DATA / desk.hook.name / "hook" / file).is_file()]

    assert missing == []
    assert desk.hook.docs_url.startswith("https://")


def test_every_connection_has_a_form_that_exists() -> None:
    """What an upstream names is a file of this family, and every form is used."""
    assert {upstream.hook for upstream in UPSTREAMS.values()} <= set(HOOKS)


@pytest.mark.parametrize(
    "name", [name for name, upstream in UPSTREAMS.items() if upstream.hook != "generic"]
)
def test_a_connection_knows_what_its_events_will_name(name: str, tmp_path: Path) -> None:
    """Its answers carry the vendor's own ids of what was read, or no event would find them."""
    recording = load(name, tmp_path)
    facts = recording.fetch(recording.api())

    assert facts.ids
    assert "" not in facts.ids


def test_accepts_what_the_vendor_signs(desk: Bench) -> None:
    """A delivery is proven by the newest secret, and by the one before it."""
    desk.verify(desk.delivery(BODY))
    desk.verify(desk.delivery(BODY), desk.other, desk.secret)


def test_accepts_bytes_beyond_ascii(desk: Bench) -> None:
    """The raw bytes are proven, never a text made of them."""
    desk.verify(desk.delivery(RAW))
    desk.verify(desk.delivery(b"\xff\xfe\x00"))


def test_refuses_the_secret_of_another(desk: Bench) -> None:
    """What another workspace's secret signed proves nothing here."""
    _refuses(desk, desk.delivery(BODY), desk.other)
    _refuses(desk, desk.delivery(BODY, desk.other))


@pytest.mark.parametrize("secrets", [(), ("",), (" \n",)], ids=["none", "empty", "blank"])
def test_without_a_secret_the_door_is_closed(desk: Bench, secrets: tuple[str, ...]) -> None:
    """No secret proves nothing, not even what was signed with it."""
    signed = desk.delivery(BODY, secrets[0] if secrets else "")
    with pytest.raises(BadSignature):
        desk.hook.verify(signed, secrets)


@pytest.mark.parametrize("at", [0.0, 0.5, 0.99])
def test_refuses_a_changed_byte(covering: Bench, at: float) -> None:
    """One byte is enough, wherever it stands."""
    signed = covering.delivery(RAW)
    place = int(len(RAW) * at)
    changed = RAW[:place] + bytes([RAW[place] ^ 1]) + RAW[place + 1 :]
    _refuses(covering, dataclasses.replace(signed, body=changed))
    _refuses(covering, dataclasses.replace(signed, body=RAW + b"\n"))
    _refuses(covering, dataclasses.replace(signed, body=b""))


def test_refuses_a_delivery_without_proof(desk: Bench) -> None:
    """No header, an empty one, one of another vendor."""
    _refuses(desk, SignedRequest("POST", URL, {}, b"", RAW, NOW))
    for value in ("", " ", "=", ",", "t=,v1=", "sha1=", "Basic", "Basic !", "\xff", "a" * 9_000):
        _refuses(desk, with_headers(desk.delivery(RAW), {desk.header: value}))


def test_refuses_a_header_that_comes_twice(desk: Bench) -> None:
    """A server joins two headers of one name; which of them was meant nobody can tell."""
    right = desk.delivery(RAW).headers[desk.header]
    wrong = desk.delivery(RAW, desk.other).headers[desk.header]
    for pair in ((right, wrong), (wrong, right), (wrong, wrong)):
        _refuses(desk, with_headers(desk.delivery(RAW), {desk.header: ",".join(pair)}))


def test_refuses_what_is_too_old_or_from_the_future(timed: Bench) -> None:
    """The window is the same on both sides; only what is right and old is told to be old."""
    age = timed.max_age
    assert age is not None
    for seconds in (-age, 0, age):
        timed.verify(later(timed.delivery(BODY), seconds))
    with pytest.raises(ExpiredSignature):
        timed.verify(later(timed.delivery(BODY), age + 1))
    _refuses(timed, later(timed.delivery(BODY), -age - 1))
    _refuses(timed, later(timed.delivery(BODY), age + 1), timed.other)


@pytest.mark.parametrize(("name", "vector"), VECTORS, ids=_ids(VECTORS))
def test_verifies_as_the_vector_says(name: str, vector: dict[str, Any]) -> None:
    """Deliveries written down byte by byte are accepted or refused as they should."""
    hook, secrets = HOOKS[name], vector["secrets"]
    if vector["expect"] == "accepted":
        hook.verify(written(vector), secrets)
        return
    with pytest.raises(BadSignature) as caught:
        hook.verify(written(vector), secrets)

    assert type(caught.value) is getattr(errors, vector["expect"])


@pytest.mark.parametrize(("name", "case"), CASES, ids=_ids(CASES))
def test_reads_what_changed(name: str, case: dict[str, Any]) -> None:
    """Each recorded body gives the events it names: ids and addresses, and nothing else."""
    if "error" in case:
        with pytest.raises(BadRequest):
            HOOKS[name].read(case["body"])
        return
    found = [dataclasses.asdict(event) for event in HOOKS[name].read(case["body"])]
    wanted = [{"about": [], "ticket": None, "erased": False, **event} for event in case["expect"]]

    assert json.loads(json.dumps(found)) == wanted


@pytest.mark.parametrize("name", list(HOOKS))
@given(body=JSON)
def test_no_body_is_a_crash(name: str, body: Any) -> None:
    """Whatever a proven body holds, it is read or refused."""
    try:
        events = HOOKS[name].read(body)
    except BadRequest:
        return
    assert all(event.about == tuple(filter(None, event.about)) for event in events)


def test_the_secret_of_the_data_has_the_right_form(desk: Bench) -> None:
    """`sidelight check` finds nothing wrong with it."""
    assert desk.hook.fault(desk.secret) is None
