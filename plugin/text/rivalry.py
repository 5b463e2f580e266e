"""Tell whether a rival that is named is a choice or only a system that works together with ours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from plugin.text import lexicon
from plugin.text.competitors import TIMES, Dictionary, Spelling
from plugin.text.fold import bare, fold
from plugin.text.phrases import Word
from plugin.text.tokens import Sentence, TextToken, sentences

FEW = 2  # words that tell nothing about how the others are written
NAMES_MAX = 12  # in one sentence; more is a list, and says nothing more
_STAND_IN = "xrivalx"  # for a web address, which the tokens do not keep
ENDING_MAX = 12  # characters behind a name that may be its web ending
_WEB_ENDING = re.compile(
    r"\.(?:com|io|dev|ai|app|net|org|co|cloud|so|de|fr|es|eu|uk|us|ch|at)(?![\w/@-]|\.\w)",
    re.IGNORECASE,
)
SYMBOL = "@competitor"
OWN = "@own"  # a name of the company that reads: its own, its products', its plans'
OURS = frozenset({OWN, "@ours", "@product"})
RIVAL = frozenset({SYMBOL})
INTEGRATED = "@integrated"  # a rival named as a system that works together with ours


_JOINS = ("or", "=or", "=and", "and", "vs", "=vs", "=oder", "=und", "=ou", "=et", "=o", "=y")
_Span = tuple[Spelling, int, int]


class Hit(NamedTuple):
    """A rival that is named: the tokens [start, end) of a sentence."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Named:
    """A sentence with its rivals as single tokens: all of them, and those that phrases count."""

    sentence: Sentence
    hits: tuple[Hit, ...]
    names: tuple[Hit, ...] = ()


def merged(
    sentence: Sentence, spans: Sequence[tuple[int, int]], symbols: frozenset[str] = RIVAL
) -> Sentence:
    """Return the sentence with each name as one token that the lexicons know, as a rival's."""
    tokens: list[TextToken] = []
    words: list[Word] = []
    at = 0
    for start, end in [*spans, (len(sentence.tokens), len(sentence.tokens))]:
        tokens += sentence.tokens[at:start]
        words += sentence.words[at:start]
        if end > start:
            first, last = sentence.tokens[start], sentence.tokens[end - 1]
            tokens.append(TextToken(OWN if OWN in symbols else SYMBOL, first.start, last.end))
            words.append(Word(symbols))
        at = end
    return sentence._replace(tokens=tuple(tokens), words=tuple(words))


def _titled(sentence: Sentence, own: str) -> bool:
    """Return whether most words begin with a capital: then a capital says nothing."""
    initials = [own[token.start] for token in sentence.tokens[1:] if not token.mark]
    return len(initials) > FEW and sum(map(str.isupper, initials)) * 2 > len(initials)


def _stands_out(spelling: Spelling, sentence: Sentence, at: int, own: str) -> bool:
    """Return whether an ordinary word is plainly a name: as written, and not for its place."""
    token = sentence.tokens[at]
    if spelling.forms[0] in TIMES or own[token.start : token.end] != spelling.written:
        return False
    if spelling.written[:1].islower() or at == 0:
        return False
    before = sentence.tokens[at - 1]
    if before.mark and before.form not in {",", ";"}:
        return False
    return not _titled(sentence, own)


def _found(name: str, sentence: Sentence, spans: Sequence[tuple[int, int]], at: int) -> bool:
    """Return whether a lexicon part is found over the name at a place of the merged sentence."""
    whole = merged(sentence, spans)
    return any(
        found.start <= at < found.end
        for found in lexicon.finder("competitors", name).find(whole.words)
    )


def _joined_to_word(token: TextToken, own: str) -> bool:
    after, before = own[token.end : token.end + 2], own[max(0, token.start - 2) : token.start]
    return (after[:1] in {"-", "/", "."} and after[1:].isalnum()) or (
        before[1:] in {"-", "/", "."} and before[:1].isalnum()
    )


def _plain_name(spelling: Spelling, sentence: Sentence, at: int, own: str) -> bool:
    if not spelling.ordinary:
        return True
    token = sentence.tokens[at]
    if _as_address(token, own):
        return True
    if _joined_to_word(token, own):
        return False
    return _stands_out(spelling, sentence, at, own)


def _as_address(token: TextToken, own: str) -> bool:
    """Return whether the name is written as a handle or with its web ending."""
    ending = _WEB_ENDING.match(own[token.end : token.end + ENDING_MAX]) is not None
    return ending or own[max(0, token.start - 1) : token.start] == "@"


def _ignored(spelling: Spelling, sentence: Sentence, own: str) -> bool:
    near = fold(own[sentence.tokens[0].start : sentence.tokens[-1].end]).text
    return any(bare(fold(word).text) in bare(near) for word in spelling.rival.ignore_near if word)


def _in_identifier(token: TextToken, own: str) -> bool:
    """Return whether the name is part of a file name, a host or a path.

    A handle ("@Rivaldesk") and a name with its web ending ("Rivaldesk.io") are names all the same.
    """
    before = own[max(0, token.start - 2) : token.start]
    if before[-1:] in {".", "\\"} or (before[-1:] == "@" and before[:1].isalnum()):
        return True
    after = own[token.end : token.end + ENDING_MAX]
    dotted = after[:1] in {".", "@", "\\"} and after[1:2].isalnum()
    return dotted and _WEB_ENDING.match(after) is None


def read(
    sentence: Sentence, own: str, dictionary: Dictionary, own_names: Dictionary | None = None
) -> Named:
    """Return the sentence with own names and rivals marked, and which rivals are no context."""
    if own_names is not None and own_names.by_first:
        ours = [(at, end) for _, at, end in islice(own_names.spans(sentence, own), NAMES_MAX)]
        sentence = merged(sentence, ours, OURS)
    if not dictionary.by_first:
        return Named(sentence, ())
    spans = [
        span
        for span in islice(dictionary.spans(sentence, own), NAMES_MAX)
        if not _in_identifier(sentence.tokens[span[2] - 1], own)
        and not _ignored(span[0], sentence, own)
    ]
    kept = _with_joined(
        [span for span in spans if _counts_as_name(span, sentence, own)], spans, sentence
    )
    whole = merged(sentence, [(start, end) for _, start, end in kept])
    context = _context(whole) if kept else frozenset()
    names, shift = [], 0
    for spelling, start, end in kept:
        at = start - shift
        shift += end - start - 1
        names.append(Hit(spelling.rival.name, at, at + 1))
    hits = tuple(name for name in names if name.start not in context)
    return Named(_only(whole, hits), hits, tuple(names))


def _with_joined(kept: Sequence[_Span], spans: Sequence[_Span], sentence: Sentence) -> list[_Span]:
    """Return the names that count, and ordinary words joined to one of them: "Front or Monday"."""
    known = {place for _, start, end in kept for place in (start, end - 1)}

    def joined(span: _Span) -> bool:
        before = sentence.has(span[1] - 1, *_JOINS) and span[1] - 2 in known
        return before or (sentence.has(span[2], *_JOINS) and span[2] + 1 in known)

    return [span for span in spans if span in kept or joined(span)]


def _only(whole: Sentence, hits: Sequence[Hit]) -> Sentence:
    """Return the sentence with the rivals that are only context made plain words."""
    places = {hit.start for hit in hits}
    words = tuple(
        Word(frozenset({INTEGRATED})) if SYMBOL in word.symbols and at not in places else word
        for at, word in enumerate(whole.words)
    )
    return whole._replace(words=words)


def _counts_as_name(span: tuple[Spelling, int, int], sentence: Sentence, own: str) -> bool:
    spelling, start, end = span
    if _plain_name(spelling, sentence, start, own):
        return True
    if _joined_to_word(sentence.tokens[start], own) or _followed_by_noun(sentence, end):
        return False
    return _found("context", sentence, [(start, end)], start) and _chosen_case(
        spelling, sentence, start, own
    )


def _followed_by_noun(sentence: Sentence, end: int) -> bool:
    return sentence.has(end, "of", "page", "desk", "door", "line", "row", "end")


def _chosen_case(spelling: Spelling, sentence: Sentence, at: int, own: str) -> bool:
    if spelling.forms[0] not in TIMES:
        return True
    if sentence.has(at - 1, "use", "prefer", "choose", "try", "evaluate", "trial"):
        return own[sentence.tokens[at].start].isupper()
    if sentence.has(at - 1, "vs", "versus") or sentence.has(at - 2, "cheaper", "better", "worse"):
        return own[sentence.tokens[at].start].isupper()
    return sentence.has(at - 1, "to", "with") and sentence.has(at - 2, "switch", "migrate", "go")


def _covered(whole: Sentence, part: str) -> frozenset[int]:
    found = lexicon.finder("competitors", part).find(whole.words)
    return frozenset(at for each in found for at in range(each.start, each.end))


def _threatened(whole: Sentence) -> frozenset[int]:
    """Return the places that a talk of choosing covers; "switching to them" covers all."""
    places: set[int] = set()
    for found in lexicon.finder("competitors", "threat").find(whole.words):
        if whole.has(found.end - 1, "=them"):
            return frozenset(range(len(whole.tokens)))
        moved = "@go" in found.phrase.source and whole.has(found.start - 1, "@data")
        if not moved:
            places.update(range(found.start, found.end))
    return frozenset(places)


def works_together(before: str, after: str) -> bool:
    """Return whether a rival between two pieces of text is only a system that works with ours."""
    for sentence in sentences(f"{before} {_STAND_IN} {after}"):
        for at, token in enumerate(sentence.tokens):
            if token.form == _STAND_IN:
                return at in _context(merged(sentence, [(at, at + 1)]))
    return False


def _context(whole: Sentence) -> frozenset[int]:
    """Return the places where a rival's name is no mention."""
    together = _covered(whole, "together") - _threatened(whole)
    return together | _covered(whole, "declined")
