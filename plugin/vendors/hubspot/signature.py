"""Prove a call of HubSpot's, be it for a card or a webhook: method, address, body and time.

https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from plugin.frame import SignedRequest
from plugin.proofs.ages import check_age, read_epoch_text
from plugin.proofs.base64_text import encode, with_plus
from plugin.proofs.mac import keyed_hash, prove

SIGNATURE = "x-hubspot-signature-v3"
TIMESTAMP = "x-hubspot-request-timestamp"
MAX_AGE = timedelta(minutes=5)
# What HubSpot decodes in the address before it signs, and nothing else.
DECODED = re.compile(r"%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)


def _signed_url(url: str) -> str:
    return DECODED.sub(lambda found: chr(int(found[1], 16)), url)


def signature(secret: str, request: SignedRequest, timestamp: str) -> str:
    """Return what HubSpot signs a request with, at a time in milliseconds since 1970."""
    start = (request.method + _signed_url(request.url)).encode()
    return encode(keyed_hash(secret, start + request.body + timestamp.encode()))


def prove_hubspot(request: SignedRequest, secrets: Sequence[str]) -> None:
    """Raise BadSignature unless a secret signed the request, ExpiredSignature when it is old."""
    timestamp = request.headers.get(TIMESTAMP, "")
    given = with_plus(request.headers.get(SIGNATURE))
    prove(given, secrets, lambda secret: signature(secret, request, timestamp))
    check_age(read_epoch_text(timestamp, a_second=1000), request.received_at, MAX_AGE)
