"""Read RS256 tokens under keys that settings name; no key is ever taken from the token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import jwt
from jwt.exceptions import PyJWTError
from jwt.types import Options

from plugin.errors import BadSignature
from plugin.proofs.mac import usable

ALGORITHMS = ("RS256",)  # one, so that a public key can never serve as an HMAC secret
REQUIRED = ("exp", "iat", "iss", "aud")


def _claims(token: str, key: Any, required: Sequence[str]) -> dict[str, Any] | None:
    # Issuer, audience and times are judged by the caller, at the time of arrival.
    options: Options = {
        "require": list(required),
        "verify_aud": False,
        "verify_iss": False,
        "verify_exp": False,
        "verify_nbf": False,
        "verify_iat": False,
    }
    try:
        return jwt.decode(token, key, algorithms=list(ALGORITHMS), options=options)
    except (PyJWTError, ValueError, TypeError, RecursionError):
        return None


def read_token(
    token: str, keys: Sequence[Any], required: Sequence[str] = REQUIRED
) -> Mapping[str, Any]:
    """Return the claims of a token that one of `keys` signed; `required` claims are in it.

    Keys are PEM texts or key objects. Raises BadSignature, also when no key is usable.
    """
    texts = [key for key in keys if isinstance(key, str)]
    candidates = [*(usable(texts) if texts or not keys else ())]
    candidates += [key for key in keys if not isinstance(key, str)]
    found = [claims for key in candidates if (claims := _claims(token, key, required)) is not None]
    if not found:
        raise BadSignature("no key verifies the token")
    return found[0]
