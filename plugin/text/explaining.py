"""Say why a sentence was read as it was: which words decided, and what held back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plugin.text import weights
from plugin.text.competitors import Dictionary
from plugin.text.features import see
from plugin.text.message import TextReading, read
from plugin.text.own import NOTHING, Own

WORTH = -2.5  # logits; what is less likely is not worth a line
REASONS = 5  # for and against


def _plain(feature: str) -> str:
    """Return a feature as a person reads it."""
    if feature.startswith("["):
        return "grammar: " + feature.strip("[]").replace(" - ", " ").removesuffix(" -")
    if feature.startswith(("w ", "s ")):
        return f"“{feature[2:]}”"
    if ">" in feature or "+" in feature:
        return "order: " + feature.replace(">", " … ").replace("+", " ").strip()
    return f"“{feature}”" if " " in feature else f"meaning: {feature}"


def _reasons(features: list[str], kind: str) -> tuple[list[str], list[str]]:
    rows = weights.shipped().reasons(features, kind)
    told = [[f"{_plain(f)} {w:+.1f}" for f, w in rows if (w > 0) is up] for up in (True, False)]
    return told[0][:REASONS], told[1][:REASONS]


def _sentences(reading: TextReading) -> Iterator[dict[str, Any]]:
    said = {(index, one.kind): one for index, one in reading.said}
    for index, sentence in enumerate(reading.sentences):
        features = see(sentence).features
        scores = weights.shipped().scores(features)
        for kind, score in zip(weights.KINDS, scores, strict=False):
            one = said.get((index, kind))
            if one is None and (score < WORTH or kind == "competitor"):
                continue
            decided, held_back = _reasons(features, kind)
            yield {
                "quote": reading.words((index, 0, len(sentence.tokens))),
                "kind": kind,
                "confidence": one.confidence if one else None,
                "likelihood": round(weights.likelihood(one.score if one else score), 2),
                "known_phrase": bool(one and one.known),
                "decided": decided,
                "held_back": held_back,
            }


def explain(text: str, rivals: Dictionary, own: Own = NOTHING) -> list[dict[str, Any]]:
    """Return a row for each sentence and kind that was read or nearly read.

    `known_phrase`: a phrase of the lexicons or of the workspace says it, too. `confidence` is None
    where it was not enough: under the bar, or no deed of that kind is in the sentence.
    """
    return list(_sentences(read(text, rivals, own=own)))
