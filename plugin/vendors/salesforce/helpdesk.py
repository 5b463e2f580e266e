"""Serve a Salesforce Canvas app: the signed request holds the user, the org and the record."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from marshmallow import Schema, fields, validate

from plugin.errors import BadRequest, BadSignature
from plugin.frame import FrameRequest, Proof, Requester, SignedRequest, TicketRef
from plugin.helpdesk import Helpdesk, Trial
from plugin.incoming.fields import hint, read_fields
from plugin.incoming.installs import check_tenant, https_origins, signing_secret, viewer
from plugin.incoming.json_body import at, email_at, read_object, text_at
from plugin.proofs.base64_text import decode, encode
from plugin.proofs.mac import keyed_hash, prove
from plugin.settings.records import Install

DOCS = "https://developer.salesforce.com/docs/platform/canvas/guide/signed-req.html"
ALGORITHM = "HMACSHA256"  # demanded, never chosen by the request
# https://developer.salesforce.com/docs/platform/canvas/guide/user-approval.html
KNOCK = "_sfdc_canvas_authvalue"
SHORT_ID = 15  # an 18-character id is the 15-character one and a checksum
ORIGINS = (
    "https://*.lightning.force.com",
    "https://*.my.salesforce.com",
    "https://*.vf.force.com",
    "https://*.visualforce.com",
    "https://*.salesforce-setup.com",
)


class SalesforceInstallOptions(Schema):
    """What a Salesforce install may set."""

    issues_secrets: ClassVar[bool] = True

    organization_id = fields.String(
        validate=validate.Regexp(
            r"00D[A-Za-z0-9]{12}(\w{3})?\Z",
            error='write the organization id, 15 or 18 characters, such as "00Dx00000001hxy"',
        )
    )


def _signed_request(request: SignedRequest) -> tuple[str, str]:
    signature, dot, envelope = read_fields(request.body).get("signed_request", "").partition(".")
    if not dot:
        raise BadSignature("there is no signed request")
    return signature, envelope


def _envelope(encoded: str) -> Mapping[str, Any]:
    try:
        return read_object(decode(encoded) or b"")
    except BadRequest as error:
        raise BadSignature("the signed request holds no JSON") from error


def _check_organization(organization: str | None, install: Install) -> None:
    registered = str(install.options.get("organization_id") or "")
    if not registered or (organization or "")[:SHORT_ID] != registered[:SHORT_ID]:
        check_tenant("organization_id", organization, install)


def knocks(request: SignedRequest) -> bool:
    """Recognise the GET of a user who may authorize the app and has not done so yet."""
    return request.method == "GET" and hint(request.query, KNOCK) is not None


def verify(request: SignedRequest, install: Install) -> Proof:
    """Prove the envelope as it was encoded, then its algorithm and organization.

    The envelope's time is for Salesforce's own use, so each signed request counts once. It
    also holds a live token for the Salesforce API, which is never kept.
    """
    signature, encoded = _signed_request(request)
    given = decode(signature)
    prove(
        given.hex() if given else None,
        install.secrets,
        lambda secret: keyed_hash(secret, encoded.encode()).hex(),
    )
    envelope = _envelope(encoded)
    if envelope.get("algorithm") != ALGORITHM:
        raise BadSignature("the signed request names another algorithm")
    _check_organization(text_at(envelope, "context", "organization", "organizationId"), install)
    # Of the envelope, whose bytes are proven: the rest of the form can be varied at will.
    once = hashlib.sha256(encoded.encode()).hexdigest()
    return Proof(agent_id=text_at(envelope, "context", "user", "userId"), once=once)


def _requester(record: Any) -> Requester | None:
    kind, own_id = text_at(record, "attributes", "type"), text_at(record, "Id")
    contact = own_id if kind == "Contact" else text_at(record, "ContactId")
    account = own_id if kind == "Account" else text_at(record, "AccountId")
    addresses = ("ContactEmail", "SuppliedEmail", "Email")
    known = tuple(a for name in addresses if (a := email_at(record, name)))
    found = Requester(
        email=next(iter(known), None),
        more_emails=known[1:],
        name=text_at(record, "SuppliedName"),
        external_id=contact,
        organization_id=account,
    )
    return None if found == Requester() else found


def _ticket(record: Any) -> TicketRef | None:
    is_case = text_at(record, "attributes", "type") in ("Case", None)
    case = text_at(record, "Id") if is_case else None
    return TicketRef(case, text_at(record, "Subject")) if case else None


def _page(envelope: Mapping[str, Any]) -> dict[str, Any]:
    names = ("instanceId", "targetOrigin")
    return {name: text_at(envelope, "client", name) for name in names}


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read the user and the record; what the page's author passes as parameters is left out.

    The user's role and profile are groups: a team need not be listed name by name.
    """
    envelope = _envelope(_signed_request(request)[1])
    record = at(envelope, "context", "environment", "record")
    user = at(envelope, "context", "user")
    groups = (text_at(user, "roleId"), text_at(user, "profileId"))
    return FrameRequest(
        install_id=install.id,
        ticket=_ticket(record),
        requester=_requester(record),
        viewer=viewer(install, proof.agent_id, email_at(user, "email"), filter(None, groups)),
        locale=text_at(user, "language"),
        proven=frozenset({"ticket", "requester", "viewer"}),
        extra={"bridge": _page(envelope)},
    )


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a launch as Salesforce posts it into the canvas."""
    organization = {"organizationId": install.options.get("organization_id")}
    record = {
        "attributes": {"type": "Case"},
        "Id": trial.ticket_id,
        "Subject": trial.subject,
        "ContactEmail": trial.email,
        "SuppliedName": trial.name,
    }
    context = {
        "user": {"userId": trial.agent_id},
        "organization": organization,
        "environment": {"record": record},
    }
    client = {"instanceId": "_:trial", "targetOrigin": "https://acme.my.salesforce.com"}
    issued_at = int(template.received_at.timestamp() * 1000)  # no two envelopes are the same
    envelope = {
        "algorithm": ALGORITHM,
        "issuedAt": issued_at,
        "client": client,
        "context": context,
    }
    encoded = encode(json.dumps(envelope).encode())
    signature = encode(keyed_hash(signing_secret(install), encoded.encode()))
    body = urlencode({"signed_request": f"{signature}.{encoded}"}).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return dataclasses.replace(template, method="POST", headers=headers, body=body)


def ancestors(install: Install) -> tuple[str, ...]:
    """Return Salesforce's origins, unless the install names its own domain."""
    return https_origins(install) or ORIGINS


salesforce = Helpdesk(
    name="salesforce",
    title="Salesforce",
    docs_url=DOCS,
    options=SalesforceInstallOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    ancestors=ancestors,
    bridge=True,
    knocks=knocks,
)
