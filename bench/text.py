"""How well tickets are read: precision and recall on the third set, which nobody trained with."""

from __future__ import annotations

from collections.abc import Iterator

from bench.table import Row
from bench.text_accuracy import GOALS, accuracy


def rows() -> Iterator[Row]:
    """Return precision and recall of each kind on the third set."""
    for kind, score in accuracy("third").items():
        precision, recall = GOALS.get(kind, (None, None))
        note = f"{score.right + score.missed} labelled, third set"
        yield Row("", f"text: {kind}, precision", score.precision, precision, more_is_better=True)
        yield Row("", f"text: {kind}, recall", score.recall, recall, more_is_better=True, note=note)
