"""Serve FreeScout's sidebar webhook: the server posts the customer, we answer a document."""

from __future__ import annotations

import json
from typing import Any

from marshmallow import Schema, fields, validate

from plugin.errors import BadRequest, BadSignature
from plugin.frame import FrameRequest, Proof, Requester, SignedRequest, TicketRef
from plugin.helpdesk import Helpdesk, Trial
from plugin.incoming.installs import signing_secret, viewer
from plugin.incoming.json_body import at, email_at, read_object, text_at
from plugin.incoming.launches import with_json
from plugin.proofs.mac import prove_key
from plugin.settings.records import Install

DOCS = "https://github.com/fulldecent/freescout-sidebar-webhook"
TITLE = "Sidelight"  # what the panel is called
HEAD = f'<!doctype html><html><head><meta charset="utf-8"><title>{TITLE}</title></head>'


class FreescoutOptions(Schema):
    """What a FreeScout install may set."""

    mailbox_id = fields.String(
        validate=validate.Regexp(
            r"[0-9]{1,20}\Z", error='write the number in the mailbox\'s address, such as "1"'
        )
    )


def verify(request: SignedRequest, install: Install) -> Proof:
    """Compare the secret in the body, then the mailbox that it belongs to."""
    try:
        body = read_object(request.body)
    except BadRequest as error:
        raise BadSignature("the body holds no secret") from error
    secret = at(body, "secret")
    prove_key(secret if isinstance(secret, str) else None, install.secrets)
    expected = install.options.get("mailbox_id")
    if expected and text_at(body, "mailboxId") != expected:
        raise BadSignature("the request is for another mailbox")
    return Proof(timeless=True)


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read the customer and the subject; FreeScout names no conversation and no agent."""
    del proof
    body = read_object(request.body)
    address, subject = email_at(body, "customerEmail"), text_at(body, "conversationSubject")
    return FrameRequest(
        install_id=install.id,
        ticket=TicketRef(subject=subject) if subject else None,
        requester=Requester(email=address) if address else None,
        viewer=viewer(install, None),
    )


def wrap(answer: Any, request: FrameRequest, install: Install) -> Any:
    """Put the fragment into a document, whose title names the panel."""
    del request, install
    return f"{HEAD}<body>{answer}</body></html>"


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a request as FreeScout's module posts it."""
    body = {
        "customerEmail": trial.email,
        "conversationSubject": trial.subject,
        "mailboxId": install.options.get("mailbox_id"),
        "secret": signing_secret(install),
    }
    return with_json(template, json.dumps(body).encode(), {"accept": "text/html"})


freescout = Helpdesk(
    name="freescout",
    title="FreeScout",
    docs_url=DOCS,
    options=FreescoutOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    format="dynamic_html",
    wrap=wrap,
)
