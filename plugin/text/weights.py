"""Weigh a sentence for each kind of mention and topic: a linear model, read from a data file."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

KINDS = ("cancel", "upgrade", "downgrade", "frustration", "competitor")
TOPICS = ("billing", "bug", "how_to", "feature_request", "outage", "access")
HEADS = (*KINDS, *TOPICS)
SCALE = 100.0  # weights are kept as whole hundredths
BIAS = "."  # the feature that every sentence has


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of features, one for each of HEADS, in hundredths of a logit."""

    rows: Mapping[str, tuple[int, ...]]

    def scores(self, seen: Iterable[str]) -> tuple[float, ...]:
        """Return the logit of each of HEADS for what is seen of one sentence."""
        rows = self.rows
        found = [rows[feature] for feature in (BIAS, *seen) if feature in rows]
        return tuple(sum(column) / SCALE for column in zip(*found, strict=True))

    def reasons(self, seen: Iterable[str], kind: str) -> list[tuple[str, float]]:
        """Return what was seen with its weight for one kind, the strongest first."""
        column = KINDS.index(kind)
        rows = [(f, self.rows[f][column] / SCALE) for f in seen if f in self.rows]
        return sorted((row for row in rows if row[1]), key=lambda row: (-abs(row[1]), row[0]))


def likelihood(score: float) -> float:
    """Return the likelihood (0..1) that a logit stands for."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def parse(lines: Iterable[str]) -> Weights:
    """Read rows of "weights<tab>feature"; a comment begins with #."""
    rows: dict[str, tuple[int, ...]] = {}
    for line in lines:
        if not line.startswith("#"):
            numbers, _, feature = line.partition("\t")
            row = tuple(int(number or 0) for number in numbers.split(","))
            rows[feature] = row + (0,) * (len(HEADS) - len(row))
    return Weights(rows)


def _row(row: Sequence[int]) -> str:
    """Return a row as short as it can be: nothing for a zero, and none at the end."""
    return ",".join(str(number or "") for number in row).rstrip(",")


def written(rows: Mapping[str, Sequence[int]]) -> str:
    """Return rows as `parse` reads them, in alphabetical order."""
    lines = (f"{_row(rows[key])}\t{key}" for key in sorted(rows) if any(rows[key]))
    return "\n".join(lines) + "\n"


@cache
def shipped() -> Weights:
    """Return the weights that come with Sidelight."""
    path = files("plugin.text") / "lexicons" / "weights.txt"
    return parse(path.read_text(encoding="utf-8").splitlines())
