"""Serve Front's sidebar plugin: the launch proves the install, the page tells the rest."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import Schema

from plugin.frame import FrameRequest, Proof, SignedRequest
from plugin.helpdesk import Helpdesk, Trial
from plugin.incoming.fields import read_fields
from plugin.incoming.installs import https_origins, signing_secret, viewer
from plugin.incoming.launches import with_query
from plugin.proofs.mac import prove_key
from plugin.settings.records import Install

DOCS = "https://dev.frontapp.com/docs/plugin-overview"
SECRET = "auth_secret"  # noqa: S105  the name of the field, not a secret
ORIGINS = ("https://*.frontapp.com", "https://*.frontapplication.com")


class FrontOptions(Schema):
    """A Front install has no settings of its own."""

    issues_secrets: ClassVar[bool] = True


def verify(request: SignedRequest, install: Install) -> Proof:
    """Compare the plugin's secret, which Front adds to our address; it signs nothing else."""
    prove_key(read_fields(request.query).get(SECRET), install.secrets)
    return Proof(timeless=True)


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read nothing: conversation, requester and teammate are claims of the page."""
    del request, proof
    return FrameRequest(install_id=install.id, viewer=viewer(install, None))


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a launch as Front loads it in its sidebar."""
    del trial
    return with_query(template, {SECRET: signing_secret(install)})


def ancestors(install: Install) -> tuple[str, ...]:
    """Return Front's origins, unless the install names others."""
    return https_origins(install) or ORIGINS


front = Helpdesk(
    name="front",
    title="Front",
    docs_url=DOCS,
    options=FrontOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    ancestors=ancestors,
    bridge=True,
    tells=True,
)
