"""Find rivals of the workspace's dictionary: literal names at word bounds, and their context."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from plugin.text import lexicon
from plugin.text.tokens import Sentence, TextToken, sentences

JOINED_SHORTEST = 7  # a name of several words may be written as one when it is that long
TIMES = frozenset(
    (
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("january", "february", "march", "april", "may", "june", "july", "august"),
        *("september", "october", "november", "december"),
    )
)


@dataclass(frozen=True, slots=True)
class NamedCompetitor:
    """One rival: its name, other names, web domains, and words that mean another thing.

    `case_sensitive` wants the name as it is written; a name that is an ordinary word also wants
    to stand where no sentence begins, or in a talk of choosing.
    """

    name: str
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    case_sensitive: bool = False
    ignore_near: tuple[str, ...] = ()


class Spelling(NamedTuple):
    """One way to write a rival; `ordinary` when it is an ordinary word."""

    forms: tuple[str, ...]
    written: str
    rival: NamedCompetitor
    ordinary: bool


def _forms(name: str) -> tuple[str, ...]:
    return tuple(
        token.form for sentence in sentences(name) for token in sentence.tokens if not token.mark
    )


def _spellings(rival: NamedCompetitor) -> Iterator[Spelling]:
    for name in (rival.name, *rival.aliases):
        forms = _forms(name)
        if not forms:
            continue
        ordinary = all(form in lexicon.common() for form in forms) and len(forms) == 1
        yield Spelling(forms, name, rival, ordinary)
        joined = "".join(forms)
        if len(forms) > 1 and len(joined) >= JOINED_SHORTEST and joined not in lexicon.common():
            yield Spelling((joined,), name, rival, ordinary=False)


class Dictionary:
    """The rivals of a workspace, by the first word of each spelling."""

    def __init__(self, rivals: Sequence[NamedCompetitor] = ()) -> None:
        self.by_first: dict[str, list[Spelling]] = {}
        for rival in rivals:
            for spelling in _spellings(rival):
                self.by_first.setdefault(spelling.forms[0], []).append(spelling)
        for row in self.by_first.values():
            row.sort(key=lambda spelling: -len(spelling.forms))
        self.domains: Mapping[str, str] = {
            domain.lower().removeprefix("www."): rival.name
            for rival in rivals
            for domain in rival.domains
        }

    def spans(self, sentence: Sentence, own: str) -> Iterator[tuple[Spelling, int, int]]:
        """Yield where a name stands, the longest one at each place."""
        at = 0
        while at < len(sentence.tokens):
            for spelling in self.by_first.get(sentence.tokens[at].form, ()):
                end = at + len(spelling.forms)
                if _matches(spelling, sentence.tokens[at:end], own):
                    yield spelling, at, end
                    at = end - 1
                    break
            at += 1


def _matches(spelling: Spelling, tokens: Sequence[TextToken], own: str) -> bool:
    if tuple(token.form for token in tokens) != spelling.forms:
        return False
    start, end = tokens[0].start, tokens[-1].end
    if spelling.rival.case_sensitive and len(spelling.forms) > 1:
        return _letters(own[start:end]) == _letters(spelling.written)
    if spelling.rival.case_sensitive:
        return own[start:end] in {spelling.written, spelling.written.upper()}
    return True


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def by_domain(text: str, dictionary: Dictionary) -> Iterator[tuple[str, int, int]]:
    """Yield rivals whose web address the customer gives: name and place in the own text."""
    low = text.lower()
    for domain, name in dictionary.domains.items():
        at = low.find(domain)
        while at >= 0:
            end = at + len(domain)
            if _is_host(low, at, end):
                yield name, at, end
                break
            at = low.find(domain, end)


def _is_host(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 4) : start]
    alone = not before[-1:].isalnum() and before[-1:] not in {"-", "@", "_", "."}
    after = text[end : end + 1]
    inner = after == "." and text[end + 1 : end + 2].isalnum()
    return (alone or before == "www.") and not (after.isalnum() or after in {"-", "_"} or inner)
