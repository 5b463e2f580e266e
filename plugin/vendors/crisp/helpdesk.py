"""Serve Crisp's plugin widget: the website's token proves the install, the session is a hint."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import Schema, fields, validate

from plugin.errors import BadSignature
from plugin.frame import FrameRequest, Proof, SignedRequest, TicketRef
from plugin.helpdesk import Helpdesk, Trial
from plugin.incoming.fields import hint, read_fields
from plugin.incoming.installs import https_origins, signing_secret, viewer
from plugin.incoming.json_body import text
from plugin.incoming.launches import with_query
from plugin.proofs.mac import prove_key
from plugin.settings.records import Install

DOCS = "https://docs.crisp.chat/guides/plugins/widgets/iframe-widget"
SDK = "https://assets.crisp.chat"
ORIGINS = ("https://app.crisp.chat",)


class CrispOptions(Schema):
    """What a Crisp install may set."""

    issues_secrets: ClassVar[bool] = True

    website_id = fields.String(
        validate=validate.Length(
            1,
            64,
            error='write the website id, such as "8c842203-7ed8-4e29-a608-7cf78a7d2fcc"',
        )
    )


def verify(request: SignedRequest, install: Install) -> Proof:
    """Compare the website's plugin token, then the website it is sent for."""
    query = read_fields(request.query)
    prove_key(query.get("token"), install.secrets)
    expected = install.options.get("website_id")
    if expected and query.get("website_id") != expected:
        raise BadSignature("the launch is for another website")
    return Proof(timeless=True)


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read the session and the language, where they are there; neither is proven."""
    del proof
    session = text(hint(request.query, "session_id"))
    return FrameRequest(
        install_id=install.id,
        ticket=TicketRef(id=session) if session else None,
        viewer=viewer(install, None),
        locale=text(hint(request.query, "locale")),
    )


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a launch as Crisp loads it beside a conversation."""
    website = install.options.get("website_id")
    return with_query(
        template,
        {"token": signing_secret(install)}
        | ({"website_id": website} if website else {})
        | ({"session_id": trial.ticket_id} if trial.ticket_id else {}),
    )


def ancestors(install: Install) -> tuple[str, ...]:
    """Return Crisp's own origin, unless the install names others."""
    return https_origins(install) or ORIGINS


crisp = Helpdesk(
    name="crisp",
    title="Crisp",
    docs_url=DOCS,
    options=CrispOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    ancestors=ancestors,
    bridge=True,
    tells=True,
    sdk_hosts=(SDK,),
)
