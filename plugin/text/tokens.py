"""Cut text into sentences of tokens, each with its place in the customer's own text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from plugin.text import lexicon
from plugin.text.fold import Folded, bare, fold
from plugin.text.phrases import Word

SENTENCE_MAX = 120  # tokens; a longer one is cut, so that nothing grows with its length
WRAPPED_AT = 50  # a line this long that ends in the middle of a sentence was wrapped

_TOKEN = re.compile(
    r"(?P<smile>[:;]-?[()]|[\U0001f44d\U0001f44e\U0001f600-\U0001f64f\U0001f914\U0001f92c❤])"
    r"|(?P<word>\w+(?:'\w+)*)"
    r"|(?P<end>[.!?…]+(?=[\s\"')\]]|$)|\n[ \t]*(?:[*•-][ \t]+|\n)\s*)"
    r"|(?P<line>\n[ \t]*)"
    r"|(?P<mark>[,;:()\[\]\"–—!?]|\s[-/][ \t])"
)
_ELISION = re.compile(r"(l|d|n|j|s|c|m|t|qu)'(?=\w{2})")
_NEGATED = re.compile(r"(\w+)n't")


class TextToken(NamedTuple):
    """A word as compared, its place in the own text, and whether it is only a mark."""

    form: str
    start: int
    end: int
    mark: bool = False


class Sentence(NamedTuple):
    """Tokens and, place by place, what the matcher sees of them; whether it asks."""

    tokens: tuple[TextToken, ...]
    words: tuple[Word, ...]
    asks: bool = False

    def has(self, index: int, *symbols: str) -> bool:
        """Return whether the token at a place stands for one of the symbols."""
        if not 0 <= index < len(self.words):
            return False
        return not self.words[index].symbols.isdisjoint(symbols)


@cache
def _expansions() -> Mapping[str, tuple[str, ...]]:
    rows = lexicon.read("english")["contractions"]
    return {form: tuple(meaning.split()) for form, meaning in rows.items()}


def _apart(form: str) -> tuple[str, ...]:
    if found := _expansions().get(form):
        return found
    if "'" not in form:
        return (form,)
    if negated := _NEGATED.fullmatch(form):
        return (negated[1], "not")
    if _ELISION.match(form):
        first, rest = form.split("'", 1)
        return (first + "'", *_apart(rest))
    head, _, tail = form.partition("'")
    return (head, *_expansions().get("'" + tail, ("'" + tail,)))


def _spoken(folded: Folded, match: re.Match[str]) -> Iterator[TextToken]:
    start, end = folded.place(*match.span())
    for part in _apart(match[0]):
        yield TextToken(bare(part), start, end)


def _breaks(text: str, match: re.Match[str], line_start: int) -> bool:
    """Return whether a line's end is a sentence's end, and no wrapped line."""
    after = text[match.end() : match.end() + 1]
    return not (after.isalnum() and match.start() - line_start >= WRAPPED_AT)


def _tokens(own: str, folded: Folded) -> Iterator[TextToken | None]:
    """Yield tokens; None ends a sentence."""
    line_start = 0
    for match in _TOKEN.finditer(folded.text):
        start, end = folded.place(*match.span())
        if match.lastgroup == "word":
            yield from _spoken(folded, match)
        elif match.lastgroup == "smile":
            yield TextToken(match[0], start, end)
        elif match.lastgroup == "mark":
            yield TextToken(match[0].strip(), start, end, mark=True)
        elif match.lastgroup == "end":
            yield TextToken(match[0].strip() or ".", start, end, mark=True)
            yield None
        else:
            lower = own[end : end + 1].islower()
            if not lower and _breaks(folded.text, match, line_start):
                yield None
        if "\n" in match[0]:
            line_start = match.end()


def _sentence(tokens: list[TextToken]) -> Sentence:
    forms = lexicon.forms()
    words = tuple(Word(forms.symbols(token.form), token.mark) for token in tokens)
    return Sentence(tuple(tokens), words, asks=any("?" in token.form for token in tokens))


def sentences(own: str) -> Iterator[Sentence]:
    """Yield the sentences of cleaned text."""
    gathered: list[TextToken] = []
    for token in _tokens(own, fold(own)):
        if token is not None:
            gathered.append(token)
        if gathered and (token is None or len(gathered) >= SENTENCE_MAX):
            yield _sentence(gathered)
            gathered = []
    if gathered:
        yield _sentence(gathered)
