"""Tokens: one exchange for all threads, one renewal a question, nothing kept that was refused."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from plugin.errors import UpstreamUnavailable
from plugin.fetching.tokens import AccessTokens


def test_many_threads_exchange_once() -> None:
    """Eight questions at once cost one exchange, and all carry the same token."""
    tokens, exchanged, start = AccessTokens(), [], Barrier(8)

    def exchange() -> Mapping[str, str]:
        exchanged.append(1)
        return {"Authorization": f"Bearer {len(exchanged)}"}

    def ask(_: int) -> Mapping[str, str]:
        start.wait(5)
        return tokens.get("proof", exchange)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(8)))

    assert len(exchanged) == 1
    assert {each["Authorization"] for each in found} == {"Bearer 1"}


def test_credentials_do_not_share_a_token() -> None:
    """Each fingerprint of credentials has a token of its own."""
    tokens = AccessTokens()
    tokens.get("one", lambda: {"a": "1"})

    assert tokens.get("two", lambda: {"a": "2"}) == {"a": "2"}


def test_a_renewed_token_is_not_forgotten() -> None:
    """Who was refused with the old token must not drop the new one of another thread."""
    tokens = AccessTokens()
    old = tokens.get("proof", lambda: {"a": "1"})
    tokens.forget("proof", old)
    new = tokens.get("proof", lambda: {"a": "2"})
    tokens.forget("proof", old)

    assert tokens.get("proof", lambda: {"a": "3"}) is new


def test_an_exchange_that_fails_is_tried_again() -> None:
    """A failure is not kept: the next question exchanges anew."""
    tokens = AccessTokens()

    def fail() -> Mapping[str, str]:
        raise UpstreamUnavailable("could not be reached")

    with pytest.raises(UpstreamUnavailable):
        tokens.get("proof", fail)

    assert tokens.get("proof", lambda: {"a": "1"}) == {"a": "1"}
