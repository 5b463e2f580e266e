"""What single words stand for in four languages, by the lexicon of concepts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from plugin.text import lexicon
from plugin.text.fold import bare, fold

REMEMBERED = 20_000  # distinct words whose concepts are kept
SHORTEST = 2  # letters before a star


def _patterns() -> Iterator[tuple[str, str]]:
    for concept, languages in lexicon.read("concepts").items():
        for words in languages.values():
            for word in bare(fold(str(words)).text).split():
                yield word, concept


@cache
def _tables() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Return concepts by whole words, and by beginnings of words."""
    whole: dict[str, list[str]] = {}
    beginnings: dict[str, list[str]] = {}
    for word, concept in _patterns():
        table = beginnings if word.endswith("*") else whole
        row = table.setdefault(word.removesuffix("*"), [])
        if concept not in row:
            row.append(concept)
    return (
        {word: tuple(row) for word, row in whole.items()},
        {word: tuple(row) for word, row in beginnings.items()},
    )


@lru_cache(maxsize=REMEMBERED)
def concepts(form: str) -> tuple[str, ...]:
    """Return the concepts that a folded word without accents stands for."""
    whole, beginnings = _tables()
    found = dict.fromkeys(whole.get(form, ()))
    for end in range(len(form), SHORTEST - 1, -1):
        if row := beginnings.get(form[:end]):
            found.update(dict.fromkeys(row))
            break
    return tuple(found)
