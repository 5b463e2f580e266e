"""Train the weighing reader: `python -m bench.text_train` writes its data file anew, bit by bit."""

from __future__ import annotations

import math
import random
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.text_accuracy import labelled
from bench.text_accuracy import rivals as tuning_rivals
from bench.text_background import background
from bench.text_sentences import LANGUAGES, Example, examples, slots
from plugin.text import rivalry, weights
from plugin.text.competitors import Dictionary, NamedCompetitor
from plugin.text.features import see
from plugin.text.tokens import sentences

TARGET = Path(weights.__file__).parent / "lexicons" / "weights.txt"
ROUNDS = 24
SETTLED = 8  # rounds behind which weights are averaged
RATE = 0.06
DECAY = 2e-5  # what a weight loses of itself each time it is touched
SEEN_LEAST = 4  # sentences that a feature must be seen in
SURE = 0.03  # an error under that teaches nothing
LEAST = 8  # hundredths; lighter weights are left out
HEADER = "# Written by `python -m bench.text_train`; do not edit."

Row = tuple[list[str], frozenset[str], bool]  # features, kinds, whether a rival is in it


def _rows_of(example: Example, dictionary: Dictionary, own: Dictionary) -> Iterator[Row]:
    for sentence in sentences(example.text):
        marked = rivalry.read(sentence, example.text, dictionary, own).sentence
        yield see(marked).features, example.kinds, example.rivals


def training() -> list[Row]:
    """Return every training sentence: the templates' and the short messages of the tuning set."""
    words = slots()
    dictionary = Dictionary([NamedCompetitor(name) for name in words["R"]])  # type: ignore[attr-defined]
    own = Dictionary([NamedCompetitor(name) for name in words["O"]])  # type: ignore[attr-defined]
    rows: list[Row] = []
    for language in LANGUAGES:
        for example in (*examples(language), *background(language)):
            found = list(_rows_of(example, dictionary, own))
            rows += found if len(found) == 1 else found[-1:]
    rivals = Dictionary(tuning_rivals())
    for message in labelled("tuning"):
        kinds = frozenset(name.split(":")[0] for name in message.mentions)
        example = Example(message.text, kinds, rivals=False)
        found = list(_rows_of(example, rivals, own))
        if len(found) == 1:
            row = found[0]
            rows += [(row[0], row[1], "RIVAL" in row[0])]
    return rows


def _vocabulary(rows: Sequence[Row]) -> dict[str, int]:
    counts = Counter(feature for seen, _, _ in rows for feature in seen)
    kept = sorted(feature for feature, count in counts.items() if count >= SEEN_LEAST)
    return {feature: index for index, feature in enumerate([weights.BIAS, *kept])}


def _fit(rows: Sequence[tuple[list[int], int]], size: int) -> array[float]:
    """Return the weights of one kind: logistic loss, AdaGrad, the mean of the last rounds."""
    found, pace = array("d", bytes(8 * size)), array("d", [1e-2]) * size
    order, chance = list(range(len(rows))), random.Random(7)  # noqa: S311 - repeatable on purpose
    mean = array("d", bytes(8 * size))
    for turn in range(ROUNDS):
        chance.shuffle(order)
        for at in order:
            seen, wanted = rows[at]
            score = sum([found[index] for index in seen])
            error = weights.likelihood(score) - wanted
            if abs(error) < SURE:
                continue
            squared = error * error
            for index in seen:
                pace[index] += squared
                found[index] -= RATE * error / math.sqrt(pace[index]) + DECAY * found[index]
        if turn >= SETTLED:
            for index, weight in enumerate(found):
                mean[index] += weight / (ROUNDS - SETTLED)
    return mean


def train(rows: Sequence[Row]) -> dict[str, list[int]]:
    """Return the weights of each feature for each kind, in hundredths."""
    names = _vocabulary(rows)
    ids = [[0, *(names[f] for f in seen if f in names)] for seen, _, _ in rows]
    columns = []
    for kind in weights.KINDS:
        chosen = [
            (seen, int(kind in row[1]))
            for seen, row in zip(ids, rows, strict=True)
            if kind != "competitor" or row[2]
        ]
        columns.append(_fit(chosen, len(names)))
    table: dict[str, list[int]] = {}
    for name, index in names.items():
        row = [round(column[index] * weights.SCALE) for column in columns]
        row = [value if abs(value) >= LEAST or name == weights.BIAS else 0 for value in row]
        if any(row):
            table[name] = row
    return table


def main() -> None:
    """Write the data file."""
    rows = training()
    table = train(rows)
    TARGET.write_text(f"{HEADER}\n{weights.written(table)}", encoding="utf-8")
    print(f"{len(rows)} sentences, {len(table)} features, {TARGET.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
