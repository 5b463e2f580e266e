"""Secrets in settings: what a copy brought along, what is too short, what is told of neither."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import ValidationError, fields

SHORTEST_OWN = 32  # bytes of what we sign with, and of what opens the API: https://www.rfc-editor.org/rfc/rfc7518#section-3.2
SHORTEST = 5  # characters of what a vendor gives out or lets an admin type; none gives fewer

# What a copy brings along at either end: it is no part of any secret.
_AROUND = " \t\r\n\v\f\u00a0\ufeff\u200b\u200e\u200f\u2060"
_QUOTES = "\"'`“”„‘’«»"
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u0080-\u00a0\u200b-\u200f\u2028\u2029\u2060\ufeff]")
SPACE_INSIDE = "has a space inside: paste it again, without spaces"
HAS_LINES = ("-----BEGIN", "{", "[")  # keys in PEM form and JSON


def _pasted(text: str, *, spaces: bool) -> None:
    """Raise what is wrong with a secret as it was pasted; it is never part of the message."""
    if text[0] in _QUOTES or text[-1] in _QUOTES:
        raise ValidationError("stands in quotes of its own: take them out of the value")
    if "\n" in text or "\r" in text:
        raise ValidationError("has a line break inside: paste it again, as one line")
    if _UNSEEN.search(text):
        raise ValidationError("has a character inside that cannot be seen: paste it again")
    if " " in text and not spaces:
        raise ValidationError(SPACE_INSIDE)


class Secret(fields.String):
    """A secret: never empty, never with what a copy brought along.

    White space and a byte order mark at its ends are taken off. What can be no part of it and
    stands inside is named; `spaces` says that a space may be part of it.
    """

    def __init__(self, *, spaces: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.spaces = spaces

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs).strip(_AROUND)
        if not text:
            raise ValidationError("is empty: set it, or take it out of the list")
        if not text.startswith(HAS_LINES):
            _pasted(text, spaces=self.spaces)
        return text


class ProvingSecret(Secret):
    """What proves a helpdesk's or an upstream's requests: the vendor's, but no guess."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if len(text.strip()) < SHORTEST:
            raise ValidationError(
                f"is shorter than {SHORTEST} characters, so anybody guesses it: copy it whole"
            )
        return text


class OwnSecret(Secret):
    """A secret of our own: long enough that nobody guesses it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if len(text.strip().encode()) < SHORTEST_OWN:
            raise ValidationError(
                f"is shorter than {SHORTEST_OWN} bytes: `sidelight secret` prints a fresh one"
            )
        return text
