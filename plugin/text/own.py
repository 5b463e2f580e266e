"""What a workspace adds to the reading: its own names, and phrases of its customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from plugin.account.words import MENTION
from plugin.text import guards
from plugin.text.competitors import Dictionary, NamedCompetitor
from plugin.text.fold import bare, fold
from plugin.text.phrases import Finder, PhraseMatch, phrase
from plugin.text.tokens import Sentence, sentences

IGNORE = "ignore"  # phrases whose sentence says nothing
KEYS = (*(kind for kind in MENTION if kind != "competitor"), IGNORE)


@dataclass(frozen=True, slots=True)
class Own:
    """Names of the company that reads (its own, its products', its plans'), and its phrases."""

    names: Dictionary
    says: Finder
    ignored: Finder

    def ignores(self, sentence: Sentence) -> bool:
        """Return whether a phrase of the workspace takes all meaning from a sentence."""
        return next(iter(self.ignored.find(sentence.words)), None) is not None

    def find(self, sentence: Sentence) -> Iterator[PhraseMatch]:
        """Yield the workspace's phrases in a sentence, each with its kind as key."""
        for found in self.says.find(sentence.words):
            if not guards.negated(sentence, found.start):
                yield found


def _source(written: str) -> str:
    forms = (token.form for part in sentences(written) for token in part.tokens if not token.mark)
    return " ".join(f"={bare(fold(form).text)}" for form in forms)


def own(names: Sequence[str] = (), phrases: Mapping[str, Sequence[str]] | None = None) -> Own:
    """Return the additions of one workspace; a phrase is plain words, in the form it is said in."""
    rows = [
        phrase(source, kind)
        for kind, written in (phrases or {}).items()
        for each in written
        if (source := _source(each))
    ]
    return Own(
        Dictionary([NamedCompetitor(name) for name in names]),
        Finder([row for row in rows if row.key != IGNORE]),
        Finder([row for row in rows if row.key == IGNORE]),
    )


NOTHING = own()
