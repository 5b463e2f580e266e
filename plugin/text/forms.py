"""Words and their forms: which word of the lexicons a written one stands for, typos included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

REMEMBERED = 20_000  # distinct words kept; beyond that each is worked out anew
LONGEST = 24  # longer ones are identifiers
TYPO_SHORTEST = 6

_ENDINGS = (  # ending, what may stand in its place
    ("ies", ("y",)),
    ("ied", ("y",)),
    ("es", ("", "e")),
    ("s", ("",)),
    ("ed", ("", "e")),
    ("ing", ("", "e")),
)


def stems(form: str) -> Iterator[str]:
    """Yield what the form may be an inflection of: cancelling → cancell, cancel, cancelle."""
    for ending, places in _ENDINGS:
        rest = form.removesuffix(ending)
        if rest == form or len(rest) < 2 or form.endswith("ss"):  # noqa: PLR2004 - no verb is shorter
            continue
        yield from (rest + place for place in places)
        if ending in {"ed", "ing"} and rest[-1] == rest[-2]:
            yield rest[:-1]


def inflections(word: str) -> Iterator[str]:
    """Yield the forms that a typo of a verb or noun may be near to."""
    yield from (word, word + "s")
    base = word.removesuffix("e")
    yield from (base + "ing", base + "ed", base + "d" if base.endswith("e") else base + "er")
    if word.endswith("l"):
        yield from (word + "ling", word + "led")


def _deletions(word: str) -> Iterator[str]:
    yield word
    for index in range(len(word)):
        yield word[:index] + word[index + 1 :]


def one_slip(written: str, meant: str) -> bool:
    """Return whether one letter is missing, added, changed, or two neighbours are swapped."""
    if abs(len(written) - len(meant)) > 1 or written[0] != meant[0]:
        return False
    start = 0
    while start < min(len(written), len(meant)) and written[start] == meant[start]:
        start += 1
    left, right = written[start:], meant[start:]
    swapped = left[:2] == right[:2][::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]


@dataclass(slots=True)
class Forms:
    """The words of all lexicons: `classes` maps a word to its classes.

    `fuzzy` are words recognised with one slip; `common` are ordinary words, which are never
    taken for a slip.
    """

    known: frozenset[str]
    classes: Mapping[str, frozenset[str]]
    irregular: Mapping[str, str]
    common: frozenset[str]
    fuzzy: frozenset[str]
    _slips: dict[str, set[str]] = field(init=False)
    _remembered: dict[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._remembered = {}
        self._slips = {}
        for word in self.fuzzy:
            for form in set(inflections(word)):
                if len(form) >= TYPO_SHORTEST:
                    for part in _deletions(form):
                        self._slips.setdefault(part, set()).add(form)

    def symbols(self, form: str) -> frozenset[str]:
        """Return what the matcher may find this word by."""
        if (found := self._remembered.get(form)) is not None:
            return found
        found = self._work_out(form)
        if len(self._remembered) < REMEMBERED:
            self._remembered[form] = found
        return found

    def _work_out(self, form: str) -> frozenset[str]:
        symbols = {"=" + form}
        if form.isdecimal():
            symbols.add("@number")
        if len(form) <= LONGEST:
            words = self._words(form) or self._words(self._meant(form))
            symbols |= words
            for word in words:
                symbols |= self.classes.get(word, frozenset())
        return frozenset(symbols)

    def _words(self, form: str) -> set[str]:
        candidates = {form, self.irregular.get(form, form)}
        if len(form) > 3:  # noqa: PLR2004 - "is", "his" and "bed" are no inflections
            candidates.update(stems(form))
        return candidates & self.known

    def _meant(self, form: str) -> str:
        if len(form) < TYPO_SHORTEST - 1 or form in self.common or not form.isalpha():
            return ""
        near = {word for part in _deletions(form) for word in self._slips.get(part, ())}
        return min((word for word in near if one_slip(form, word)), default="")
