"""The lexicons: data files beside this module, read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from plugin.text.fold import bare, fold
from plugin.text.forms import Forms
from plugin.text.phrases import Finder, Phrase, phrase

_FOLDER = files("plugin.text") / "lexicons"
_SIGNS = str.maketrans("", "", "=?^$@")


def _plain(written: str) -> str:
    return bare(fold(written).text)


@cache
def read(name: str) -> Mapping[str, Any]:
    """Return one lexicon as it is written."""
    yaml = YAML(typ="safe", pure=True)
    data: Mapping[str, Any] = yaml.load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return data


def words(name: str, key: str) -> frozenset[str]:
    """Return a list of single words as they are compared."""
    return frozenset(_plain(str(word)) for word in read(name)[key])


def phrases(name: str, *keys: str) -> tuple[Phrase, ...]:
    """Return the phrases of some parts of a lexicon; the part's name is their key."""
    return tuple(
        phrase(_plain(source), key, weight) for key in keys for source, weight in _rows(name, key)
    )


def _rows(name: str, key: str) -> Iterator[tuple[str, float]]:
    part = read(name)[key]
    if isinstance(part, Mapping):  # weight → phrases
        for weight, rows in part.items():
            yield from ((str(row), float(weight)) for row in rows)
    else:
        yield from ((str(row), 1.0) for row in part)


@cache
def finder(name: str, *keys: str) -> Finder:
    """Return the phrases of some parts of a lexicon, ready to be sought."""
    return Finder(phrases(name, *keys))


@cache
def common() -> frozenset[str]:
    """Return ordinary words: as a product's name they need more than the bare word."""
    return frozenset((_FOLDER / "common.txt").read_text(encoding="utf-8").split())


@cache
def labels() -> frozenset[str]:
    """Return the first words of a mail header's labels ("From", "Gesendet") in all languages."""
    return frozenset((_FOLDER / "labels.txt").read_text(encoding="utf-8").casefold().split())


FOREIGN = ("german", "french", "spanish")  # parts of the lexicon of cancel language
_LEXICONS = ("english", "cancel", "intent", "competitors", "topics", "sentiment")


def _written(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        for value in part.values():
            yield from _written(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _written(value)
    else:
        yield str(part)


def _english(name: str) -> Iterator[str]:
    """Yield what is written in a lexicon, but for the parts of other languages."""
    for key, part in read(name).items():
        if key not in FOREIGN:
            yield from _written(part)


def _singles(sources: Iterable[str]) -> Iterator[str]:
    for source in sources:
        for element in _plain(source).split():
            for part in element.split("*", 1)[0].split("|"):
                if part and not part.startswith("@"):
                    yield part.translate(_SIGNS)


@dataclass(frozen=True, slots=True)
class _Classes:
    of_word: Mapping[str, frozenset[str]]


@cache
def _classes() -> _Classes:
    found: dict[str, set[str]] = {}
    for lexicon in _LEXICONS:
        for name, members in read(lexicon).get("classes", {}).items():
            for member in members:
                found.setdefault(_plain(str(member)), set()).add("@" + name)
    return _Classes({word: frozenset(names) for word, names in found.items()})


@cache
def forms() -> Forms:
    """Return the words of all lexicons with their forms."""
    english = read("english")
    return Forms(
        known=frozenset(word for name in _LEXICONS for word in _singles(_english(name))),
        classes=_classes().of_word,
        irregular={
            form: word for word, row in english["irregular"].items() for form in row.split()
        },
        common=common(),
        fuzzy=words("english", "fuzzy"),
    )
