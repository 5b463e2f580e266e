"""Turn what a call came to, an answer or an exception, into one of a few typed errors."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPException
from typing import Any

import requests
import urllib3.exceptions

from plugin.errors import (
    UpstreamBroken,
    UpstreamError,
    UpstreamLimited,
    UpstreamNotFound,
    UpstreamRefused,
    UpstreamTimeout,
    UpstreamUnavailable,
    UpstreamUnset,
)
from plugin.fetching.http.retry_after import wait_until


class AddressRefused(urllib3.exceptions.HTTPError):
    """The host's name leads to an address that no call may go to."""


OK = range(200, 300)
SERVER_ERRORS = range(500, 600)
# Salesforce says "limit exceeded" with a 403:
# https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
LIMIT_CODES = frozenset({"REQUEST_LIMIT_EXCEEDED", "RATE_LIMIT", "RATE_LIMITS"})
KINDS: Mapping[int, type[UpstreamError]] = {
    HTTPStatus.UNAUTHORIZED: UpstreamRefused,
    HTTPStatus.FORBIDDEN: UpstreamRefused,
    HTTPStatus.NOT_FOUND: UpstreamNotFound,
    HTTPStatus.GONE: UpstreamNotFound,
    HTTPStatus.REQUEST_TIMEOUT: UpstreamTimeout,
    HTTPStatus.TOO_MANY_REQUESTS: UpstreamLimited,
}

_TIMEOUTS = (
    requests.Timeout,
    urllib3.exceptions.ReadTimeoutError,
    urllib3.exceptions.ConnectTimeoutError,
    TimeoutError,
)
_UNSET = (
    urllib3.exceptions.LocationParseError,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)
_SECURITY = (ssl.SSLError, urllib3.exceptions.SSLError)
_CONNECTING = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)
_LIBRARIES = (HTTPException, urllib3.exceptions.HTTPError, requests.RequestException)
_UNREACHED = (*_SECURITY, *_CONNECTING, ConnectionError)


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what it came from, wherever the libraries tucked that away."""
    seen: list[BaseException] = []
    waiting: list[Any] = [error]
    while waiting:
        current = waiting.pop(0)
        if not isinstance(current, BaseException) or current in seen:
            continue
        seen.append(current)
        yield current
        waiting += [getattr(current, "reason", None), *current.args, current.__cause__]
        waiting.append(current.__context__)


def is_never_reached(error: BaseException) -> bool:
    """Return whether the call failed before the upstream said anything: it may be repeated.

    A connection that the upstream closed while it was idle in our pool is such a case.
    """
    found = tuple(causes(error))
    if any(isinstance(cause, (*_UNSET, AddressRefused, *_SECURITY)) for cause in found):
        return False
    if any(isinstance(cause, _CONNECTING) for cause in found):
        return True
    return not any(isinstance(cause, _TIMEOUTS) for cause in found) and any(
        isinstance(cause, ConnectionError) for cause in found
    )


# The first that fits any of the causes; urllib3 counts a refused connection as a timeout.
_MEANINGS: tuple[tuple[tuple[type[BaseException], ...], type[UpstreamError], str], ...] = (
    ((AddressRefused,), UpstreamUnset, "the host leads to an address that may not be called"),
    (
        (ssl.SSLCertVerificationError,),
        UpstreamUnavailable,
        "its certificate is wrong: expired, for another name, or signed by nobody who is trusted",
    ),
    (_UNSET, UpstreamUnset, "the URL or a header of the connection is malformed"),
    ((urllib3.exceptions.NewConnectionError,), UpstreamUnavailable, "could not be reached"),
    (_TIMEOUTS, UpstreamTimeout, "gave no answer in time"),
    (_UNREACHED, UpstreamUnavailable, "could not be reached"),
    (_LIBRARIES, UpstreamBroken, "its answer cannot be read"),
    ((Exception,), UpstreamUnset, "the call could not be made"),
)


def of_exception(error: Exception, *, reading: bool = False) -> UpstreamError:
    """Return the typed error of a failed call; `reading` once its headers have arrived."""
    found = tuple(causes(error))
    if reading and not any(isinstance(cause, _TIMEOUTS) for cause in found):
        return UpstreamBroken("its answer broke off or cannot be read")
    return next(
        kind(text)
        for classes, kind, text in _MEANINGS
        if any(isinstance(cause, classes) for cause in found)
    )


def codes(answer: Any) -> frozenset[str]:
    """Return the error codes that the body of a refusal names."""
    records = answer if isinstance(answer, list) else [answer]
    named = (record for record in records if isinstance(record, Mapping))
    found = (record.get(key) for record in named for key in ("errorCode", "errorType"))
    return frozenset(code for code in found if isinstance(code, str))


def _kind(status: int, answer: Any) -> type[UpstreamError]:
    if status == HTTPStatus.FORBIDDEN and codes(answer) & LIMIT_CODES:
        return UpstreamLimited
    otherwise = UpstreamUnavailable if status in SERVER_ERRORS else UpstreamBroken
    return KINDS.get(status, otherwise)


def of_status(
    status: int, headers: Mapping[str, str], answer: Any, now: datetime
) -> UpstreamError | None:
    """Return the typed error of an answer; None if it is a good one."""
    if status in OK:
        return None
    kind = _kind(status, answer)
    error: UpstreamError
    if kind is UpstreamLimited:
        until = wait_until(headers, now, answer)
        error = UpstreamLimited("wants no more calls for now", until)
    else:
        error = kind(f"answered {status}")
    error.status, error.answer = status, answer
    return error
