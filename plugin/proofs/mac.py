"""Compare message authentication codes and static keys: constant time, several secrets, no gaps."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence

from plugin.errors import BadSignature


def keyed_hash(secret: str | bytes, message: bytes, algorithm: str = "sha256") -> bytes:
    """Return the HMAC of `message`, raw; a secret given as text is its UTF-8 bytes."""
    key = secret.encode() if isinstance(secret, str) else secret
    return hmac.new(key, message, getattr(hashlib, algorithm)).digest()


def usable(secrets: Sequence[str]) -> tuple[str, ...]:
    """Return the secrets that hold something; raise BadSignature when none does: fail closed."""
    found = tuple(secret for secret in secrets if secret.strip())
    if not found:
        raise BadSignature("there is no secret to prove it with")
    return found


def is_same(given: str, expected: str) -> bool:
    """Tell whether two secret texts are the same; the time taken tells nothing."""
    # Bytes, because compare_digest refuses text beyond ASCII; a header may hold anything.
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())


def prove(given: str | None, secrets: Sequence[str], expected: Callable[[str], str]) -> None:
    """Raise BadSignature unless `given` is what one of the secrets makes."""
    prove_one((given or "",), secrets, expected)


def prove_one(given: Sequence[str], secrets: Sequence[str], expected: Callable[[str], str]) -> None:
    """Raise BadSignature unless one of those `given` is what one of the secrets makes.

    Every secret is tried, so that the time taken does not tell which one matched.
    """
    _compare(given, [expected(secret) for secret in usable(secrets)])


def prove_either(
    given: str | None, secrets: Sequence[str], *expected: Callable[[str], str]
) -> None:
    """Raise BadSignature unless `given` is what one of the secrets makes in one of the readings.

    For vendors whose page can be read in several ways, each of which needs the secret.
    """
    found = usable(secrets)
    _compare((given or "",), [reading(secret) for reading in expected for secret in found])


def _compare(given: Sequence[str], candidates: Sequence[str]) -> None:
    if not any(given):
        raise BadSignature("the signature is missing")
    matches = [is_same(one, candidate) for candidate in candidates for one in given if one]
    if not any(matches):
        raise BadSignature("the signature is wrong")


def prove_key(given: str | None, secrets: Sequence[str]) -> None:
    """Raise BadSignature unless `given` is one of the secrets: for helpdesks that sign nothing."""
    prove(given, secrets, str)
