"""Remember what was proven: the same bytes are verified and read once, not at each call.

Only proofs that say when they end are kept, and only until then; the digest covers all that
was signed and the secrets that verified it, so that nothing else can ever match.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cachetools import TLRUCache

from plugin.frame import FrameRequest, Proof, SignedRequest
from plugin.helpdesk import Helpdesk, Reply
from plugin.settings.records import Install

MOST = 10_000  # of each kind; a few kilobytes each at most
Verify = Callable[[SignedRequest, Install], Proof]


@dataclass(frozen=True, slots=True)
class VerifiedCall:
    """A helpdesk's call, proven and read: it wants a `reply` at once, or asks for an account."""

    proof: Proof
    reply: Reply | None = None
    asked: FrameRequest | None = None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What a page asks, until its token ends (seconds since the epoch)."""

    request: FrameRequest
    ends_at: float


def _digest(install: Install, *parts: bytes) -> bytes:
    own = (install.id.encode(), *(secret.encode() for secret in install.secrets))
    lengths = ",".join(str(len(part)) for part in (*own, *parts))  # they keep the parts apart
    return hashlib.sha256(b"\0".join((lengths.encode(), *own, *parts))).digest()


def _signed(request: SignedRequest) -> tuple[bytes, ...]:
    headers = "\n".join(f"{name}:{value}" for name, value in sorted(request.headers.items()))
    words = (request.method, request.url, request.stage, headers)
    return (*(word.encode("utf-8", "surrogateescape") for word in words), request.body)


def _end(_key: bytes, call: VerifiedCall, _now: float) -> float:
    ends = call.proof.expires_at
    return float("inf") if ends is None else ends.timestamp()


def _is_kept(proof: Proof) -> bool:
    return proof.once is None and (proof.timeless or proof.expires_at is not None)


class VerifiedCalls:
    """What this process has verified; `now` is the time of day."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._lock = threading.Lock()
        self._calls: TLRUCache[bytes, VerifiedCall] = TLRUCache(
            MOST, ttu=_end, timer=lambda: now().timestamp()
        )
        self._asked: TLRUCache[bytes, PageRequest] = TLRUCache(
            MOST, ttu=lambda _key, asked, _now: asked.ends_at, timer=lambda: now().timestamp()
        )

    def call(
        self, verify: Verify, helpdesk: Helpdesk, request: SignedRequest, install: Install
    ) -> VerifiedCall:
        """Return a request as `verify` proves it and, only then, the helpdesk reads it.

        Raises what they raise.
        """
        key = _digest(install, *_signed(request))
        with self._lock:
            known = self._calls.get(key)
        if known is not None:
            return known
        proof = verify(request, install)
        reply = helpdesk.reply(request, proof, install)
        asked = helpdesk.parse(request, proof, install) if reply is None else None
        call = VerifiedCall(proof, reply, asked)
        if _is_kept(proof):
            with self._lock:
                self._calls[key] = call
        return call

    def asked(
        self, token: str, body: bytes, install: Install, read: Callable[[], PageRequest]
    ) -> FrameRequest:
        """Return what a page asks with its token, as `read` finds out; raises what that raises."""
        key = _digest(install, token.encode("utf-8", "surrogateescape"), body)
        with self._lock:
            known = self._asked.get(key)
        if known is None:
            known = read()
            with self._lock:
                self._asked[key] = known
        return known.request

    def forget(self) -> None:
        """Forget all of it: somebody who asked, or was asked about, is erased."""
        with self._lock:
            self._calls.clear()
            self._asked.clear()
