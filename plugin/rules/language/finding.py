"""One thing that is wrong, or suspicious, in an expression."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake with its place: `start` and `end` count code points in `text`.

    `text` is the expression itself, or that of the def named by `definition`.
    """

    code: str
    message: str
    hint: str = ""
    start: int = 0
    end: int = 0
    severity: str = "error"
    text: str | None = None
    definition: str | None = None
