"""Serve the HubSpot card: `hubspot.fetch` asks for JSON, and HubSpot's proxy signs the call."""

from __future__ import annotations

import dataclasses
import json
from typing import ClassVar

from marshmallow import Schema, fields, validate

from plugin.frame import FrameRequest, Proof, SignedRequest
from plugin.helpdesk import Helpdesk, Trial
from plugin.incoming.claimed import claimed_requester, claimed_ticket
from plugin.incoming.fields import read_fields
from plugin.incoming.installs import check_tenant, signing_secret, viewer
from plugin.incoming.json_body import email, read_object, text, text_at
from plugin.incoming.launches import with_json, with_query
from plugin.settings.records import Install
from plugin.vendors.hubspot.signature import SIGNATURE, TIMESTAMP, prove_hubspot, signature

DOCS = "https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation"


class HubspotOptions(Schema):
    """What a HubSpot install may set."""

    issues_secrets: ClassVar[bool] = True

    portal_id = fields.String(
        validate=validate.Regexp(
            r"[0-9]{1,20}\Z", error='write the number of the account (Hub ID), such as "1234567"'
        )
    )


def verify(request: SignedRequest, install: Install) -> Proof:
    """Prove method, public address, raw body and time; then compare the account.

    HubSpot adds account and user to the query, so they are inside the signature.
    """
    prove_hubspot(request, install.secrets)
    query = read_fields(request.query)
    check_tenant("portal_id", query.get("portalId"), install)
    return Proof(claims=query, agent_id=text(query.get("userId")))


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read who looks; the ticket and the requester are claims of the card's code."""
    body = read_object(request.body) if request.body else {}
    return FrameRequest(
        install_id=install.id,
        ticket=claimed_ticket(body),
        requester=claimed_requester(body),
        viewer=viewer(install, proof.agent_id, email(proof.claims.get("userEmail"))),
        locale=text_at(body, "locale"),
        proven=frozenset({"viewer"}),
    )


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a call as HubSpot's proxy sends it for the card."""
    body = {
        "ticket": {"id": trial.ticket_id, "subject": trial.subject},
        "requester": {"email": trial.email, "name": trial.name},
    }
    portal = str(install.options.get("portal_id") or "0")
    asked = with_query(template, {"userId": trial.agent_id, "portalId": portal})
    asked = with_json(asked, json.dumps(body).encode(), {})
    timestamp = str(int(template.received_at.timestamp() * 1000))
    proof = signature(signing_secret(install), asked, timestamp)
    headers = {**asked.headers, SIGNATURE: proof, TIMESTAMP: timestamp}
    return dataclasses.replace(asked, headers=headers)


hubspot = Helpdesk(
    name="hubspot",
    title="HubSpot",
    docs_url=DOCS,
    options=HubspotOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    format="json_view",
    budget=15.0,
)
