"""Serve Gladly's lookup adaptor: a signed search for a customer, answered with attributes."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from marshmallow import Schema

from plugin.errors import BadSignature
from plugin.frame import FrameRequest, Proof, Requester, SignedRequest
from plugin.helpdesk import Helpdesk, Trial
from plugin.incoming.installs import signing_secret, viewer
from plugin.incoming.json_body import at, email, read_object, text, text_at
from plugin.incoming.launches import with_json
from plugin.proofs.ages import check_age
from plugin.proofs.mac import keyed_hash, prove_either
from plugin.settings.records import Install

DOCS = "https://help.gladly.com/developer-tutorials/docs/request-signing"
HEADER = "gladly-authorization"
TIME = "gladly-time"
ALGORITHM = "hmac-sha256"
TIME_FORMAT = "%Y%m%dT%H%M%SZ"
DAY = len("20190213")
MAX_AGE = timedelta(minutes=5)  # Gladly sets none; the shortest that its clocks need


class GladlyOptions(Schema):
    """A Gladly install has no settings of its own."""


def _targets(request: SignedRequest) -> list[tuple[str, str]]:
    """Return path and query in each form that Gladly publishes; without a query they are one.

    Its page says "sorted query parameters (case sensitive)" and shows none: as they are sent, or
    by name and escaped anew. Its extension for Spree leaves the query with the path, unsorted:
    https://github.com/upsidelab/spree_gladly, `Auth::RequestNormalizer`.
    """
    path, query = urlsplit(request.url).path, request.query.decode("utf-8", "replace")
    if not query:
        return [(path, "")]
    pairs = sorted(parse_qsl(query, keep_blank_values=True), key=itemgetter(0))
    as_sent = "&".join(sorted(query.split("&")))
    return [(path, as_sent), (path, urlencode(pairs)), (f"{path}?{query}", "")]


def _canonical(request: SignedRequest, names: list[str], target: tuple[str, str]) -> str:
    lines = [f"{name}:{' '.join(request.headers[name].split())}" for name in names]
    body = hashlib.sha256(request.body).hexdigest()
    return "\n".join([request.method, *target, *lines, "", ";".join(names), body])


def _signature(
    secret: str, request: SignedRequest, names: list[str], target: tuple[str, str]
) -> str:
    time = request.headers[TIME]
    canonical = _canonical(request, names, target).encode("utf-8", "surrogatepass")
    to_sign = "\n".join([ALGORITHM, time, hashlib.sha256(canonical).hexdigest()])
    key = keyed_hash(secret, time[:DAY].encode("utf-8", "surrogatepass"))
    return keyed_hash(key, to_sign.encode("utf-8", "surrogatepass")).hex()


def _authorization(request: SignedRequest) -> tuple[list[str], str]:
    parts = [part.strip().partition("=") for part in request.headers.get(HEADER, "").split(",")]
    found = {name: value for name, _, value in parts}
    names = found.get("SignedHeaders", "").lower().split(";")
    if len(found) != len(parts) or found.get("SigningAlgorithm") != ALGORITHM:
        raise BadSignature("the signature is missing, or of another algorithm")
    if TIME not in names or len(set(names)) != len(names) or set(names) - set(request.headers):
        raise BadSignature("the time is not signed, or a signed header is missing")
    return names, found.get("Signature", "")


def _time(request: SignedRequest) -> datetime:
    try:
        return datetime.strptime(request.headers[TIME], TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError as error:
        raise BadSignature("the time of the signature is unreadable") from error


def verify(request: SignedRequest, install: Install) -> Proof:
    """Prove method, path, query, the signed headers, their time, and the body."""
    names, given = _authorization(request)
    signed = functools.partial(_signature, request=request, names=names)
    readings = [functools.partial(signed, target=target) for target in _targets(request)]
    prove_either(given, install.secrets, *readings)
    check_age(_time(request), request.received_at, MAX_AGE)
    return Proof()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _first(query: Any, *names: str) -> Any:
    values = [at(query, name) for name in names]
    return next((v[0] if isinstance(v, list) else v for v in values if v), None)


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read whom Gladly looks for; a search by hand has `email` where a lookup has `emails`."""
    del proof
    body = read_object(request.body)
    query = at(body, "query")
    known = [email(each) for name in ("emails", "email") for each in _listed(at(query, name))]
    addresses = tuple(filter(None, known))
    return FrameRequest(
        install_id=install.id,
        requester=Requester(
            email=next(iter(addresses), None),
            name=text_at(query, "name"),
            external_id=text(_first(query, "externalCustomerId")),
            more_emails=addresses[1:],
        ),
        viewer=viewer(install, None),
        proven=frozenset({"requester"}),
        extra={"lookup_level": text_at(body, "lookupLevel") or "BASIC"},
    )


def wrap(answer: Any, request: FrameRequest, install: Install) -> Any:
    """Answer with one result, whose attributes are texts; nothing rendered is no match."""
    del install
    who = request.requester or Requester()
    if not isinstance(answer, Mapping) or not answer:
        return {"results": []}
    result = {
        "externalCustomerId": who.external_id or who.email or "",
        "name": who.name or who.email or "",
        "emails": [{"original": who.email}] if who.email else [],
        "customAttributes": {str(name): str(value) for name, value in answer.items()},
    }
    return {"results": [result]}


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a lookup as Gladly sends it."""
    query = {"emails": [trial.email] if trial.email else [], "name": trial.name}
    body = {"lookupLevel": "DETAILED", "uniqueMatchRequired": True, "query": query}
    time = template.received_at.strftime(TIME_FORMAT)
    asked = with_json(template, json.dumps(body).encode(), {TIME: time})
    names = ["content-type", TIME]
    target = next(iter(_targets(asked)))
    signature = _signature(signing_secret(install), asked, names, target)
    value = f"SigningAlgorithm={ALGORITHM}, SignedHeaders={';'.join(names)}, Signature={signature}"
    return dataclasses.replace(asked, headers={**asked.headers, HEADER: value})


gladly = Helpdesk(
    name="gladly",
    title="Gladly",
    docs_url=DOCS,
    options=GladlyOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    format="lookup_results",
    wrap=wrap,
    budget=5.0,
)
