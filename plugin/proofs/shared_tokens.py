"""Read and write HS256 tokens between the parts of Sidelight that run in different places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import jwt
from jwt.exceptions import PyJWTError
from jwt.types import Options

from plugin.errors import BadSignature
from plugin.proofs.mac import usable

ALGORITHM = "HS256"
SHORTEST = 32  # bytes of the secret: https://www.rfc-editor.org/rfc/rfc7518#section-3.2
OPTIONS: Options = {"require": ["iat"], "verify_exp": False, "verify_iat": False}


def is_token(text: str) -> bool:
    """Say whether the text has the form of a token."""
    return text.startswith("eyJ") and text.count(".") == len("..")


def _claims(token: str, secret: str) -> Mapping[str, Any] | None:
    try:
        return jwt.decode(token, secret, algorithms=[ALGORITHM], options=OPTIONS)
    except (PyJWTError, ValueError, TypeError, RecursionError):
        return None


def read_shared_token(token: str, secrets: Sequence[str]) -> Mapping[str, Any]:
    """Return the claims; raise BadSignature unless a long enough secret signed them.

    The caller judges the age by `iat`.
    """
    strong = [secret for secret in usable(secrets) if len(secret.encode()) >= SHORTEST]
    found = [claims for secret in strong if (claims := _claims(token, secret)) is not None]
    if not found:
        raise BadSignature("no secret of 32 bytes or more verifies the token")
    return found[0]


def write_shared_token(claims: Mapping[str, Any], secret: str) -> str:
    """Return a token with these claims, `iat` included by the caller."""
    return jwt.encode(dict(claims), secret, algorithm=ALGORITHM)
