"""Find cancel language in German, French and Spanish: an act, an object of ours, no guard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from plugin.text import lexicon
from plugin.text.fold import bare, fold
from plugin.text.tokens import Sentence

OBJECT_REACH = 9  # tokens around the verb in which its object stands; German sends the verb last
NEGATION_REACH = 5
LANGUAGES = lexicon.FOREIGN
_BEHIND = ("nicht", "keinesfalls")
_CLAUSE_ENDS = frozenset(
    (
        *(",", ".", ";", ":", "?", "!", "–", "(", ")"),
        *("und", "sondern", "weil", "da", "wenn", "et", "y", "parce", "porque"),
    )
)


@dataclass(frozen=True, slots=True)
class Tongue:
    """The words of one language by what they do."""

    act: frozenset[str]
    stop: frozenset[str]
    go_on: frozenset[str]
    ours: frozenset[str]
    other: frozenset[str]
    negators: frozenset[str]
    third: frozenset[str]
    weak: frozenset[str]
    settled: frozenset[str]
    rival: frozenset[str]
    vendor: frozenset[str]
    seek: frozenset[str]
    use: frozenset[str]
    nomore: frozenset[str]
    ideas: Mapping[str, tuple[tuple[str, ...], ...]]  # by their first word
    split: tuple[tuple[str, ...], ...]

    @property
    def opening(self) -> frozenset[str]:
        """The words of which one must be there for anything to be found."""
        firsts = {row[0] for row in self.split}
        return self.act | self.stop | self.go_on | self.rival | self.use | {*self.ideas} | firsts


@cache
def _opening(name: str) -> frozenset[str]:
    return tongue(name).opening


@cache
def tongue(name: str) -> Tongue:
    """Return the words of one language."""
    rows = lexicon.read("cancel")[name]

    def members(key: str) -> frozenset[str]:
        return frozenset(bare(fold(str(word)).text) for word in rows[key])

    def several(key: str) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(bare(fold(idea).text).split()) for idea in rows[key])

    return Tongue(
        act=members("act"),
        stop=members("stop"),
        go_on=members("go_on"),
        ours=members("ours"),
        other=members("other"),
        negators=members("not"),
        third=members("third"),
        weak=members("weak"),
        settled=members("settled"),
        rival=members("rival"),
        vendor=members("vendor"),
        seek=members("seek"),
        use=members("use"),
        nomore=members("nomore"),
        ideas=_by_first(several("idea")),
        split=several("split"),
    )


def _by_first(ideas: Sequence[tuple[str, ...]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    return {
        first: tuple(idea for idea in ideas if idea[0] == first)
        for first in dict.fromkeys(idea[0] for idea in ideas)
    }


def _near(forms: Sequence[str], at: int, wanted: frozenset[str]) -> int | None:
    """Return how near the nearest wanted word of the same clause is."""
    best: int | None = None
    for step in (-1, 1):
        for distance in range(1, OBJECT_REACH + 1):
            place = at + step * distance
            if not 0 <= place < len(forms) or forms[place] in {".", ";", ":"}:
                break
            if forms[place] in wanted:
                best = distance if best is None else min(best, distance)
                break
    return best


def _negated(forms: Sequence[str], at: int, words: Tongue) -> bool:
    """Return whether a negator stands before the verb, or behind it as in German."""
    for place in range(at - 1, max(-1, at - NEGATION_REACH - 1), -1):
        if forms[place] in _CLAUSE_ENDS:
            break
        if forms[place] in words.negators:
            return True
    for place in range(at + 1, min(at + NEGATION_REACH + 1, len(forms))):
        if forms[place] in _CLAUSE_ENDS:
            break
        if forms[place] in _BEHIND:
            return True
    return False


def _object_is_ours(forms: Sequence[str], at: int, words: Tongue, *, needed: bool) -> bool:
    ours, other = _near(forms, at, words.ours), _near(forms, at, words.other)
    if other is not None and (ours is None or other < ours):
        return False
    return ours is not None or not needed


def _guarded(sentence: Sentence, forms: Sequence[str], at: int, words: Tongue) -> bool:
    before = forms[:at]
    if any(form in words.settled for form in forms):
        return True
    if any(form in words.third for form in before) and not _we(before):
        return True
    weak = any(form in words.weak for form in before)
    return weak and (sentence.asks or forms[0] in words.weak)


def _we(forms: Sequence[str]) -> bool:
    own = (
        "wir",
        "ich",
        "nous",
        "je",
        "j'",
        "nosotros",
        "queremos",
        "quiero",
        "estamos",
        "als",
        "como",
        "comme",
    )
    return any(form in own for form in forms)


def _says(forms: Sequence[str], at: int, words: Tongue) -> bool:
    form = forms[at]
    if form in words.go_on:
        if not _negated(forms, at, words):
            return False
        return _object_is_ours(
            forms, at, words, needed=not form.startswith(("renov", "renouv", "verlang"))
        )
    if form not in words.act and form not in words.stop:
        return False
    the_end = form == "fin" and forms[at - 1 : at] == ["la"]
    if the_end or _negated(forms, at, words):
        return False
    return _object_is_ours(forms, at, words, needed=form in words.stop)


def _idea(forms: Sequence[str], at: int, words: Tongue) -> int | None:
    for idea in words.ideas.get(forms[at], ()):
        if tuple(forms[at : at + len(idea)]) == idea and not _negated(forms, at, words):
            return at + len(idea)
    for first, last in words.split:  # "wir steigen zum Jahresende aus"
        later = forms[at + 1 : at + 1 + OBJECT_REACH]
        if forms[at] == first and last in later and not _negated(forms, at, words):
            return at + 2 + later.index(last)
    return None


def _seeks(forms: Sequence[str], at: int, words: Tongue) -> int | None:
    """Return the end of "another vendor", when they look for one or go to one."""
    if forms[at] not in words.rival or words.seek.isdisjoint(forms):
        return None
    for place in range(at, min(at + 3, len(forms))):
        if forms[place] in words.vendor and not _negated(forms, at, words):
            return place + 1
    return None


def _done_using(forms: Sequence[str], at: int, words: Tongue) -> bool:
    """Return whether they no longer use or need what is ours."""
    if forms[at] not in words.use or words.negators.isdisjoint(forms):
        return False
    around = range(max(0, at - OBJECT_REACH), min(len(forms), at + OBJECT_REACH))
    if not any(forms[place] in words.nomore for place in around):
        return False
    return _object_is_ours(forms, at, words, needed=True)


def find(sentences: Sequence[Sentence]) -> Iterator[tuple[int, int, int]]:
    """Yield (number of the sentence, first token, end) of each strong phrase."""
    for index, sentence in enumerate(sentences):
        forms = [token.form for token in sentence.tokens]
        for name in LANGUAGES:
            if _opening(name).isdisjoint(forms):
                continue
            words = tongue(name)
            for at in range(len(forms)):
                end = _idea(forms, at, words) or _seeks(forms, at, words)
                if end is None and (_says(forms, at, words) or _done_using(forms, at, words)):
                    end = at + 1
                if end is not None and not _guarded(sentence, forms, at, words):
                    yield index, at, end
