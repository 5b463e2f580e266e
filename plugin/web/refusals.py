"""How the service says no: one calm sentence, as a page or as JSON, that tells nothing more."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Flask, Request, Response, jsonify, make_response, render_template_string, request
from werkzeug.exceptions import HTTPException

from plugin.errors import (
    BadRequest,
    BadSignature,
    ExpiredSignature,
    NotAllowed,
    NotHere,
    SidelightError,
    StoreUnavailable,
    TooMany,
    Unanswered,
)

log = logging.getLogger("sidelight.web")

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/static/frame.css"></head>
<body><main id="place">
<div class="state"><h1>{{ title }}</h1><p>{{ message }}</p></div>
</main></body></html>
"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One way to say no; `message` never tells which check failed or what exists."""

    status: int
    code: str
    title: str
    message: str


BAD_SIGNATURE = Refusal(401, "bad_signature", "Not verified", "This request could not be verified.")
EXPIRED = Refusal(
    401, "expired_signature", "This view has expired", "Reload the ticket to see the account again."
)
LATE = Refusal(
    401,
    "expired_signature",
    "Too late",
    "The signature is right, its time is not: send it anew, and set the clocks of both machines.",
)
BAD_REQUEST = Refusal(400, "bad_request", "Not readable", "This request could not be read.")
FORBIDDEN = Refusal(403, "forbidden", "Not allowed", "You may not do this.")
NOT_FOUND = Refusal(404, "not_found", "Not here", "There is nothing at this address.")
NOT_ALLOWED = Refusal(405, "bad_request", "Not readable", "This address takes another method.")
TOO_LARGE = Refusal(413, "too_large", "Too large", "This request is too large.")
RATE_LIMITED = Refusal(429, "rate_limited", "Too many requests", "Wait a moment and try again.")
UNAVAILABLE = Refusal(
    503, "unavailable", "Not available", "Sidelight cannot answer now. Try again in a moment."
)
FAULT = Refusal(
    500, "unavailable", "Something went wrong", "Sidelight could not answer. The operators see it."
)
NOT_SAVED = Refusal(
    503,
    "unavailable",
    "Not saved",
    "Sidelight cannot save anything now; nothing was changed. Try again in a moment.",
)
UNANSWERED = Refusal(
    503,
    "unavailable",
    "Not answered",
    "A source did not answer in time; nothing was changed. Try again in a moment.",
)
_BY_KIND: dict[type[SidelightError], Refusal] = {
    BadRequest: BAD_REQUEST,
    NotHere: NOT_FOUND,
    NotAllowed: FORBIDDEN,
    TooMany: RATE_LIMITED,
    StoreUnavailable: NOT_SAVED,
    Unanswered: UNANSWERED,
}
_BY_STATUS = {
    refusal.status: refusal
    for refusal in (
        BAD_REQUEST,
        BAD_SIGNATURE,
        FORBIDDEN,
        NOT_FOUND,
        NOT_ALLOWED,
        TOO_LARGE,
        RATE_LIMITED,
        UNAVAILABLE,
    )
}
_FOR_PROGRAMS = ("/hooks/", "/api/")


def wants_page(asked: Request) -> bool:
    """Tell whether the request, by itself, wants a page: a form post, or one that accepts HTML.

    Programs that call the read API or a webhook never do, whatever their client says by default.
    """
    if asked.path.startswith(_FOR_PROGRAMS):
        return False
    if asked.mimetype == "application/x-www-form-urlencoded":
        return True
    return "text/html" in asked.headers.get("Accept", "")


def refuse(refusal: Refusal, field: str = "", why: str = "") -> Response:
    """Return the refusal in the form that the request wants; a program hears of which field."""
    if wants_page(request):
        page = render_template_string(_PAGE, title=refusal.title, message=refusal.message)
        return make_response(page, refusal.status)
    told = {"code": refusal.code, "message": refusal.message}
    if field:
        told |= {"message": f"{refusal.message[:-1]}: {field}: {why}", "field": field}
    return make_response(jsonify(error=told), refusal.status)


def _known(error: SidelightError) -> Refusal:
    if isinstance(error, ExpiredSignature):
        return LATE if request.path.startswith(_FOR_PROGRAMS) else EXPIRED
    if isinstance(error, BadSignature):
        return BAD_SIGNATURE
    return next((said for kind, said in _BY_KIND.items() if isinstance(error, kind)), UNAVAILABLE)


def _place() -> str:
    return request.url_rule.endpoint if request.url_rule else "unknown"


def install_refusals(app: Flask) -> None:
    """Let every error end in a calm sentence; what was wrong goes to the log, without secrets."""

    @app.errorhandler(SidelightError)
    def _refuse_known(error: SidelightError) -> Response:
        refusal = _known(error)
        install = (request.view_args or {}).get("install_id")
        extra = {"code": refusal.code, "why": str(error), "install": install, "place": _place()}
        log.warning("refused", extra=extra)
        return refuse(refusal, getattr(error, "field", ""), str(error))

    @app.errorhandler(HTTPException)
    def _refuse_http(error: HTTPException) -> Response:
        return refuse(_BY_STATUS.get(error.code or 500, BAD_REQUEST))

    @app.errorhandler(Exception)
    def _refuse_fault(error: Exception) -> Response:
        log.error("fault", exc_info=error, extra={"kind": type(error).__name__, "place": _place()})
        return refuse(FAULT)
