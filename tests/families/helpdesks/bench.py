"""The test bench of the helpdesks: each adapter with its data, its keys and a signed request."""

from __future__ import annotations

import dataclasses
import functools
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from plugin.families import HELPDESKS
from plugin.frame import FrameRequest, SignedRequest
from plugin.helpdesk import Helpdesk, Trial
from plugin.settings.records import Install

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests/vendors"
KEY_NAMES = ("jira", "other")
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
BASE = "https://ctx.acme.test/frames/acme"
TRIAL = Trial(email="jane@acme.test", name="Jane", ticket_id="25", subject="Hi", agent_id="7")


@functools.cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    """Return the key of this name, made for this run only."""
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def private_pem(name: str) -> str:
    """Return a private key as PEM text."""
    form = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private_key(name).private_bytes(*form).decode()


def public_pem(name: str) -> str:
    """Return a public key as PEM text."""
    form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private_key(name).public_key().public_bytes(*form).decode()


def public_jwk(name: str) -> dict[str, Any]:
    """Return a public key as an entry of a key set; its id is the name."""
    key = jwt.algorithms.RSAAlgorithm.to_jwk(private_key(name).public_key(), as_dict=True)
    return {**key, "kid": name, "alg": "RS256", "use": "sig"}


def key_set(*keys: Any) -> str:
    """Return keys as the JSON text of a key set; a name stands for the key of this name."""
    return json.dumps({"keys": [public_jwk(k) if k in KEY_NAMES else k for k in keys]})


def _filled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _filled(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(item) for item in value]
    makers = {"$private:": private_pem, "$public:": public_pem, "$jwks:": key_set}
    for start, make in makers.items():
        if isinstance(value, str) and value.startswith(start):
            return make(value.removeprefix(start))
    return value


def read(name: str, file: str) -> Any:
    """Return a data file of a helpdesk, keys put in; red where the file is missing."""
    return _filled(json.loads((DATA / name / "helpdesk" / file).read_text(encoding="utf-8")))


@dataclasses.dataclass(frozen=True, slots=True)
class Bench:
    """One helpdesk and its install.

    `signs` says what the proof covers: body, query, token, or key for a static secret that
    covers nothing but itself; `max_age` is in seconds, None where the proof carries no time;
    `tenant` is the option that names the tenant, where a secret may serve several.
    """

    helpdesk: Helpdesk
    install: Install
    signs: str
    max_age: int | None
    other: str
    tenant: str | None

    def keyed(self, *keys: str) -> Install:
        """Return the install with these keys, newest first, in place of its own."""
        return dataclasses.replace(self.install, secrets=keys)

    def with_options(self, **options: Any) -> Install:
        """Return the install with some options changed."""
        return dataclasses.replace(self.install, options={**self.install.options, **options})

    def signed(self, trial: Trial = TRIAL, install: Install | None = None) -> SignedRequest:
        """Return a launch as the helpdesk sends it, signed by the install's newest secret."""
        template = SignedRequest("GET", BASE, {}, b"", b"", NOW)
        return self.helpdesk.sign(trial, install or self.install, template)

    def asked(self, request: SignedRequest, install: Install | None = None) -> FrameRequest:
        """Verify and parse a request."""
        owner = install or self.install
        return self.helpdesk.parse(request, self.helpdesk.verify(request, owner), owner)


@functools.cache
def bench(name: str) -> Bench:
    """Return the helpdesk of this name with its data."""
    facts = read(name, "install.json")
    options = HELPDESKS[name].options().load(facts.get("options", {}))
    install = Install(
        id="acme",
        kind=name,
        workspace="acme",
        secrets=tuple(facts.get("secrets", ())),
        hosts=tuple(facts.get("hosts", ())),
        options=options,
        roles={"7": "csm"},
    )
    other = facts.get("other", "another secret")
    return Bench(
        helpdesk=HELPDESKS[name],
        install=install,
        signs=facts["signs"],
        max_age=facts.get("max_age"),
        other=other,
        tenant=facts.get("tenant"),
    )


def mac(secret: str, message: bytes, algorithm: str = "sha256") -> bytes:
    """Return the HMAC of a message, raw: worked out here again, apart from the code."""
    return hmac.new(secret.encode(), message, algorithm).digest()


def get(query: str, headers: Mapping[str, str] | None = None) -> SignedRequest:
    """Return a GET of the launch address with this raw query."""
    return SignedRequest("GET", f"{BASE}?{query}", headers or {}, query.encode(), b"", NOW)


def post(body: bytes, headers: Mapping[str, str] | None = None) -> SignedRequest:
    """Return a POST of these bytes to the launch address."""
    return SignedRequest("POST", BASE, headers or {}, b"", body, NOW)


def later(request: SignedRequest, seconds: float) -> SignedRequest:
    """Return the request as if it had arrived so many seconds later."""
    received_at = request.received_at + timedelta(seconds=seconds)
    return dataclasses.replace(request, received_at=received_at)


def read_request(data: Mapping[str, Any]) -> SignedRequest:
    """Return a request of a data file: `body` is text, or JSON that is written out."""
    body, query = data.get("body", ""), data.get("query", "")
    raw = body if isinstance(body, str) else json.dumps(body)
    url = data.get("url", BASE) + (f"?{query}" if query else "")
    at = datetime.fromisoformat(data["received_at"]) if "received_at" in data else NOW
    return SignedRequest(
        method=data.get("method", "POST"),
        url=url,
        headers=data.get("headers", {}),
        query=query.encode(),
        body=raw.encode("utf-8", "surrogatepass"),
        received_at=at,
        stage=data.get("stage", "launch"),
    )
