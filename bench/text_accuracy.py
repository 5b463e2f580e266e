"""Measure how well text is read: precision and recall of each kind on labelled messages."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from plugin.account.words import MENTION
from plugin.text.competitors import NamedCompetitor
from plugin.text.mine import mining

DATA = Path(__file__).parents[1] / "tests" / "data" / "text"
SETS = ("tuning", "heldout")
NEGATIVE = -0.3
POSITIVE = 0.1
GOALS = {  # least precision and recall
    "cancel": (0.9, 0.85),
    "competitor": (0.97, 0.97),
    "upgrade": (0.85, 0.8),
    "downgrade": (0.85, 0.8),
    "topic": (0.8, 0.8),
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """One message with what a person reads in it; None was not judged."""

    mentions: frozenset[str]
    topic: str | None
    sentiment: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """How many were found rightly, found wrongly, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Return the share of the found ones that are right, 1 when nothing was found."""
        found = self.right + self.wrong
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        """Return the share of what is there that was found, 1 when nothing is there."""
        there = self.right + self.missed
        return self.right / there if there else 1.0


def labelled(name: str) -> Iterator[Labelled]:
    """Yield the messages of one set."""
    for line in (DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        mentions, topic, sentiment, text = line.split("\t", 3)
        yield Labelled(
            frozenset(_names(mentions)),
            None if topic == "." else topic,
            None if sentiment == "." else sentiment,
            text.replace("\\n", "\n"),
        )


def _names(written: str) -> Iterator[str]:
    parts = "" if written == "." else written
    for kind in MENTION:
        parts = parts.replace(f" {kind}", f"\t{kind}")
    yield from (part for part in parts.split("\t") if part)


def rivals() -> list[NamedCompetitor]:
    """Return the dictionary that the messages belong to."""
    rows = YAML(typ="safe", pure=True).load((DATA / "competitors.yaml").read_text(encoding="utf-8"))
    return [
        NamedCompetitor(
            row["name"],
            tuple(row.get("aliases", ())),
            tuple(row.get("domains", ())),
            case_sensitive=row.get("case_sensitive", False),
            ignore_near=tuple(row.get("ignore_near", ())),
        )
        for row in rows
    ]


def _found(answer: dict[str, Any]) -> frozenset[str]:
    return frozenset(
        f"competitor:{each['name']}" if each["kind"] == "competitor" else each["kind"]
        for each in answer["mentions"]
    )


def _sign(score: float | None) -> str:
    if score is None:
        return "?"
    if score <= NEGATIVE:
        return "-"
    return "+" if score >= POSITIVE else "0"


def _of_kind(names: frozenset[str], kind: str) -> frozenset[str]:
    return frozenset(name for name in names if name.split(":")[0] == kind)


def _judged(message: Labelled, answer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (kind, right or wrong or missed) for all that one message was judged on."""
    found = _found(answer)
    for kind in MENTION:
        want, have = _of_kind(message.mentions, kind), _of_kind(found, kind)
        yield from ((kind, "right") for _ in want & have)
        yield from ((kind, "wrong") for _ in have - want)
        yield from ((kind, "missed") for _ in want - have)
    pairs = (
        ("topic", message.topic, answer["topics"][0]),
        ("sentiment", message.sentiment, _sign(answer["sentiment"])),
    )
    for kind, label, told in pairs:
        if label is not None:
            yield from (
                (kind, word) for word in (("right",) if label == told else ("wrong", "missed"))
            )


def accuracy(name: str) -> dict[str, Score]:
    """Return the score of each kind, of the first topic and of the sentiment's sign."""
    mine = mining(rivals())
    counts = Counter(
        row for message in labelled(name) for row in _judged(message, mine(message.text))
    )
    kinds = (*MENTION, "topic", "sentiment")
    return {
        kind: Score(*(counts[kind, word] for word in ("right", "wrong", "missed")))
        for kind in kinds
    }


def mistakes(name: str) -> Iterator[str]:
    """Yield each message that was misread, with what was told instead."""
    mine = mining(rivals())
    for message in labelled(name):
        answer = mine(message.text)
        judged = _judged(message, answer)
        wrong = sorted({f"{kind} {word}" for kind, word in judged if word != "right"})
        if wrong:
            told = f"{answer['topics'][0]} {answer['sentiment']} {sorted(_found(answer))}"
            label = f"{message.topic} {message.sentiment}"
            yield f"{', '.join(wrong)} | {told} | {label} | {message.text!r}"


def table() -> str:
    """Return both sets in one table, with the goals."""
    rows = [f"{'text':<12} {'set':<8} {'there':>5} {'precision':>9} {'recall':>7}  goal"]
    for name in SETS:
        for kind, score in accuracy(name).items():
            goal = " / ".join(f"{least:.2f}" for least in GOALS.get(kind, ()))
            there = score.right + score.missed
            counted = f"{kind:<12} {name:<8} {there:>5}"
            rows.append(f"{counted} {score.precision:>9.2f} {score.recall:>7.2f}  {goal}")
    return "\n".join(rows)


def main(arguments: Sequence[str]) -> None:
    """Print the table; with "tuning" as argument also what was misread there."""
    print(table())
    if "tuning" in arguments:
        print("\n".join(mistakes("tuning")))


if __name__ == "__main__":
    main(sys.argv[1:])
