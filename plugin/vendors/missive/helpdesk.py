"""Serve Missive's sidebar integrations: a key in the address proves the install, no more."""

from __future__ import annotations

from marshmallow import Schema

from plugin.frame import FrameRequest, Proof, SignedRequest
from plugin.helpdesk import Helpdesk, Trial
from plugin.incoming.fields import read_fields
from plugin.incoming.installs import https_origins, signing_secret, viewer
from plugin.incoming.launches import with_query
from plugin.proofs.mac import prove_key
from plugin.settings.records import Install

DOCS = "https://missiveapp.com/docs/developers/ui-iframe-integrations/javascript-api"
KEY = "k"
SDK = "https://integrations.missiveapp.com"
ORIGINS = ("https://mail.missiveapp.com",)


class MissiveOptions(Schema):
    """A Missive install has no settings of its own."""


def verify(request: SignedRequest, install: Install) -> Proof:
    """Compare the key of our own address: Missive itself proves nothing."""
    prove_key(read_fields(request.query).get(KEY), install.secrets)
    return Proof(timeless=True)


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read nothing: the conversation is a claim of the page."""
    del request, proof
    return FrameRequest(install_id=install.id, viewer=viewer(install, None))


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a launch as Missive loads it in its sidebar."""
    del trial
    return with_query(template, {KEY: signing_secret(install)})


def ancestors(install: Install) -> tuple[str, ...]:
    """Return Missive's own origin, unless the install names others."""
    return https_origins(install) or ORIGINS


missive = Helpdesk(
    name="missive",
    title="Missive",
    docs_url=DOCS,
    options=MissiveOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    ancestors=ancestors,
    bridge=True,
    tells=True,
    sdk_hosts=(SDK,),
)
