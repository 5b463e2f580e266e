"""Serve Help Scout's sidebar apps: the launch names conversation, customer and user by id."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import Schema, fields

from plugin.frame import FrameRequest, Proof, Requester, SignedRequest, TicketRef
from plugin.helpdesk import Helpdesk, Trial
from plugin.incoming.fields import read_fields
from plugin.incoming.installs import https_origins, signing_secret, viewer
from plugin.incoming.json_body import text
from plugin.incoming.launches import with_query
from plugin.proofs.base64_text import encode, with_plus
from plugin.proofs.mac import keyed_hash, prove
from plugin.settings.records import Install
from plugin.vendors.helpscout import php_json

DOCS = "https://developer.helpscout.com/apps/guides/signature-validation/"
SIGNATURE = "X-HelpScout-Signature"
ORIGIN = "https://secure.helpscout.net"


class HelpscoutOptions(Schema):
    """What a Help Scout install may set."""

    own_params = fields.List(fields.String(), load_default=list)


def _signature(secret: str, params: Mapping[str, str]) -> str:
    return encode(keyed_hash(secret, php_json.encode(params), "sha1"))


def verify(request: SignedRequest, install: Install) -> Proof:
    """Prove the query in the order in which it came.

    Parameters of our own callback URL are not signed. The signature carries no time: the page
    trades it for our token at once.
    """
    params = read_fields(request.query)
    given = with_plus(params.pop(SIGNATURE, None))
    for name in install.options.get("own_params", ()):
        params.pop(name, None)
    prove(given, install.secrets, lambda secret: _signature(secret, params))
    return Proof(claims=params, agent_id=text(params.get("user-id")))


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read the ids; each may be absent, in a draft for instance, and then is not proven."""
    del request
    ticket, customer = (
        text(proof.claims.get("conversation-id")),
        text(proof.claims.get("customer-id")),
    )
    known = {"ticket": ticket, "requester": customer, "viewer": proof.agent_id}
    return FrameRequest(
        install_id=install.id,
        ticket=TicketRef(id=ticket) if ticket else None,
        requester=Requester(external_id=customer) if customer else None,
        viewer=viewer(install, proof.agent_id),
        proven=frozenset(name for name, value in known.items() if value),
        extra={"unfinished": True},  # the address is no part of what is signed
    )


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a launch as Help Scout loads it beside a conversation."""
    params = {
        "conversation-id": trial.ticket_id or "1",
        "customer-id": "1",
        "user-id": trial.agent_id,
        "application-slug": "sidelight",
    }
    signature = _signature(signing_secret(install), params)
    return with_query(template, {**params, SIGNATURE: signature})


def ancestors(install: Install) -> tuple[str, ...]:
    """Return Help Scout's own origin: its script trusts any parent that looks like it."""
    return https_origins(install) or (ORIGIN,)


helpscout = Helpdesk(
    name="helpscout",
    title="Help Scout",
    docs_url=DOCS,
    options=HelpscoutOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    ancestors=ancestors,
    bridge=True,
    tells=True,
)
