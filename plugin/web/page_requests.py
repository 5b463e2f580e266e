"""What a page asks with the token of its launch; a token of another install is audited."""

from __future__ import annotations

from typing import NoReturn

from flask import request

from plugin.errors import BadSignature
from plugin.frame import FrameRequest
from plugin.settings.records import Install
from plugin.web.foreign_access import audit_foreign_token
from plugin.web.page_claims import read_claims
from plugin.web.pages import bearer
from plugin.web.services import Services
from plugin.web.verified_calls import PageRequest


def asking_install(services: Services, install_id: str) -> Install:
    """Return the install of that id; one that is not there costs the work of a bad token."""
    install = services.installs.get(install_id)
    if install is not None:
        return install
    nobody = next(iter(services.installs.values()), None) or Install("", "", "")

    def refuse() -> NoReturn:
        services.tokens.read(bearer())
        raise BadSignature("there is no such install")

    services.verified_calls.asked(bearer(), request.get_data(cache=True), nobody, refuse)
    raise BadSignature("there is no such install")


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
