"""Everyday requests for the training: any deed with any thing, of which hardly any is a mention."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

from ruamel.yaml import YAML

from bench.text_sentences import FOLDER, Example

EACH = 1400  # sentences of one language
NOTHING: frozenset[str] = frozenset()
ENDED = 0.3  # the share of deeds that end something
OF_OURS = 0.2  # the share of things that are a contract
PLAIN = 0.35  # the share of sentences without a deed
_DOUBTED = ("Can I", "Kann ich", "Puis-je", "¿Puedo")  # asks for leave or for the way


def _words(language: str) -> Mapping[str, Sequence[str]]:
    rows = YAML(typ="safe", pure=True).load((FOLDER / "background.yaml").read_text("utf-8"))
    found: Mapping[str, Sequence[str]] = rows[language]
    return found


def _sentence(words: Mapping[str, Sequence[str]], chance: random.Random) -> Example:
    ours, ends = chance.random() < OF_OURS, chance.random() < ENDED
    frame = chance.choice(words["plain" if chance.random() < PLAIN else "frames"])
    text = frame.format(
        deed=chance.choice(words["ends" if ends else "acts"]),
        thing=chance.choice(words["ours" if ours else "things"]),
        time=chance.choice(words["time"]),
    )
    said = ours and ends and "{deed}" in frame and not frame.startswith(_DOUBTED)
    kinds = frozenset({"cancel"}) if said else NOTHING
    text = " ".join(text.split())
    return Example(text.lower() if chance.random() < 0.3 else text, kinds, rivals=False)  # noqa: PLR2004


def background(language: str) -> Iterator[Example]:
    """Yield the everyday requests of one language, always the same ones in the same order."""
    words, chance = _words(language), random.Random(f"background {language}")  # noqa: S311
    made = {example.text: example for example in (_sentence(words, chance) for _ in range(EACH))}
    yield from made.values()
