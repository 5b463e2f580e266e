"""Serve Zendesk's ticket sidebar: a signed launch, then the page tells the ticket."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
from marshmallow import Schema, fields, validate

from plugin.errors import BadSignature, ConfigurationError, Problem, UnknownTenant
from plugin.frame import FrameRequest, Proof, SignedRequest
from plugin.helpdesk import Helpdesk, Trial
from plugin.incoming.fields import hint, read_fields
from plugin.incoming.installs import https_origins, viewer
from plugin.incoming.json_body import text_at
from plugin.proofs.ages import check_lifetime
from plugin.proofs.tokens import ALGORITHMS, read_token
from plugin.settings.records import Install

DOCS = (
    "https://developer.zendesk.com/documentation/apps/app-developer-guide/using-the-apps-framework/"
)
LOCATIONS = ("ticket_sidebar", "new_ticket_sidebar")
LIFE = timedelta(minutes=5)  # how long Zendesk lets its own tokens live
THEMES = ("light", "dark")
GUID = "00000000-0000-4000-8000-000000000000"  # of the app, when we try ourselves


class ZendeskOptions(Schema):
    """What a Zendesk install may set; `private_key` only where Sidelight tries itself."""

    subdomain = fields.String(
        required=True,
        validate=validate.Regexp(
            r"[a-z0-9][a-z0-9-]*\Z", error='write what stands before .zendesk.com, such as "acme"'
        ),
    )
    installation_id = fields.String(
        validate=validate.Regexp(
            r"[0-9]{1,20}\Z", error='write the number that the page in Zendesk names, such as "42"'
        )
    )
    locations = fields.List(fields.String(), load_default=lambda: list(LOCATIONS))
    private_key = fields.String()


def _host(install: Install) -> str:
    return f"{install.options.get('subdomain')}.zendesk.com"


def _api(install: Install) -> str:
    return f"https://{_host(install)}/api/v2"


def _id_in(url: object, folder: str) -> str | None:
    name = str(url).removeprefix(folder)
    found = name.removesuffix(".json")
    whole = name not in (url, found)
    return found if whole and found.isascii() and found.isdecimal() else None


def _check_place(claims: Mapping[str, Any], install: Install) -> None:
    if str(claims["iss"]).removeprefix("https://") != _host(install):
        raise BadSignature("the token comes from another Zendesk account")
    if text_at(claims, "context", "location") not in install.options.get("locations", LOCATIONS):
        raise BadSignature("the token is for another place in Zendesk")


def _check_installation(claims: Mapping[str, Any], install: Install) -> None:
    installation = _id_in(claims["aud"], f"{_api(install)}/apps/installations/")
    registered = install.options.get("installation_id")
    if installation and not registered:
        raise UnknownTenant("installation_id", installation)
    if not installation or installation != registered:
        raise BadSignature("the token is for another installation")


def verify(request: SignedRequest, install: Install) -> Proof:
    """Prove the token of the form post: account, place, time, installation, in this order.

    Raises UnknownTenant while no installation is registered. The key is only ever one that
    the install names: what the token says of its key (`cnf`) is not read.
    """
    claims = read_token(read_fields(request.body).get("token", ""), install.secrets)
    _check_place(claims, install)
    ends = check_lifetime(claims, request.received_at)
    _check_installation(claims, install)
    agent = _id_in(claims.get("sub"), f"{_api(install)}/users/")
    return Proof(claims=claims, agent_id=agent, expires_at=ends)


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read who looks; ticket and requester are claims that the page sends later."""
    theme = hint(request.query, "colorScheme")
    return FrameRequest(
        install_id=install.id,
        viewer=viewer(install, proof.agent_id),
        theme=theme if theme in THEMES else None,
        proven=frozenset({"viewer"}),
    )


def _private_key(install: Install) -> str:
    key = install.options.get("private_key")
    if not key:
        where = f"installs.{install.id}.private_key"
        why = "is needed to sign a request as Zendesk does"
        raise ConfigurationError([Problem(where, why, "real launches are signed by Zendesk")])
    return str(key)


def ancestors(install: Install) -> tuple[str, ...]:
    """Return the account's own origin, unless the install names others."""
    return https_origins(install) or (f"https://{_host(install)}",)


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a launch as Zendesk posts it when a ticket is opened."""
    now, api = template.received_at, _api(install)
    claims = {
        "iss": _host(install),
        "sub": f"{api}/users/{trial.agent_id}.json",
        "aud": f"{api}/apps/installations/{install.options.get('installation_id')}.json",
        "iat": int(now.timestamp()),
        "nbf": int(now.timestamp()),
        "exp": int((now + LIFE).timestamp()),
        "context": {"product": "support", "location": LOCATIONS[0]},
    }
    token = jwt.encode(claims, _private_key(install), algorithm=ALGORITHMS[0])
    page = {"origin": ancestors(install)[0], "app_guid": GUID, "colorScheme": trial.theme}
    query = urlencode(page)
    return dataclasses.replace(
        template,
        method="POST",
        url=f"{template.url}?{query}",
        query=query.encode(),
        headers={"content-type": "application/x-www-form-urlencoded"},
        body=urlencode({"token": token}).encode(),
    )


zendesk = Helpdesk(
    name="zendesk",
    title="Zendesk",
    docs_url=DOCS,
    options=ZendeskOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    ancestors=ancestors,
    bridge=True,
    tells=True,
)
