"""Serve Jira Service Management by Forge Remote: Atlassian's token proves site, issue and user."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

import jwt
from jwt.exceptions import PyJWTError
from marshmallow import Schema, fields, validate

from plugin.errors import BadRequest, BadSignature, ConfigurationError, Problem
from plugin.frame import FrameRequest, Proof, SignedRequest, TicketRef
from plugin.helpdesk import Helpdesk, PublishedKeys, Trial
from plugin.incoming.claimed import claimed_requester, claimed_ticket
from plugin.incoming.installs import check_tenant, viewer
from plugin.incoming.json_body import at, items_at, read_object, text_at
from plugin.incoming.launches import with_json
from plugin.proofs.ages import check_lifetime
from plugin.proofs.tokens import ALGORITHMS, read_token
from plugin.settings.records import Install

DOCS = "https://developer.atlassian.com/platform/forge/forge-remote-invocation-contract/"
# https://developer.atlassian.com/platform/forge/remote/essentials/#the-forge-invocation-token--fit-
KEYS = "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json"
BEARER = "Bearer "
LIFE = timedelta(minutes=1)
ISSUER = "forge/invocation-token"
REQUIRED = ("exp", "aud")


class JiraOptions(Schema):
    """What a Jira install may set.

    Its keys are fetched from `jwks_url`, unless settings hold a key set: as `jwks`, or as text
    among the secrets.
    """

    needs_secrets: ClassVar[bool] = False
    app_id = fields.String(
        required=True,
        validate=validate.Length(
            1,
            200,
            error='write the id of the manifest, such as "ari:cloud:ecosystem::app/8db33309-…"',
        ),
    )
    installation_id = fields.String(validate=validate.Length(1, 200))
    jwks = fields.Dict(load_default=dict)
    jwks_url = fields.String(
        validate=validate.Regexp(
            r"https://[A-Za-z0-9.-]+(/[^?#\s]*)?\Z"
            r"|http://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?(/[^?#\s]*)?\Z",
            error="write an https address, without port and query",
        )
    )
    private_key = fields.String()


def _token(request: SignedRequest) -> str:
    given = request.headers.get("authorization", "")
    return given.removeprefix(BEARER) if given.startswith(BEARER) else ""


def key_id(request: SignedRequest) -> str | None:
    """Return the name of the key that the token says it was signed by, None where it is none."""
    try:
        header = jwt.get_unverified_header(_token(request))
        return text_at(header, "kid") if header.get("alg") in ALGORITHMS else None
    except (PyJWTError, ValueError, RecursionError):
        return None


def _key_set(text: str) -> Any:
    try:
        return read_object(text.encode())
    except BadRequest:
        return {}


def address(install: Install) -> str | None:
    """Return where the keys are published; None where settings hold them."""
    named = install.options.get("jwks_url")
    if named:
        return str(named)
    return None if install.secrets or install.options.get("jwks") else KEYS


def join(install: Install, keys: Sequence[Mapping[str, Any]]) -> Install:
    """Return the install with these keys beside its own."""
    own = items_at(install.options.get("jwks"), "keys")
    options = {**install.options, "jwks": {"keys": [*own, *keys]}}
    return dataclasses.replace(install, options=options)


def _entries(install: Install) -> list[Any]:
    """Return the keys of every key set that the install holds, the service's own first."""
    sets = [install.options.get("jwks"), *map(_key_set, install.secrets)]
    return [entry for each in sets for entry in items_at(each, "keys")]


def _is_meant(entry: Any, name: str | None) -> bool:
    uses = text_at(entry, "use") in (None, "sig") and text_at(entry, "alg") in (None, *ALGORITHMS)
    return name is not None and text_at(entry, "kid") == name and uses


def _keys(install: Install, name: str | None) -> list[Any]:
    found = []
    for entry in _entries(install):
        try:
            if _is_meant(entry, name):
                found.append(jwt.PyJWK(entry, algorithm=ALGORITHMS[0]).key)
        except (PyJWTError, ValueError, TypeError):
            continue
    return found


def verify(request: SignedRequest, install: Install) -> Proof:
    """Prove the token by the key that it names among Atlassian's, then app, time and site.

    The keys are those that were fetched, and the secrets: key sets as JSON text.
    """
    claims = read_token(_token(request), _keys(install, key_id(request)), REQUIRED)
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
    published=PublishedKeys(address, key_id, join),
)
