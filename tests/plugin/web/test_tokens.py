"""Our own token: genuine to the last byte, and no second longer than it says."""

from __future__ import annotations

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from plugin.errors import BadSignature, ExpiredSignature
from plugin.web.tokens import PageTokens

LIFE, START = 900, 1_790_000_000.25
SECRET = "a secret that is long enough for a test"


class Time:
    """A clock that stands until it is set."""

    now = START

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


def _tokens(clock: Time, secret: str = SECRET) -> PageTokens:
    return PageTokens((secret,), clock, LIFE)


def _is_read(tokens: PageTokens, token: str) -> bool:
    try:
        return tokens.read(token).claims == {"install": "one"}
    except ExpiredSignature:
        return False


@pytest.mark.parametrize(
    "later", [0, 1, LIFE - 1, LIFE, LIFE + 0.7, LIFE + 0.8, LIFE + 1, 2 * LIFE]
)
def test_a_token_says_when_it_ends(later):
    """What is remembered of it until then ends with it: not a moment earlier or later."""
    clock = Time()
    tokens = _tokens(clock)
    token = tokens.issue({"install": "one"})
    ends_at = tokens.read(token).ends_at

    clock.now = START + later

    assert _is_read(tokens, token) is (clock.now < ends_at) is (later <= LIFE + 0.7)


def test_a_changed_token_is_refused():
    """In any of its bytes; and one that is signed with another secret."""
    tokens = _tokens(Time())
    token = tokens.issue({"install": "one"})

    for other in (token[:-1], token + "A", token.swapcase(), "", "\x80"):
        with pytest.raises(BadSignature):
            tokens.read(other)
    with pytest.raises(BadSignature):
        _tokens(Time(), "another secret that is long enough").read(token)


def test_an_old_token_says_that_it_is_old():
    """The page asks for a new launch then."""
    clock = Time()
    token = _tokens(clock).issue({})
    clock.now += LIFE + 2

    with pytest.raises(ExpiredSignature):
        _tokens(clock).read(token)


def _by_sha1(clock: Time) -> str:
    class Signer(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(clock())

    made = URLSafeTimedSerializer([SECRET], salt="sidelight.frame.v1", signer=Signer)
    return str(made.dumps({"install": "one"}))


def test_a_token_of_an_earlier_release_lives_until_it_ends():
    """It was signed with SHA-1; nothing that is signed so later is ever read."""
    clock = Time()
    earlier, tokens = _by_sha1(clock), _tokens(clock)
    assert _is_read(tokens, earlier)
    with pytest.raises(BadSignature):
        _tokens(clock, "another secret that is long enough").read(earlier)

    clock.now += LIFE + 1
    with pytest.raises(BadSignature):
        tokens.read(_by_sha1(clock))


def test_a_token_is_signed_with_sha256():
    """32 bytes, in base64 without padding."""
    assert len(_tokens(Time()).issue({}).rpartition(".")[2]) == 43
