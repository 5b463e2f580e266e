"""The texts of a signal as one viewer reads them."""

from __future__ import annotations

from dataclasses import dataclass

from plugin.rules.rendering import Values, fill
from plugin.rules.signal import Signal


@dataclass(frozen=True, slots=True)
class Rendered:
    """The texts of a signal as one viewer reads them."""

    headline: str
    detail: str = ""
    play: str = ""
    owner: str = ""
    link: str = ""


def render(signal: Signal, values: Values, locale: str) -> Rendered:
    """Return the texts of a signal from what the viewer may see, in the viewer's language."""
    if signal.state == "unknown":
        return Rendered(signal.note)
    play = signal.play
    return Rendered(
        headline=fill(signal.headline, values, signal.facts, locale),
        detail=fill(signal.detail, values, signal.facts, locale) if signal.detail else "",
        play=fill(play.text, values, signal.facts, locale) if play else "",
        owner=play.owner if play else "",
        link=play.link if play else "",
    )
