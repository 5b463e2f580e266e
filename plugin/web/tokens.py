"""Our own token: what a proven launch hands to its page, for a short time and this install only."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from cachetools import TLRUCache
from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from plugin.errors import BadSignature, ExpiredSignature

_SALT = "sidelight.frame.v1"
_MOST = 10_000  # tokens that were read, each remembered until it ends
Claims = Mapping[str, Any]


class Tokens:
    """Sign and read tokens; `secrets` newest first, `clock` in seconds since the epoch."""

    def __init__(self, secrets: tuple[str, ...], clock: Callable[[], float], life: float) -> None:
        class Signer(TimestampSigner):
            def get_timestamp(self) -> int:
                return int(clock())

        self._life = int(life)
        self._lock = threading.Lock()
        self._read: TLRUCache[bytes, tuple[Claims, float]] = TLRUCache(
            _MOST, ttu=lambda _key, read, _now: read[1], timer=clock
        )
        # itsdangerous signs with the last key: it wants the oldest first.
        self._serializer = URLSafeTimedSerializer(secrets[::-1], salt=_SALT, signer=Signer)

    def issue(self, claims: Claims) -> str:
        """Return a token that carries `claims`."""
        return str(self._serializer.dumps(dict(claims)))

    def read(self, token: str) -> Claims:
        """Return the claims of a genuine, fresh token; raise BadSignature or ExpiredSignature.

        Every act on a page brings the same token: it is verified once, then known by its digest.
        """
        key = hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
        with self._lock:
            read = self._read.get(key)
        if read is None:
            read = self._verified(token)
            with self._lock:
                self._read[key] = read
        return read[0]

    def forget(self) -> None:
        """Forget what was read: somebody whom a token names is erased."""
        with self._lock:
            self._read.clear()

    def _verified(self, token: str) -> tuple[Claims, float]:
        """Return the claims of a token, and the instant at which it is too old."""
        try:
            claims, issued = self._serializer.loads(token, self._life, return_timestamp=True)
        except SignatureExpired as error:
            raise ExpiredSignature("our token is too old") from error
        except BadData as error:
            raise BadSignature("our token is not genuine") from error
        if not isinstance(claims, dict):
            raise BadSignature("our token holds no claims")
        return MappingProxyType(claims), issued.timestamp() + self._life + 1  # whole seconds count
