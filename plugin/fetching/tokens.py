"""Exchange a connection's credentials for a token once, and once more when it is refused."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from plugin.errors import UpstreamRefused
from plugin.upstream import Client

Headers = Mapping[str, str]


class AccessTokens:
    """The tokens of a process, one for each fingerprint of credentials."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._kept: dict[str, Headers] = {}

    def get(self, proof: str, exchange: Callable[[], Headers]) -> Headers:
        """Return the kept token, else exchange for one: one thread does, the others wait for it."""
        with self._guard:
            lock = self._locks.setdefault(proof, threading.Lock())
        with lock:
            if proof not in self._kept:
                self._kept[proof] = exchange()
            return self._kept[proof]

    def forget(self, proof: str, refused: Headers) -> None:
        """Drop a token that was refused, unless another thread has renewed it already."""
        with self._guard:
            if self._kept.get(proof) is refused:
                del self._kept[proof]


class AuthorisedClient:
    """A client whose calls carry the token; one that is refused is renewed once a question."""

    def __init__(
        self, client: Client, tokens: AccessTokens, proof: str, exchange: Callable[[], Headers]
    ) -> None:
        self._client = client
        self._tokens = tokens
        self._proof = proof
        self._exchange = exchange
        self._renewed = False

    def get(
        self,
        path: str,
        params: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Return the decoded JSON of a GET."""
        return self._ask(lambda token: self._client.get(path, params, {**token, **(headers or {})}))

    def post(
        self,
        path: str,
        body: Any,
        headers: Mapping[str, str] | None = None,
        *,
        form: bool = False,
    ) -> Any:
        """Return the decoded JSON of a POST."""
        return self._ask(
            lambda token: self._client.post(path, body, {**token, **(headers or {})}, form=form)
        )

    def _ask(self, call: Callable[[Headers], Any]) -> Any:
        token = self._tokens.get(self._proof, self._exchange)
        try:
            return call(token)
        except UpstreamRefused as error:
            # 401 says that the token is over; 403, that its rights do not reach.
            if self._renewed or error.status != HTTPStatus.UNAUTHORIZED:
                raise
        self._renewed = True
        self._tokens.forget(self._proof, token)
        return call(self._tokens.get(self._proof, self._exchange))
