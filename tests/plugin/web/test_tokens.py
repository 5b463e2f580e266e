"""Our own token: read once, then known until it ends, and never a second longer."""

from __future__ import annotations

import pytest
from itsdangerous import URLSafeTimedSerializer

from plugin.errors import BadSignature, ExpiredSignature
from plugin.web.tokens import Tokens

LIFE, START = 900, 1_790_000_000.25
SECRET = "a secret that is long enough for a test"


class Time:
    """A clock that stands until it is set."""

    now = START

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


def _tokens(clock: Time, secret: str = SECRET) -> Tokens:
    return Tokens((secret,), clock, LIFE)


def _outcome(tokens: Tokens, token: str) -> object:
    try:
        return dict(tokens.read(token))
    except BadSignature as error:
        return type(error)


@pytest.mark.parametrize(
    "later", [0, 1, LIFE - 1, LIFE, LIFE + 0.7, LIFE + 0.8, LIFE + 1, 2 * LIFE]
)
def test_a_known_token_ends_when_a_new_reader_says_so(later):
    """Known or not: the same answer at each instant around the end."""
    clock = Time()
    tokens = _tokens(clock)
    token = tokens.issue({"install": "one"})
    assert _outcome(tokens, token) == {"install": "one"}

    clock.now = START + later

    assert _outcome(tokens, token) == _outcome(_tokens(clock), token)
    assert (_outcome(tokens, token) == {"install": "one"}) is (later <= LIFE + 0.7)


def test_a_token_is_verified_once(monkeypatch):
    """The second act on a page costs a look-up."""
    tokens = _tokens(Time())
    token = tokens.issue({"install": "one"})
    tokens.read(token)
    monkeypatch.setattr(URLSafeTimedSerializer, "loads", None)

    assert tokens.read(token) == {"install": "one"}


def test_an_erasure_leaves_nothing_of_what_a_token_told(house, monkeypatch):
    """Whoever is erased is not remembered by a token either: it is read anew."""
    tokens = house.tokens
    token = tokens.issue({"install": "one", "requester": {"email": "who@northwind.example"}})
    tokens.read(token)
    house.store.memories["demo"].on_erasure()
    monkeypatch.setattr(URLSafeTimedSerializer, "loads", None)

    with pytest.raises(TypeError):
        tokens.read(token)


def test_a_token_beside_a_known_one_is_refused():
    """What is known is known byte by byte; and nobody changes what others are told."""
    tokens = _tokens(Time())
    token = tokens.issue({"install": "one"})
    claims = tokens.read(token)

    for other in (token[:-1], token + "A", token.swapcase(), "", "\x80"):
        with pytest.raises(BadSignature):
            tokens.read(other)
    with pytest.raises(TypeError):
        claims["install"] = "two"  # type: ignore[index]  # that is the point
    with pytest.raises(BadSignature):
        _tokens(Time(), "another secret that is long enough").read(token)


def test_an_old_token_says_that_it_is_old():
    """The page asks for a new launch then."""
    clock = Time()
    token = _tokens(clock).issue({})
    clock.now += LIFE + 2

    with pytest.raises(ExpiredSignature):
        _tokens(clock).read(token)
