"""Our own token: what a proven launch hands to its page, for a short time and this install only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from plugin.errors import BadSignature, ExpiredSignature

_SALT = "sidelight.frame.v1"
_SHA1_LENGTH = 27  # characters of such a signature


@dataclass(frozen=True, slots=True)
class PageToken:
    """What a genuine token says, and the second since the epoch at which it is too old."""

    claims: Mapping[str, Any]
    ends_at: float


class PageTokens:
    """Sign and read tokens; `secrets` newest first, `clock` in seconds since the epoch."""

    def __init__(self, secrets: tuple[str, ...], clock: Callable[[], float], life: float) -> None:
        class Signer(TimestampSigner):
            def get_timestamp(self) -> int:
                return int(clock())

        self._life = int(life)
        # itsdangerous signs with the last key: it wants the oldest first.
        make = partial(URLSafeTimedSerializer, secrets[::-1], salt=_SALT, signer=Signer)
        self._serializer = make(signer_kwargs={"digest_method": hashlib.sha256})
        # An earlier release signed with SHA-1; its pages live on until their tokens end.
        self._earlier, self._clock, self._until = make(), clock, clock() + self._life

    def issue(self, claims: Mapping[str, Any]) -> str:
        """Return a token that carries `claims`."""
        return str(self._serializer.dumps(dict(claims)))

    def read(self, token: str) -> PageToken:
        """Return a genuine, fresh token; raise BadSignature or ExpiredSignature."""
        try:
            claims, issued = self._signer_of(token).loads(token, self._life, return_timestamp=True)
        except SignatureExpired as error:
            raise ExpiredSignature("our token is too old") from error
        except BadData as error:
            raise BadSignature("our token is not genuine") from error
        if not isinstance(claims, dict):
            raise BadSignature("our token holds no claims")
        return PageToken(claims, issued.timestamp() + self._life + 1)  # whole seconds count

    def _signer_of(self, token: str) -> URLSafeTimedSerializer:
        """Return what verifies a token: one as an earlier release made it only for a while."""
        is_earlier = len(token.rpartition(".")[2]) == _SHA1_LENGTH
        is_time = self._clock() <= self._until
        return self._earlier if is_earlier and is_time else self._serializer
