"""Tell the language of a message by its small words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from plugin.text import lexicon
from plugin.text.tokens import Sentence

READ = 2_000  # tokens that are enough to tell
KNOWN_SHARE = 0.5  # of the words, when no small word shows the language


@cache
def _small_words() -> Mapping[str, frozenset[str]]:
    return {name: lexicon.words("language", name) for name in lexicon.read("language")}


def _forms(sentences: Sequence[Sentence]) -> list[str]:
    forms: list[str] = []
    for sentence in sentences:
        forms += [token.form for token in sentence.tokens if not token.mark]
        if len(forms) >= READ:
            break
    return forms


def _looks_english(forms: Sequence[str]) -> bool:
    letters = [form for form in forms if form.isalpha()]
    known = lexicon.common() | lexicon.forms().known
    return bool(letters) and sum(form in known for form in letters) >= KNOWN_SHARE * len(letters)


def detect(sentences: Sequence[Sentence]) -> str | None:
    """Return the language's code, None when it cannot be told."""
    forms = _forms(sentences)
    counts: Counter[str] = Counter()
    for form in forms:
        counts.update(name for name, words in _small_words().items() if form in words)
    if not counts:
        return "en" if _looks_english(forms) else None
    best = max(counts.values())
    leaders = [name for name in _small_words() if counts[name] == best]
    if "en" in leaders:
        return "en"
    return "en" if best == 1 and _looks_english(forms) else leaders[0]
