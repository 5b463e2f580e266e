"""Serve Pylon's custom apps: a handshake that proves us, then one signed query a ticket."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from marshmallow import Schema, fields, validate

from plugin.errors import BadRequest, BadSignature
from plugin.frame import FrameRequest, Proof, Requester, SignedRequest, TicketRef
from plugin.helpdesk import Helpdesk, Reply, Trial
from plugin.incoming.fields import read_pairs
from plugin.incoming.installs import signing_secret, viewer
from plugin.incoming.json_body import email, text
from plugin.incoming.launches import with_query
from plugin.proofs.mac import keyed_hash, prove
from plugin.settings.records import Install
from plugin.vendors.pylon import go_json

DOCS = "https://docs.usepylon.com/pylon-docs/integrations/custom-apps"
SIGNATURE = "x-pylon-signature"
CODE = re.compile(r"[A-Za-z0-9_-]{1,200}")
READ = (
    "request_type",
    "code",
    "issue_id",
    "organization_id",
    "account_id",
    "requester_id",
    "requester_email",
)


class PylonOptions(Schema):
    """What a Pylon install may set."""

    issues_secrets: ClassVar[bool] = True

    organization_id = fields.String(
        validate=validate.Length(
            1, 64, error='write the organization id that Pylon sends, such as "org_123"'
        )
    )


def _signature(secret: str, pairs: Iterable[tuple[str, str]]) -> str:
    return keyed_hash(secret, go_json.encode(pairs)).hex()


def _single(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return name → value; what is read here may stand only once."""
    names = [name for name, _ in pairs]
    if any(names.count(name) > 1 for name in READ):
        raise BadSignature("a field comes twice")
    return dict(pairs)


def verify(request: SignedRequest, install: Install) -> Proof:
    """Prove the query, then compare our own organization in Pylon where it is named."""
    pairs = read_pairs(request.query)
    given = request.headers.get(SIGNATURE)
    prove(given, install.secrets, lambda secret: _signature(secret, pairs))
    query = _single(pairs)
    expected = install.options.get("organization_id")
    if expected and query.get("organization_id", expected) != expected:
        raise BadSignature("the request is for another organization")
    return Proof(claims=query, timeless=True)


def reply(request: SignedRequest, proof: Proof, install: Install) -> Reply | None:
    """Answer Pylon's handshake with its own code, once the signature is proven."""
    del request, install
    if proof.claims.get("request_type") != "verify":
        return None
    code = str(proof.claims.get("code"))
    if not CODE.fullmatch(code):
        raise BadRequest("the code of the handshake is no token")
    return Reply({"code": code})


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read issue, requester and account; an account's notebook names only the account."""
    del request
    query: dict[str, Any] = dict(proof.claims)
    issue = text(query.get("issue_id"))
    requester = Requester(
        email=email(query.get("requester_email")),
        external_id=text(query.get("requester_id")),
        organization_id=text(query.get("account_id")),
    )
    return FrameRequest(
        install_id=install.id,
        ticket=TicketRef(id=issue) if issue else None,
        requester=None if requester == Requester() else requester,
        viewer=viewer(install, None),
        proven=frozenset({"ticket", "requester"}),
    )


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a request as Pylon sends it when an issue is opened."""
    query = {
        "request_type": "fetch_data",
        "issue_id": trial.ticket_id or "",
        "requester_email": trial.email or "",
    }
    asked = with_query(template, query)
    signature = _signature(signing_secret(install), query.items())
    return dataclasses.replace(asked, headers={SIGNATURE: signature})


pylon = Helpdesk(
    name="pylon",
    title="Pylon",
    docs_url=DOCS,
    options=PylonOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    format="pylon_app",
    reply=reply,
)
