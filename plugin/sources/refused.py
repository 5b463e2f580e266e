"""The refusal of one value: what stands there, why it cannot be read, what to write instead."""

from __future__ import annotations

from plugin.errors import SidelightError

SHOWN_MAX = 40  # characters of a bad value that its problem repeats


class BadCell(SidelightError):
    """A value that cannot be read; its text says why, `hint` what to write instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.hint = hint
        super().__init__(message)


def shown(raw: object) -> str:
    """Return what stands there, short enough for a sentence."""
    text = str(raw)
    return repr(text if len(text) <= SHOWN_MAX else text[: SHOWN_MAX - 1] + "…")
