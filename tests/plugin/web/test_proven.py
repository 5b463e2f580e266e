"""A proof is remembered for as long as it says that it holds, and for that very request."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from plugin.frame import FrameRequest, Proof
from plugin.settings.records import Install
from plugin.web.verified_calls import PageRequest, VerifiedCalls
from tests.plugin.conftest import NOW


class Checker:
    """A way to verify that counts how often it had to."""

    def __init__(self, proof: Proof) -> None:
        self.proof, self.calls = proof, 0

    def __call__(self, _request, _install) -> Proof:
        self.calls += 1
        return self.proof


@pytest.fixture
def proven(hands, services):
    """What a new process has verified: nothing yet."""
    known = VerifiedCalls(lambda: hands.now)

    def call(verify, request, install=Install("a", "b", "c")):  # noqa: B008 - a frozen record
        return known.call(verify, services.helpdesks["zendesk"], request, install)

    return call


@pytest.mark.parametrize(
    ("proof", "calls"),
    [
        (Proof(), 2),
        (Proof(once="digest"), 2),
        (Proof(once="digest", timeless=True), 2),
        (Proof(timeless=True), 1),
        (Proof(expires_at=NOW + timedelta(minutes=5)), 1),
    ],
)
def test_only_a_proof_that_says_how_long_it_holds_is_remembered(signed, proven, proof, calls):
    """What counts once, or says nothing of its end, is proven each time."""
    checker, request = Checker(proof), signed("demo-zendesk")
    for _ in range(2):
        proven(checker, request)

    assert checker.calls == calls


def test_a_remembered_proof_ends_when_it_says(signed, hands, proven):
    """And not a moment later."""
    checker = Checker(Proof(expires_at=hands.now + timedelta(minutes=5)))
    request = signed("demo-zendesk")
    proven(checker, request)
    hands.tick(minutes=5)
    proven(checker, request)

    assert checker.calls == 2


def test_one_changed_byte_is_another_proof(signed, proven):
    """Body, address, headers, install and secrets: nothing else ever matches."""
    checker = Checker(Proof(timeless=True))
    request = signed("demo-zendesk")
    install = Install("a", "b", "c", secrets=("one", "two"))
    asked = [
        (request, install),
        (dataclasses.replace(request, body=request.body + b"x"), install),
        (dataclasses.replace(request, url=request.url + "x"), install),
        (dataclasses.replace(request, stage="submit"), install),
        (dataclasses.replace(request, headers={**request.headers, "x": "y"}), install),
        (request, dataclasses.replace(install, id="other")),
        (request, dataclasses.replace(install, secrets=("onet", "wo"))),
    ]
    for one in asked:
        proven(checker, *one)

    assert checker.calls == len(asked)


class Reader:
    """A way to read what a page asks that counts how often it had to."""

    def __init__(self, ends_at: float) -> None:
        self.ends_at, self.calls = ends_at, 0

    def __call__(self) -> PageRequest:
        self.calls += 1
        return PageRequest(FrameRequest("panel"), self.ends_at)


def test_what_a_page_asks_is_read_once_until_its_token_ends(hands):
    """The token is verified and the claims are read once; at its end both are due again."""
    known, install = VerifiedCalls(lambda: hands.now), Install("panel", "b", "c")
    reader = Reader(hands.now.timestamp() + 60)
    for passed in (0, 59):
        hands.tick(seconds=passed)
        assert known.asked("token", b"{}", install, reader).install_id == "panel"
    assert reader.calls == 1

    hands.tick(seconds=1)
    known.asked("token", b"{}", install, reader)
    assert reader.calls == 2


def test_another_token_body_or_install_is_read_anew(hands):
    """Nothing that was read for one is told to another."""
    known, install = VerifiedCalls(lambda: hands.now), Install("panel", "b", "c")
    reader = Reader(hands.now.timestamp() + 60)
    other = dataclasses.replace(install, id="other")
    asked = [("a", b"bc", install), ("ab", b"c", install), ("a", b"b", install)]
    for one in [*asked, ("a", b"bc", other)]:
        known.asked(*one, reader)

    assert reader.calls == 4


def test_an_erasure_leaves_nothing_of_who_asked(services):
    """Neither of a helpdesk's call nor of a page's: both are read anew."""
    install, reader = Install("panel", "b", "c"), Reader(float("inf"))
    services.verified_calls.asked("token", b"{}", install, reader)
    services.store.memories["demo"].on_erasure()
    services.verified_calls.asked("token", b"{}", install, reader)

    assert reader.calls == 2
