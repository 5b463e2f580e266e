"""Read one message of a customer: its sentences, and what they mention."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from plugin.text import competitors, intent, language, reader, rivalry, sentiment
from plugin.text.clean import own_words, without_addresses
from plugin.text.competitors import Dictionary
from plugin.text.fold import fold
from plugin.text.own import NOTHING, Own
from plugin.text.phrases import PhraseMatch
from plugin.text.quotes import quote
from plugin.text.tokens import Sentence, sentences

AROUND_HOST = 80  # characters that are quoted and weighed beside a web address
JUDGED = ("en", "de", "fr", "es")  # languages in which more than rivals' names is read
_REPLY = re.compile(r"^\s*(?:(?:re|aw|fwd?|wg|tr|rv|sv|antw)\s*:\s*)+", re.IGNORECASE)


class MinedMention(NamedTuple):
    """One thing said: its kind, the rival or plan, the quote, the deciding words, how surely."""

    kind: str
    name: str | None
    quote: str
    phrase: str
    confidence: str = reader.SURE


@dataclass(frozen=True, slots=True)
class TextReading:
    """One message as it was read; `language` is None when it cannot be told."""

    own: str
    sentences: tuple[Sentence, ...]
    mentions: tuple[MinedMention, ...]
    feeling: sentiment.Feeling | None
    language: str | None
    said: tuple[tuple[int, reader.Said], ...] = ()
    weighed: tuple[reader.Weighed, ...] = ()

    @property
    def ends(self) -> bool:
        """Whether it speaks of ending the contract."""
        return any(mention.kind == "cancel" for mention in self.mentions)

    @property
    def judged(self) -> bool:
        """Whether it is in a language that is read; else silence says nothing."""
        return self.language is None or self.language in JUDGED

    @property
    def about(self) -> tuple[Mapping[str, float], ...]:
        """The logit of each kind and topic, sentence by sentence."""
        return tuple(each.scores for each in self.weighed)

    def words(self, place: tuple[int, int, int]) -> str:
        """Return the quote for tokens of a sentence."""
        return _quote(self.own, self.sentences[place[0]], place[1], place[2])


def _span(sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    return sentence.tokens[start].start, sentence.tokens[max(start, end - 1)].end


def _quote(own: str, sentence: Sentence, start: int, end: int) -> str:
    return quote(own, _span(sentence, 0, len(sentence.tokens)), _span(sentence, start, end))


def _mention(own: str, sentence: Sentence, said: reader.Said) -> MinedMention:
    low, high = _span(sentence, said.start, said.end)
    phrase = " ".join(fold(own[low:high]).text.split())
    words = _quote(own, sentence, said.start, said.end)
    return MinedMention(said.kind, said.name, words, phrase, said.confidence)


def _rival_hosts(text: str, dictionary: Dictionary) -> Iterator[MinedMention]:
    for name, start, end in competitors.by_domain(text, dictionary):
        low, high = max(0, start - AROUND_HOST), end + AROUND_HOST
        if not rivalry.works_together(text[low:start], text[end:high]):
            words = quote(text, (low, high), (start, end))
            yield MinedMention("competitor", name, words, text[start:end].lower())


def _once(mentions: Iterable[MinedMention]) -> tuple[MinedMention, ...]:
    """Return one mention of each kind and rival: the first sure one, else the first."""
    first: dict[tuple[str, str | None], MinedMention] = {}
    for mention in mentions:
        key = (mention.kind, mention.name if mention.kind == "competitor" else None)
        known = first.get(key)
        if known is None or (known.confidence, mention.confidence) == (reader.LIKELY, reader.SURE):
            first[key] = mention
    return tuple(first.values())


def read(
    raw: str, dictionary: Dictionary, *, subject: bool = False, own: Own = NOTHING
) -> TextReading:
    """Read one message of the customer, or the subject of its ticket.

    `dictionary` holds the rivals, `own` what the workspace that reads adds.
    """
    seen = _REPLY.sub("", raw) if subject else own_words(raw)
    text = without_addresses(seen)
    rows = [rivalry.read(sentence, text, dictionary, own.names) for sentence in sentences(text)]
    marked = tuple(row.sentence for row in rows)
    spoken = language.detect(marked)
    annoyed: list[tuple[int, PhraseMatch]] = list(intent.frustration(marked))
    weighed = tuple(reader.weigh(sentence) for sentence in marked)
    judged = spoken is None or spoken in JUDGED
    said = tuple(reader.find(rows, weighed, annoyed, own, judged=judged))
    mentions = _once(
        (*_rival_hosts(seen, dictionary), *(_mention(text, marked[i], one) for i, one in said))
    )
    feeling = sentiment.read(marked, annoyed) if spoken == "en" else None
    return TextReading(text, marked, mentions, feeling, spoken, said, weighed)
