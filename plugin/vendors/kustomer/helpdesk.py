"""Serve Kustomer's dynamic cards: a key in the address proves the install, and nothing more."""

from __future__ import annotations

from marshmallow import Schema

from plugin.frame import FrameRequest, Proof, SignedRequest
from plugin.helpdesk import Helpdesk, Trial
from plugin.incoming.fields import read_fields
from plugin.incoming.installs import https_origins, signing_secret, viewer
from plugin.incoming.launches import with_query
from plugin.proofs.mac import prove_key
from plugin.settings.records import Install

DOCS = "https://developer.kustomer.com/kustomer-apps-platform/docs/card-js-methods"
KEY = "k"
SDK = "https://cdn.kustomerapp.com"
ORIGINS = ("https://*.kustomerapp.com",)


class KustomerOptions(Schema):
    """A Kustomer install has no settings of its own."""


def verify(request: SignedRequest, install: Install) -> Proof:
    """Compare the key of our own address: Kustomer itself proves nothing."""
    prove_key(read_fields(request.query).get(KEY), install.secrets)
    return Proof(timeless=True)


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read nothing: the customer is a claim of the page."""
    del request, proof
    return FrameRequest(install_id=install.id, viewer=viewer(install, None))


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a launch as Kustomer loads it in a card; its script wants `parentUrl` and `id`."""
    parent = {"parentUrl": "https://acme.kustomerapp.com", "id": trial.ticket_id or "1"}
    return with_query(template, {KEY: signing_secret(install), **parent})


def ancestors(install: Install) -> tuple[str, ...]:
    """Return Kustomer's origins, unless the install names its own."""
    return https_origins(install) or ORIGINS


kustomer = Helpdesk(
    name="kustomer",
    title="Kustomer",
    docs_url=DOCS,
    options=KustomerOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    ancestors=ancestors,
    bridge=True,
    tells=True,
    sdk_hosts=(SDK,),
)
