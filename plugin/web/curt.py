"""Answers of the server itself, before the application: one calm sentence, with all our headers."""

from __future__ import annotations

import json

from gunicorn.http import errors

from plugin.web.headers import usual_headers

_SAID = {
    400: ("Bad Request", "bad_request", "This request could not be read."),
    403: ("Forbidden", "forbidden", "You may not do this."),
    408: ("Request Timeout", "timeout", "This request did not arrive in time."),
    413: ("Content Too Large", "too_large", "This request is too large."),
    414: ("URI Too Long", "too_large", "The address of this request is too long."),
    417: ("Expectation Failed", "bad_request", "What this request expects is not known here."),
    431: ("Request Header Fields Too Large", "too_large", "The headers are too large."),
    500: ("Internal Server Error", "unavailable", "Sidelight could not answer."),
    501: ("Not Implemented", "bad_request", "This transfer coding is not known here."),
}


class TooLarge(Exception):
    """A body came in more bytes than any is read of."""


_STATUS: dict[type[Exception], int] = {
    errors.LimitRequestLine: 414,
    errors.LimitRequestHeaders: 431,
    errors.ExpectationFailed: 417,
    errors.UnsupportedTransferCoding: 501,
    errors.ForbiddenProxyRequest: 403,
    TooLarge: 413,
}
_THEIRS = (errors.ParseException, TooLarge, OSError)
_OURS = ("InvalidResponseHeader", "InvalidResponseHeaderName")


def status_of(error: BaseException) -> int:
    """Return the status of what a request brought about; 500 where it is not the client's fault."""
    if type(error).__name__ in _OURS or not isinstance(error, _THEIRS):
        return 500
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 400)


def curt(status: int, *, https: bool) -> bytes:
    """Return a whole answer, after which the connection ends."""
    reason, code, message = _SAID[status]
    body = json.dumps({"error": {"code": code, "message": message}}).encode()
    headers = (
        ("Connection", "close"),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        *usual_headers(https=https),
    )
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {status} {reason}\r\n{lines}\r\n".encode("latin-1") + body
