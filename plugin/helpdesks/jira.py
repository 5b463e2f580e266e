"""Serve Jira Service Management by Forge Remote: Atlassian's token proves site, issue and user."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import jwt
from jwt.exceptions import PyJWTError
from marshmallow import Schema, fields, validate

from plugin.errors import BadRequest, BadSignature, ConfigurationError, Problem
from plugin.frame import FrameRequest, Proof, SignedRequest, TicketRef
from plugin.helpdesk import Helpdesk, Trial
from plugin.proofs.ages import check_lifetime
from plugin.proofs.claimed import claimed_requester, claimed_ticket
from plugin.proofs.installs import check_tenant, viewer
from plugin.proofs.json_body import at, items_at, read_object, text_at
from plugin.proofs.launches import with_json
from plugin.proofs.tokens import ALGORITHMS, read_token
from plugin.settings import Install

DOCS = "https://developer.atlassian.com/platform/forge/forge-remote-invocation-contract/"
BEARER = "Bearer "
LIFE = timedelta(minutes=1)
ISSUER = "forge/invocation-token"
REQUIRED = ("exp", "aud")


class JiraOptions(Schema):
    """What a Jira install may set; `jwks` is a key set as the service may have fetched it."""

    app_id = fields.String(required=True, validate=validate.Length(1, 200))
    installation_id = fields.String(validate=validate.Length(1, 200))
    jwks = fields.Dict(load_default=dict)
    private_key = fields.String()


def _key_id(token: str) -> str | None:
    try:
        return text_at(jwt.get_unverified_header(token), "kid")
    except (PyJWTError, ValueError, RecursionError):
        return None


def _key_set(text: str) -> Any:
    try:
        return read_object(text.encode())
    except BadRequest:
        return {}


def _entries(install: Install) -> list[Any]:
    """Return the keys of every key set that the install holds, the service's own first."""
    sets = [install.options.get("jwks"), *map(_key_set, install.secrets)]
    return [entry for each in sets for entry in items_at(each, "keys")]


def _keys(install: Install, key_id: str | None) -> list[Any]:
    found = []
    for entry in _entries(install):
        try:
            if key_id and text_at(entry, "kid") == key_id:
                found.append(jwt.PyJWK(entry, algorithm=ALGORITHMS[0]).key)
        except (PyJWTError, ValueError, TypeError):
            continue
    return found


def verify(request: SignedRequest, install: Install) -> Proof:
    """Prove the token by the key that it names among Atlassian's, then app, time and site.

    The secrets are key sets: what Atlassian publishes, as JSON text.
    """
    given = request.headers.get("authorization", "")
    token = given.removeprefix(BEARER) if given.startswith(BEARER) else ""
    claims = read_token(token, _keys(install, _key_id(token)), REQUIRED)
    if claims["aud"] != install.options.get("app_id") or claims.get("iss", ISSUER) != ISSUER:
        raise BadSignature("the token is for another app")
    ends = check_lifetime(claims, request.received_at)
    check_tenant("installation_id", text_at(claims, "app", "installationId"), install)
    return Proof(claims=claims, agent_id=text_at(claims, "principal"), expires_at=ends)


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read the issue from the token; the requester is a claim of the app's own code."""
    body = read_object(request.body) if request.body else {}
    issue: Mapping[str, Any] = at(proof.claims, "context", "extension", "issue") or {}
    key, claimed = text_at(issue, "key"), claimed_ticket(body)
    subject = claimed.subject if claimed else None
    known = {"ticket": key, "viewer": proof.agent_id}
    return FrameRequest(
        install_id=install.id,
        ticket=TicketRef(key, subject) if key else claimed,
        requester=claimed_requester(body),
        viewer=viewer(install, proof.agent_id),
        locale=text_at(proof.claims, "context", "locale"),
        proven=frozenset(name for name, value in known.items() if value),
    )


def _private_key(install: Install) -> str:
    key = install.options.get("private_key")
    if not key:
        where = f"installs.{install.id}.private_key"
        why = "is needed to sign a request as Atlassian does"
        raise ConfigurationError([Problem(where, why, "real requests are signed by Atlassian")])
    return str(key)


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a request as Forge sends it for the issue panel."""
    now = template.received_at
    claims = {
        "iss": ISSUER,
        "aud": install.options.get("app_id"),
        "iat": int(now.timestamp()),
        "exp": int((now + LIFE).timestamp()),
        "app": {"installationId": install.options.get("installation_id")},
        "context": {"extension": {"issue": {"key": trial.ticket_id}}},
        "principal": trial.agent_id,
    }
    first = next(iter(_entries(install)), None)
    headers = {"kid": text_at(first, "kid") or "trial"}
    token = jwt.encode(claims, _private_key(install), ALGORITHMS[0], headers=headers)
    body = {
        "ticket": {"id": trial.ticket_id, "subject": trial.subject},
        "requester": {"email": trial.email, "name": trial.name},
    }
    return with_json(template, json.dumps(body).encode(), {"authorization": BEARER + token})


jira = Helpdesk(
    name="jira",
    title="Jira Service Management",
    docs_url=DOCS,
    options=JiraOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    format="json_view",
    budget=25.0,
)
