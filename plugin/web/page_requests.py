"""What a page asks with the token of its launch; a token of another install is audited."""

from __future__ import annotations

from flask import request

from plugin.errors import BadSignature
from plugin.frame import FrameRequest
from plugin.settings.records import Install
from plugin.web.foreign_access import audit_foreign_token
from plugin.web.page_claims import read_claims
from plugin.web.pages import bearer
from plugin.web.services import Services
from plugin.web.verified_calls import PageRequest


def asked_by_page(services: Services, install: Install, tried: str) -> FrameRequest:
    """Return what the page's request asks; `tried` names the door for the audit.

    Raises BadSignature, ExpiredSignature or BadRequest.
    """
    raw, body = bearer(), request.get_data(cache=True)

    def read() -> PageRequest:
        token = services.tokens.read(raw)
        try:
            return PageRequest(read_claims(body, token.claims, install), token.ends_at)
        except BadSignature:
            audit_foreign_token(services, install, token.claims, tried)
            raise

    return services.verified_calls.asked(raw, body, install, read)
