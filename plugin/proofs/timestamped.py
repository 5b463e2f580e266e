"""Prove `t=…,v1=…`: a time, and MACs of that time and the body. Stripe's scheme, and ours.

https://docs.stripe.com/webhooks#verify-manually
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from plugin.frame import SignedRequest
from plugin.proofs.ages import check_age, read_epoch_text
from plugin.proofs.mac import keyed_hash, prove_one

MAX_AGE = timedelta(minutes=5)
_TIME, _SCHEME = "t", "v1"


def _parts(header: str | None) -> list[tuple[str, str, str]]:
    return [part.strip().partition("=") for part in (header or "").split(",")]


def time_of(header: str | None) -> str:
    """Return the time of the header as it stands there; "" unless it stands once."""
    times = [value for name, _, value in _parts(header) if name == _TIME]
    return times[0] if len(times) == 1 else ""


def prove_timestamped(header: str | None, request: SignedRequest, secrets: Sequence[str]) -> None:
    """Raise BadSignature unless one v1 of the header is right, ExpiredSignature when it is old.

    There are several while a secret is replaced; other schemes are not looked at. The time
    stands once, or nobody could say which one was signed.
    """
    given = [value for name, _, value in _parts(header) if name == _SCHEME]
    signed_at = time_of(header)
    message = signed_at.encode("utf-8", "surrogatepass") + b"." + request.body
    prove_one(given, secrets, lambda secret: keyed_hash(secret, message).hex())
    check_age(read_epoch_text(signed_at), request.received_at, MAX_AGE)
