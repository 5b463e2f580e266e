"""The sentences that the weighing reader is trained on: templates of this project, filled in."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent / "text_training"
LANGUAGES = ("en", "de", "fr", "es")
KINDS = {"c": "cancel", "u": "upgrade", "d": "downgrade", "f": "frustration", "r": "competitor"}
EACH = 14  # sentences made of one template, at most
_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]|\{(\w+)\}")


class Example(NamedTuple):
    """One sentence, the kinds it says, and whether a rival stands in it."""

    text: str
    kinds: frozenset[str]
    rivals: bool
    topic: str | None = None  # None where the training says nothing of it


def slots() -> Mapping[str, object]:
    """Return the words that may stand in a template's places."""
    rows: Mapping[str, object] = YAML(typ="safe", pure=True).load(
        (FOLDER / "slots.yaml").read_text(encoding="utf-8")
    )
    return rows


def _filled(template: str, words: Mapping[str, Sequence[str]], chance: random.Random) -> str:
    def pick(match: re.Match[str]) -> str:
        row = match[1].split("|") if match[1] is not None else words[match[2]]
        return chance.choice(row)

    while (filled := _CHOICE.sub(pick, template)) != template:
        template = filled
    text = re.sub(r" +", " ", template).strip()
    return re.sub(r" ([.,!])", r"\1", text)


def _varied(text: str, chance: random.Random) -> str:
    """Return the text as people write it: sometimes in small letters, without a full stop."""
    if chance.random() < 0.25:  # noqa: PLR2004 - a share
        text = text.lower() if "{" not in text else text
    if chance.random() < 0.25:  # noqa: PLR2004
        text = text.rstrip(".!")
    return text


def examples(language: str) -> Iterator[Example]:
    """Yield the sentences of one language, always the same ones in the same order."""
    rows = slots()
    shared = {key: row for key, row in rows.items() if isinstance(row, list)}
    words = {**shared, **rows[language]}  # type: ignore[dict-item]
    path = FOLDER / f"{language}.tsv"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        if not line or line.startswith("#"):
            continue
        codes, _, template = line.partition("\t")
        chance = random.Random(f"{language} {number}")  # noqa: S311 - repeatable on purpose
        texts = dict.fromkeys(_filled(template, words, chance) for _ in range(EACH))
        kinds = frozenset(KINDS[code] for code in codes if code in KINDS)
        for text in texts:
            yield Example(_varied(text, chance), kinds, "{R}" in template)


def about() -> Iterator[Example]:
    """Yield the sentences that tell topics, of all languages."""
    rows = slots()
    shared = {key: row for key, row in rows.items() if isinstance(row, list)}
    path = FOLDER / "topics.tsv"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        if line.startswith("#"):
            continue
        language, topic, template = line.split("\t", 2)
        words = {**shared, **rows[language]}  # type: ignore[dict-item]
        chance = random.Random(f"topics {number}")  # noqa: S311 - repeatable on purpose
        for text in dict.fromkeys(_filled(template, words, chance) for _ in range(2 * EACH)):
            yield Example(_varied(text, chance), frozenset(), rivals=False, topic=topic)
