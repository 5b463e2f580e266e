"""Serve Re:amaze's custom module: the launch names brand, staff and customer, signed."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from marshmallow import Schema, fields, validate

from plugin.errors import BadSignature
from plugin.frame import FrameRequest, Proof, Requester, SignedRequest, TicketRef
from plugin.helpdesk import Helpdesk, Trial
from plugin.incoming.fields import read_fields
from plugin.incoming.installs import https_origins, signing_secret, viewer
from plugin.incoming.json_body import email, text
from plugin.incoming.launches import with_query
from plugin.proofs.ages import check_age, read_epoch_text
from plugin.proofs.mac import keyed_hash, prove_either
from plugin.settings.records import Install

DOCS = "https://www.reamaze.com/developer/module"
MAX_AGE = timedelta(minutes=5)


class ReamazeOptions(Schema):
    """What a Re:amaze install may set."""

    issues_secrets: ClassVar[bool] = True

    brand = fields.String(
        validate=validate.Length(
            1, 100, error='write what stands before .reamaze.com, such as "acme"'
        )
    )


def _decoded(params: Mapping[str, str]) -> bytes:
    return "&".join(f"{name}={value}" for name, value in sorted(params.items())).encode()


def _encoded(query: bytes) -> bytes:
    fields = [field.partition(b"=") for field in query.split(b"&")]
    return b"&".join(b"".join(field) for field in sorted(fields) if field[0] not in (b"", b"hmac"))


def _signature(secret: str, message: bytes) -> str:
    return keyed_hash(secret, message).hex()


def verify(request: SignedRequest, install: Install) -> Proof:
    """Prove all parameters and their time, then compare the brand.

    Sorted by name and joined; the page does not say whether values are signed as they read or as
    they are escaped in the address, so either is taken: each needs the secret.
    """
    params = read_fields(request.query)
    given = params.pop("hmac", None)
    messages = (_decoded(params), _encoded(request.query))
    readings = [functools.partial(_signature, message=message) for message in messages]
    prove_either(given, install.secrets, *readings)
    check_age(read_epoch_text(params.get("timestamp")), request.received_at, MAX_AGE)
    expected = install.options.get("brand")
    if expected and params.get("brand") != expected:
        raise BadSignature("the launch is for another brand")
    return Proof(claims=params, agent_id=text(params.get("staff")))


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read conversation, customer and staff member, as far as the launch names them."""
    del request
    slug = text(proof.claims.get("slug"))
    requester = Requester(
        email=email(proof.claims.get("email")), external_id=text(proof.claims.get("id"))
    )
    return FrameRequest(
        install_id=install.id,
        ticket=TicketRef(id=slug) if slug else None,
        requester=None if requester == Requester() else requester,
        viewer=viewer(install, proof.agent_id, email(proof.agent_id)),
        proven=frozenset({"ticket", "requester", "viewer"}),
    )


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a launch as Re:amaze loads it beside a conversation."""
    params = {
        "brand": str(install.options.get("brand") or "trial"),
        "staff": trial.agent_id,
        "timestamp": str(int(template.received_at.timestamp())),
    }
    params |= {"email": trial.email} if trial.email else {}
    params |= {"slug": trial.ticket_id} if trial.ticket_id else {}
    signature = _signature(signing_secret(install), _decoded(params))
    return with_query(template, {**params, "hmac": signature})


reamaze = Helpdesk(
    name="reamaze",
    title="Re:amaze",
    docs_url=DOCS,
    options=ReamazeOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    ancestors=https_origins,
    bridge=True,
)
