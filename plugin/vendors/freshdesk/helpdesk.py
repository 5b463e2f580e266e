"""Serve the Freshworks app in Freshdesk: its front end asks for JSON through their proxy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marshmallow import Schema, fields, validate

from plugin.errors import BadSignature
from plugin.frame import FrameRequest, Proof, Requester, SignedRequest, TicketRef
from plugin.helpdesk import Helpdesk, Trial
from plugin.incoming.installs import signing_secret, viewer
from plugin.incoming.json_body import email_at, read_object, text_at
from plugin.incoming.launches import with_json
from plugin.proofs.ages import check_age, read_epoch
from plugin.proofs.mac import prove_key
from plugin.proofs.shared_tokens import is_token, read_shared_token, write_shared_token
from plugin.settings.records import Install

DOCS = "https://developers.freshworks.com/docs/app-sdk/v3.0/"
BEARER = "Bearer "
MAX_AGE = timedelta(minutes=5)


class FreshdeskOptions(Schema):
    """What a Freshdesk install may set; `signed` wants the token of the app's server part."""

    account = fields.String(
        validate=validate.Regexp(
            r"[a-z0-9.-]{1,255}\Z",
            error='write the host of your account in small letters, such as "acme.freshdesk.com"',
        )
    )
    signed = fields.Boolean(load_default=False)


def _check_account(asked: bytes | Mapping[str, Any], install: Install) -> None:
    expected = install.options.get("account")
    if not expected:
        return
    named = text_at(read_object(asked) if isinstance(asked, bytes) else asked, "account")
    if not named:
        raise BadSignature(
            "the request names no Freshdesk account: neither server part nor page did"
        )
    if named != expected:
        raise BadSignature("the request is for another Freshdesk account")


def verify(request: SignedRequest, install: Install) -> Proof:
    """Prove the app: by the token that its server part signs, or by the plain key.

    Either comes from a secure setting of the app, which browsers never see. What they carry
    still comes from the agent's browser.
    """
    given = request.headers.get("authorization", "")
    key = given.removeprefix(BEARER) if given.startswith(BEARER) else ""
    if not (is_token(key) or install.options.get("signed")):
        prove_key(key, install.secrets)
        _check_account(request.body, install)
        return Proof(timeless=True)
    claims = read_shared_token(key, install.secrets)
    _check_account(claims, install)
    check_age(read_epoch(claims["iat"]), request.received_at, MAX_AGE)
    return Proof(claims=claims)


def _asked(request: SignedRequest, proof: Proof) -> Mapping[str, Any]:
    return proof.claims if "iat" in proof.claims else read_object(request.body)


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read the ticket and the requester, which the agent's browser claims."""
    asked = _asked(request, proof)
    ticket = text_at(asked, "ticket_id") or text_at(asked, "ticket", "id")
    requester = Requester(
        email=email_at(asked, "requester", "email"),
        name=text_at(asked, "requester", "name"),
        external_id=text_at(asked, "requester", "id"),
        organization_id=text_at(asked, "company_id"),
    )
    return FrameRequest(
        install_id=install.id,
        ticket=TicketRef(ticket, text_at(asked, "ticket", "subject")) if ticket else None,
        requester=None if requester == Requester() else requester,
        viewer=viewer(install, None),
        locale=text_at(asked, "locale"),
    )


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a request as the app's server part sends it."""
    body = {
        "v": 1,
        "account": install.options.get("account"),
        "ticket_id": trial.ticket_id,
        "ticket": {"subject": trial.subject},
        "requester": {"email": trial.email, "name": trial.name},
        "agent": {"id": trial.agent_id},
    }
    secret = signing_secret(install)
    if install.options.get("signed"):
        secret = write_shared_token({**body, "iat": int(template.received_at.timestamp())}, secret)
    return with_json(template, json.dumps(body).encode(), {"authorization": BEARER + secret})


freshdesk = Helpdesk(
    name="freshdesk",
    title="Freshdesk",
    docs_url=DOCS,
    options=FreshdeskOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    format="json_view",
    budget=15.0,
)
