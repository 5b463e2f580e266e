"""Decode base64 as it arrives: either alphabet, with or without padding."""

from __future__ import annotations

import base64
import binascii

TO_STANDARD = str.maketrans("-_", "+/")


def decode(text: str) -> bytes | None:
    """Return the bytes, or None where the text is no base64."""
    standard = text.translate(TO_STANDARD).rstrip("=")
    try:
        return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def encode(raw: bytes) -> str:
    """Return the bytes in the standard alphabet, padded."""
    return base64.b64encode(raw).decode()


def with_plus(text: str | None) -> str | None:
    """Return the text with spaces turned back into `+`, which a query decoder has eaten."""
    return text.replace(" ", "+") if text else text
