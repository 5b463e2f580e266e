"""Serve Help Scout's legacy dynamic apps: the server posts a conversation, we answer HTML."""

from __future__ import annotations

import json
from typing import Any

from marshmallow import Schema

from plugin.frame import FrameRequest, Proof, Requester, SignedRequest, TicketRef
from plugin.helpdesk import Helpdesk, Trial
from plugin.incoming.installs import signing_secret, viewer
from plugin.incoming.json_body import email, email_at, items_at, read_object, text_at
from plugin.incoming.launches import with_json
from plugin.proofs.base64_text import encode
from plugin.proofs.mac import keyed_hash, prove
from plugin.settings.records import Install

DOCS = "https://developer.helpscout.com/apps/dynamic/"
SIGNATURE = "x-helpscout-signature"


class HelpscoutLegacyOptions(Schema):
    """A legacy install has no settings of its own."""


def _signature(secret: str, body: bytes) -> str:
    return encode(keyed_hash(secret, body, "sha1"))


def verify(request: SignedRequest, install: Install) -> Proof:
    """Prove the raw body, which holds PHP's own escapes."""
    given = request.headers.get(SIGNATURE)
    prove(given, install.secrets, lambda secret: _signature(secret, request.body))
    return Proof(agent_id=text_at(read_object(request.body), "user", "id"), timeless=True)


def _requester(body: Any) -> Requester:
    first = email_at(body, "customer", "email")
    listed = [email(address) for address in items_at(body, "customer", "emails")]
    found = list(dict.fromkeys(address for address in (first, *listed) if address))
    names = [text_at(body, "customer", "fname"), text_at(body, "customer", "lname")]
    return Requester(
        email=next(iter(found), None),
        more_emails=tuple(found[1:]),
        name=" ".join(name for name in names if name) or None,
        external_id=text_at(body, "customer", "id"),
    )


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read the conversation; `ticket` is false in a draft."""
    body = read_object(request.body)
    ticket = TicketRef(text_at(body, "ticket", "id"), text_at(body, "ticket", "subject"))
    return FrameRequest(
        install_id=install.id,
        ticket=None if ticket == TicketRef() else ticket,
        requester=_requester(body),
        viewer=viewer(install, proof.agent_id),
        proven=frozenset({"ticket", "requester", "viewer"}),
    )


def wrap(answer: Any, request: FrameRequest, install: Install) -> Any:
    """Hand the fragment over as Help Scout reads it."""
    del request, install
    return {"html": answer}


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a request as Help Scout's server posts it."""
    body = {
        "ticket": {"id": trial.ticket_id, "subject": trial.subject} if trial.ticket_id else False,
        "customer": {"id": "1", "fname": trial.name, "email": trial.email},
        "user": {"id": trial.agent_id},
    }
    raw = json.dumps(body).replace("/", "\\/").encode()
    return with_json(template, raw, {SIGNATURE: _signature(signing_secret(install), raw)})


helpscout_legacy = Helpdesk(
    name="helpscout_legacy",
    title="Help Scout (legacy app)",
    docs_url=DOCS,
    options=HelpscoutLegacyOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    format="dynamic_html",
    wrap=wrap,
    budget=10.0,
)
