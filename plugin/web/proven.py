"""Remember what was proven: a signed token and a page's claims are read once, not at each call.

Only proofs with an end of their own are kept, and only until then; the digest covers all that
was signed and the secrets that verified it, so that nothing else can ever match.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cachetools import LRUCache, TLRUCache

from plugin.claims import read_claims
from plugin.frame import FrameRequest, Proof, SignedRequest
from plugin.settings import Install

Verify = Callable[[SignedRequest, Install], Proof]
MOST = 10_000  # of each kind; a few kilobytes each at most


def _digest(install: Install, *parts: bytes) -> bytes:
    found = hashlib.sha256()
    own = (install.id.encode(), *(secret.encode() for secret in install.secrets))
    for part in (*own, *parts):
        found.update(len(part).to_bytes(8, "big") + part)  # lengths keep the parts apart
    return found.digest()


def _signed(request: SignedRequest) -> tuple[bytes, ...]:
    headers = "\n".join(f"{name}:{value}" for name, value in sorted(request.headers.items()))
    words = (request.method, request.url, request.stage, headers)
    return (*(word.encode("utf-8", "surrogateescape") for word in words), request.body)


def _end(_key: bytes, proof: Proof, _now: float) -> float:
    return proof.expires_at.timestamp() if proof.expires_at is not None else 0.0


class Proven:
    """What this process has verified; `now` is the time of day."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._lock = threading.Lock()
        self._proofs: TLRUCache[bytes, Proof] = TLRUCache(
            MOST, ttu=_end, timer=lambda: now().timestamp()
        )
        self._asked: LRUCache[bytes, FrameRequest] = LRUCache(MOST)

    def verify(self, verify: Verify, request: SignedRequest, install: Install) -> Proof:
        """Return the proof of a request as a helpdesk's own `verify` does, and raise as it."""
        key = _digest(install, *_signed(request))
        with self._lock:
            known = self._proofs.get(key)
        if known is not None:
            return known
        proof = verify(request, install)
        if proof.expires_at is not None and proof.once is None:
            with self._lock:
                self._proofs[key] = proof
        return proof

    def read(
        self, body: bytes, token: str, claims: Mapping[str, Any], install: Install
    ) -> FrameRequest:
        """Return what a page asks with a token that was just verified to hold `claims`."""
        key = _digest(install, token.encode("utf-8", "surrogateescape"), body)
        with self._lock:
            known = self._asked.get(key)
        if known is not None:
            return known
        asked = read_claims(body, claims, install)
        with self._lock:
            self._asked[key] = asked
        return asked
