"""Train the weighing reader: `python -m bench.text_train` writes its data file anew, bit by bit."""

from __future__ import annotations

import math
import random
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.text_accuracy import labelled
from bench.text_accuracy import rivals as tuning_rivals
from bench.text_background import background
from bench.text_sentences import LANGUAGES, Example, about, examples, slots
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


class Row(NamedTuple):
    """One sentence: what is seen, the kinds it says, a rival in it, its topic; None: not told."""

    seen: list[str]
    kinds: frozenset[str] | None
    rivals: bool
    topic: str | None


def _rows_of(example: Example, dictionary: Dictionary, own: Dictionary) -> Iterator[Row]:
    for sentence in sentences(example.text):
        marked = rivalry.read(sentence, example.text, dictionary, own).sentence
        kinds = None if example.topic else example.kinds
        yield Row(see(marked).features, kinds, example.rivals, example.topic)


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
    for example in about():
        rows += list(_rows_of(example, dictionary, own))[-1:]
    return [*rows, *_tuned(own)]


def _tuned(own: Dictionary) -> Iterator[Row]:
    """Yield the messages of the tuning set that are a single sentence."""
    rivals = Dictionary(tuning_rivals())
    for message in labelled("tuning"):
        kinds = frozenset(name.split(":")[0] for name in message.mentions)
        found = list(_rows_of(Example(message.text, kinds, rivals=False), rivals, own))
        if len(found) == 1:
            named = "RIVAL" in found[0].seen
            yield found[0]._replace(rivals=named, topic=message.topic)


def _vocabulary(rows: Sequence[Row]) -> dict[str, int]:
    counts = Counter(feature for row in rows for feature in row.seen)
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


def _tells(row: Row, kind: str) -> bool:
    return row.kinds is not None and (kind != "competitor" or row.rivals)


def train(rows: Sequence[Row]) -> dict[str, list[int]]:
    """Return the weights of each feature for each kind, in hundredths."""
    names = _vocabulary(rows)
    size = len(names)
    ids = [[0, *(names[f] for f in seen if f in names)] for seen in (row.seen for row in rows)]
    pairs = list(zip(ids, rows, strict=True))
    columns = [
        _fit(
            [(seen, int(kind in (row.kinds or ()))) for seen, row in pairs if _tells(row, kind)],
            size,
        )
        for kind in weights.KINDS
    ]
    columns += [
        _fit([(seen, int(row.topic == topic)) for seen, row in pairs if row.topic], size)
        for topic in weights.TOPICS
    ]
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
