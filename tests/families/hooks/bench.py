"""The test bench of the webhooks: each form with its data, and deliveries signed anew here."""

from __future__ import annotations

import dataclasses
import functools
import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from plugin.families import HOOKS
from plugin.frame import SignedRequest
from plugin.hook import Hook

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests/vendors"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
URL = "https://ctx.acme.test/hooks/acme/source"


def mac(secret: str, message: bytes, algorithm: str = "sha256") -> bytes:
    """Return the HMAC of a message, raw: worked out here again, apart from the code."""
    return hmac.new(secret.encode(), message, algorithm).digest()


def _timestamped(header: str, secret: str, body: bytes, at: datetime) -> dict[str, str]:
    seconds = str(int(at.timestamp()))
    found = mac(secret, seconds.encode() + b"." + body).hex()
    return {header: f"t={seconds},v1={found}"}


def _hubspot(secret: str, body: bytes, at: datetime) -> dict[str, str]:
    milliseconds = str(int(at.timestamp() * 1000))
    found = mac(secret, b"POST" + URL.encode() + body + milliseconds.encode())
    return {
        "x-hubspot-signature-v3": b64encode(found).decode(),
        "x-hubspot-request-timestamp": milliseconds,
    }


def _zendesk(secret: str, body: bytes, at: datetime) -> dict[str, str]:
    seconds = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    found = b64encode(mac(secret, seconds.encode() + body)).decode()
    return {
        "x-zendesk-webhook-signature": found,
        "x-zendesk-webhook-signature-timestamp": seconds,
    }


def _intercom(secret: str, body: bytes, _at: datetime) -> dict[str, str]:
    return {"x-hub-signature": "sha1=" + mac(secret, body, "sha1").hex()}


def _basic(secret: str, _body: bytes, _at: datetime) -> dict[str, str]:
    return {"authorization": "Basic " + b64encode(secret.encode()).decode()}


# How each vendor signs, in its own words: https://docs.stripe.com/webhooks#verify-manually, …
SCHEMES: dict[str, Callable[[str, bytes, datetime], dict[str, str]]] = {
    "stripe": functools.partial(_timestamped, "stripe-signature"),
    "chargebee": _basic,
    "hubspot": _hubspot,
    "intercom": _intercom,
    "zendesk": _zendesk,
    "generic": functools.partial(_timestamped, "x-sidelight-signature"),
}


def read(name: str, file: str) -> Any:
    """Return a data file of a form; red where it is missing."""
    return json.loads((DATA / name / "hook" / file).read_text(encoding="utf-8"))


@dataclasses.dataclass(frozen=True, slots=True)
class Bench:
    """One form of webhook.

    `max_age` is in seconds, None where the proof carries no time; `covers` says that the proof
    covers the body; `header` is the one that proves, lower case.
    """

    hook: Hook
    secret: str
    other: str
    header: str
    covers: bool
    max_age: int | None

    def delivery(
        self, body: Any, secret: str | None = None, at: datetime = NOW, **headers: str
    ) -> SignedRequest:
        """Return a delivery as the vendor sends it; `body` is raw, or JSON to be written."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        made = SCHEMES[self.hook.name](self.secret if secret is None else secret, raw, at)
        sent = {"content-type": "application/json", **made, **headers}
        return SignedRequest("POST", URL, sent, b"", raw, NOW)

    def verify(self, request: SignedRequest, *secrets: str) -> None:
        """Prove a delivery with these secrets, else with the form's own."""
        self.hook.verify(request, secrets or (self.secret,))


@functools.cache
def bench(name: str) -> Bench:
    """Return the form of this name with its data."""
    facts = read(name, "hook.json")
    return Bench(
        HOOKS[name],
        facts["secret"],
        facts["other"],
        facts["header"],
        facts["covers"],
        facts.get("max_age"),
    )


def later(request: SignedRequest, seconds: float) -> SignedRequest:
    """Return the delivery as if it had arrived so many seconds later."""
    received_at = request.received_at + timedelta(seconds=seconds)
    return dataclasses.replace(request, received_at=received_at)


def with_headers(request: SignedRequest, headers: Mapping[str, str]) -> SignedRequest:
    """Return the delivery with some headers changed."""
    return dataclasses.replace(request, headers={**request.headers, **headers})


def written(vector: Mapping[str, Any]) -> SignedRequest:
    """Return a delivery of a data file, byte for byte."""
    return SignedRequest(
        method="POST",
        url=vector.get("url", URL),
        headers=vector["headers"],
        query=b"",
        body=vector["body"].encode("utf-8"),
        received_at=datetime.fromisoformat(vector["received_at"]),
    )
