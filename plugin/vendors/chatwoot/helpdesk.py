"""Serve Chatwoot's dashboard apps: a key in the address proves the install, and nothing more."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from plugin.frame import FrameRequest, Proof, SignedRequest
from plugin.helpdesk import Helpdesk, Trial
from plugin.incoming.fields import read_fields
from plugin.incoming.installs import https_origins, signing_secret, viewer
from plugin.incoming.launches import with_query
from plugin.proofs.mac import prove_key
from plugin.settings.records import Install

DOCS = "https://www.chatwoot.com/hc/user-guide/articles/1677691702-how-to-use-dashboard-apps"
KEY = "k"


class ChatwootOptions(Schema):
    """What a Chatwoot install may set."""

    account_id = fields.String(
        validate=validate.Regexp(
            r"[0-9]{1,20}\Z",
            error='write the number after /accounts/ in Chatwoot\'s addresses, such as "3"',
        )
    )


def verify(request: SignedRequest, install: Install) -> Proof:
    """Compare the key of our own address: Chatwoot itself proves nothing."""
    prove_key(read_fields(request.query).get(KEY), install.secrets)
    return Proof(timeless=True)


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read nothing but the account whose conversations the page may show."""
    del request, proof
    account = install.options.get("account_id")
    return FrameRequest(
        install_id=install.id,
        viewer=viewer(install, None),
        extra={"bridge": {"account_id": account} if account else {}},
    )


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a launch as Chatwoot loads it in a tab of the conversation."""
    del trial
    return with_query(template, {KEY: signing_secret(install)})


chatwoot = Helpdesk(
    name="chatwoot",
    title="Chatwoot",
    docs_url=DOCS,
    options=ChatwootOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    ancestors=https_origins,
    bridge=True,
    tells=True,
)
