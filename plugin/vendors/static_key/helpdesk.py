"""Serve helpdesks that fetch JSON with a fixed key: Gorgias, Dixa and whatever can do the same."""

from __future__ import annotations

import json
from typing import Any

from marshmallow import Schema

from plugin.frame import FrameRequest, Proof, Requester, SignedRequest
from plugin.helpdesk import Helpdesk, Trial
from plugin.incoming.claimed import claimed_requester, claimed_ticket
from plugin.incoming.fields import hint
from plugin.incoming.installs import signing_secret, viewer
from plugin.incoming.json_body import email, email_at, read_object, text
from plugin.incoming.launches import with_json
from plugin.proofs.mac import prove_key
from plugin.settings.records import Install

DOCS = "https://developers.gorgias.com/reference/create-integration"
BEARER = "Bearer "


class StaticKeyOptions(Schema):
    """A static-key install has no settings of its own."""


def verify(request: SignedRequest, install: Install) -> Proof:
    """Compare the key of the Authorization header; it signs nothing else."""
    given = request.headers.get("authorization", "")
    prove_key(given.removeprefix(BEARER) if given.startswith(BEARER) else None, install.secrets)
    return Proof(timeless=True)


def _body(request: SignedRequest) -> Any:
    return read_object(request.body) if request.body.strip() else {}


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read ticket and requester from the body, or an e-mail from the body or the query.

    A placeholder that the helpdesk did not fill in is no e-mail.
    """
    del proof
    body = _body(request)
    address = email_at(body, "email") or email(hint(request.query, "email"))
    plain = Requester(email=address) if address else None
    return FrameRequest(
        install_id=install.id,
        ticket=claimed_ticket(body),
        requester=claimed_requester(body) or plain,
        viewer=viewer(install, None),
        locale=text(hint(request.query, "locale")),
    )


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a request as the helpdesk's server sends it."""
    body = {
        "ticket": {"id": trial.ticket_id, "subject": trial.subject},
        "requester": {"email": trial.email, "name": trial.name},
    }
    headers = {"authorization": BEARER + signing_secret(install)}
    return with_json(template, json.dumps(body).encode(), headers)


static_key = Helpdesk(
    name="static_key",
    title="Gorgias, Dixa and other JSON clients",
    docs_url=DOCS,
    options=StaticKeyOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    format="json_view",
)
