"""Ask one upstream over HTTP: in its total time, within its limits, with typed failures only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from http import HTTPStatus
from random import SystemRandom
from typing import Any

import requests
import urllib3.exceptions
from urllib3.util import Timeout

from plugin.errors import UpstreamError, UpstreamTimeout
from plugin.fetching.clock import Clock
from plugin.fetching.gate import Gate
from plugin.fetching.http.addresses import locate
from plugin.fetching.http.errors import OK, is_never_reached, of_exception, of_status
from plugin.fetching.http.pools import Pool
from plugin.fetching.http.reading import MOST, check_type, read_body, read_json
from plugin.fetching.http.retry_after import calls_left
from plugin.fetching.http.watchdog import Watchdog

CONNECT = 1.0  # seconds to open a connection
RETRY_SHARE = 0.4  # of the total time must be left for a second try
AGAIN = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)
# Stripe's own word outranks the status: https://docs.stripe.com/error-low-level
SHOULD_RETRY = "Stripe-Should-Retry"
SAID = {"true": True, "false": False}
REFUSAL_MOST = 65_536  # bytes of a refusal's body, and seconds that it is worth
REFUSAL_SECONDS = 0.5
# What the libraries raise; ValueError: a header or URL that cannot be written.
FAULTS = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)
_chance = SystemRandom()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one connection's calls go, with what, and through which pool."""

    base: str
    headers: Mapping[str, str]
    pool: Pool
    gate: Gate
    clock: Clock
    watchdog: Watchdog


@dataclass(frozen=True, slots=True)
class HttpCall:
    """One call of a question."""

    method: str
    url: str
    headers: Mapping[str, str]
    params: Sequence[tuple[str, str]] = ()
    json: Any = None
    form: Any = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one try came to: a JSON value or an error, which may pass if it is tried again."""

    value: Any = None
    error: UpstreamError | None = None
    repeatable: bool = False


class HttpClient:
    """The client of one question: all its calls together end `seconds` after it was made."""

    def __init__(self, endpoint: Endpoint, seconds: float) -> None:
        self._endpoint = endpoint
        self._seconds = seconds
        self._due = endpoint.clock.monotonic() + seconds
        self._retried = False

    def get(
        self,
        path: str,
        params: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Return the decoded JSON of a GET; fractions are Decimal."""
        return self._ask(HttpCall("GET", self._url(path), self._headers(headers), params=params))

    def post(
        self,
        path: str,
        body: Any,
        headers: Mapping[str, str] | None = None,
        *,
        form: bool = False,
    ) -> Any:
        """Return the decoded JSON of a POST: a search, or (as a form) the fetch of a token."""
        sent = {"form": body} if form else {"json": body}
        return self._ask(HttpCall("POST", self._url(path), self._headers(headers), **sent))

    def _url(self, path: str) -> str:
        return locate(self._endpoint.base, path)

    def _headers(self, more: Mapping[str, str] | None) -> dict[str, str]:
        return {**self._endpoint.headers, **(more or {})}

    def _left(self) -> float:
        return self._due - self._endpoint.clock.monotonic()

    def _ask(self, call: HttpCall) -> Any:
        self._endpoint.gate.retries.earn()
        attempt = self._try(call)
        if self._may_retry(call, attempt):
            self._retried = True
            self._endpoint.clock.pause(_chance.uniform(0.05, 0.15))
            attempt = self._try(call)
        if attempt.error is not None:
            raise attempt.error
        return attempt.value

    def _may_retry(self, call: HttpCall, attempt: Attempt) -> bool:
        return (
            attempt.repeatable
            and call.form is None  # a token is never asked for twice
            and not self._retried
            and self._left() >= RETRY_SHARE * self._seconds
            and self._endpoint.gate.retries.spend()
        )

    def _try(self, call: HttpCall) -> Attempt:
        try:
            self._wait_for_turn()
            with closing(self._send(call)) as response:
                self._endpoint.gate.heard(calls_left(response.headers))
                return self._read(response)
        except UpstreamError as error:
            return Attempt(error=error)
        except FAULTS as error:
            if self._left() <= 0:
                return Attempt(error=UpstreamTimeout("gave no answer in time"))
            return Attempt(error=of_exception(error), repeatable=is_never_reached(error))

    def _wait_for_turn(self) -> None:
        wait = self._endpoint.gate.take(self._left())
        if wait > 0:
            self._endpoint.clock.pause(wait)
        if self._left() <= 0:
            raise UpstreamTimeout("no time was left to ask")

    def _send(self, call: HttpCall) -> requests.Response:
        left = self._left()
        # It takes the time to connect off the time to read; requests hands it on to urllib3.
        timeout = Timeout(connect=min(CONNECT, left), read=left, total=left)
        content = {"params": list(call.params), "json": call.json, "data": call.form}
        return self._endpoint.pool.send(call.method, call.url, call.headers, timeout, **content)

    def _read(self, response: requests.Response) -> Attempt:
        if response.status_code not in OK:
            return self._refusal(response)
        check_type(response.headers.get("Content-Type"))
        try:
            return Attempt(value=read_json(self._body(response, self._left())))
        except FAULTS as error:
            raise of_exception(error, reading=True) from error

    def _body(self, response: requests.Response, seconds: float, most: int = MOST) -> bytes:
        with self._endpoint.watchdog.limit(seconds, response.raw.shutdown) as watch:
            try:
                return read_body(response.raw, self._left, most)
            finally:
                if watch.fired:
                    raise UpstreamTimeout("did not finish its answer in time")

    def _refusal(self, response: requests.Response) -> Attempt:
        answer = None
        with suppress(UpstreamError, *FAULTS):  # the status says enough
            seconds = min(self._left(), REFUSAL_SECONDS)
            answer = read_json(self._body(response, seconds, REFUSAL_MOST))
        now = self._endpoint.clock.now()
        error = of_status(response.status_code, response.headers, answer, now)
        said = response.headers.get(SHOULD_RETRY, "").lower()
        repeatable = SAID.get(said, response.status_code in AGAIN)
        return Attempt(error=error, repeatable=repeatable)
