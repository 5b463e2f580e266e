"""Read a ticket's text once: topics, component, mentions, sentiment and the quotes behind them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from plugin.text import cancel, competitors, foreign, intent, language, rivalry, sentiment, topics
from plugin.text.automatic import is_automatic
from plugin.text.clean import own_words, without_addresses
from plugin.text.competitors import Dictionary, NamedCompetitor
from plugin.text.fold import fold
from plugin.text.phrases import PhraseMatch
from plugin.text.quotes import quote
from plugin.text.tokens import Sentence, sentences
from plugin.upstream import Mined

AROUND_HOST = 80  # characters that are quoted and weighed beside a web address
_REPLY = re.compile(r"^\s*(?:(?:re|aw|fwd?|wg|tr|rv|sv|antw)\s*:\s*)+", re.IGNORECASE)


class MinedMention(NamedTuple):
    """One thing said: its kind, the rival or plan, the quote, and the phrase it was found by."""

    kind: str
    name: str | None
    quote: str
    phrase: str


@dataclass(frozen=True, slots=True)
class TextReading:
    """One message as it was read."""

    own: str
    sentences: tuple[Sentence, ...]
    mentions: tuple[MinedMention, ...]
    feeling: sentiment.Feeling | None

    @property
    def ends(self) -> bool:
        """Whether it speaks of ending the contract."""
        return any(mention.kind == "cancel" for mention in self.mentions)

    def words(self, place: tuple[int, int, int]) -> str:
        """Return the quote for tokens of a sentence."""
        return _quote(self.own, self.sentences[place[0]], place[1], place[2])


def _span(sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    return sentence.tokens[start].start, sentence.tokens[max(start, end - 1)].end


def _quote(own: str, sentence: Sentence, start: int, end: int) -> str:
    return quote(own, _span(sentence, 0, len(sentence.tokens)), _span(sentence, start, end))


def _mention(
    own: str, sentence: Sentence, kind: str, name: str | None, place: tuple[int, int]
) -> MinedMention:
    low, high = _span(sentence, *place)
    phrase = " ".join(fold(own[low:high]).text.split())
    return MinedMention(kind, name, _quote(own, sentence, *place), phrase)


def _rivals(own: str, rows: Sequence[rivalry.Named]) -> Iterator[MinedMention]:
    for row in rows:
        for hit in row.hits:
            yield _mention(own, row.sentence, "competitor", hit.name, (hit.start, hit.end))


def _rival_hosts(text: str, dictionary: Dictionary) -> Iterator[MinedMention]:
    for name, start, end in competitors.by_domain(text, dictionary):
        low, high = max(0, start - AROUND_HOST), end + AROUND_HOST
        if not rivalry.works_together(text[low:start], text[end:high]):
            words = quote(text, (low, high), (start, end))
            yield MinedMention("competitor", name, words, text[start:end].lower())


def _intents(own: str, read: Sequence[Sentence]) -> Iterator[MinedMention]:
    for index, found in cancel.find(read):
        yield _mention(own, read[index], "cancel", None, (found.start, found.end))
    for index, start, end in foreign.find(read):
        yield _mention(own, read[index], "cancel", None, (start, end))
    for index, hit in intent.find(read):
        plan = hit.plan.title() if hit.plan else None
        yield _mention(own, read[index], hit.kind, plan, (hit.start, hit.end))


def _once(mentions: Iterable[MinedMention]) -> tuple[MinedMention, ...]:
    first: dict[tuple[str, str | None], MinedMention] = {}
    for mention in mentions:
        name = mention.name if mention.kind == "competitor" else None
        first.setdefault((mention.kind, name), mention)
    return tuple(first.values())


def read(raw: str, dictionary: Dictionary, *, subject: bool = False) -> TextReading:
    """Read one message of the customer, or the subject of its ticket."""
    seen = _REPLY.sub("", raw) if subject else own_words(raw)
    own = without_addresses(seen)
    rows = [rivalry.read(sentence, own, dictionary) for sentence in sentences(own)]
    marked = tuple(row.sentence for row in rows)
    annoyed: list[tuple[int, PhraseMatch]] = list(intent.frustration(marked))
    english = language.detect(marked) == "en"
    mentions = _once(
        (
            *_rivals(own, rows),
            *_rival_hosts(seen, dictionary),
            *_intents(own, marked),
            *(_mention(own, marked[i], "frustration", None, (f.start, f.end)) for i, f in annoyed),
        )
    )
    return TextReading(own, marked, mentions, sentiment.read(marked, annoyed) if english else None)


def _identity(ticket_id: str, message: str, mention: MinedMention) -> str:
    parts = (
        ticket_id,
        " ".join(fold(message).text.split()),
        mention.kind,
        mention.name or "",
        mention.phrase,
    )
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _component(readings: Sequence[TextReading], components: Mapping[str, Dictionary]) -> str | None:
    counts = {
        name: sum(
            1
            for reading in readings
            for sentence in reading.sentences
            for _ in dictionary.spans(sentence, reading.own)
        )
        for name, dictionary in components.items()
    }
    best = max(counts, key=lambda name: counts[name], default=None)
    return best if best is not None and counts[best] > 0 else None


def _component_words(
    components: Sequence[str] | Mapping[str, Sequence[str]],
) -> dict[str, Dictionary]:
    rows = components if isinstance(components, Mapping) else dict.fromkeys(components, ())
    return {
        name: Dictionary([NamedCompetitor(name, (*aliases, name + "s"))])
        for name, aliases in rows.items()
    }


def _total(readings: Sequence[TextReading]) -> tuple[float | None, str | None]:
    """Return the ticket's sentiment, that of its messages by weight, and the worst words."""
    felt = [(reading, reading.feeling) for reading in readings if reading.feeling is not None]
    if not felt:
        return None, None
    score = round(sum(feeling.score for _, feeling in felt) / len(felt), 2)
    reading, feeling = min(felt, key=lambda row: row[1].score)
    quoted = reading.words(feeling.worst) if score <= sentiment.NEGATIVE and feeling.worst else None
    if score <= sentiment.NEGATIVE and quoted is None:
        return None, None
    return score, quoted


@dataclass(frozen=True, slots=True)
class Miner:
    """Reads tickets for one workspace: its rivals, its components, its words for topics."""

    rivals: Dictionary
    components: Mapping[str, Dictionary]
    tag_topics: Mapping[str, str]

    def __call__(
        self, ticket_id: str, subject: str, texts: Sequence[str], tags: Sequence[str] = ()
    ) -> Mined:
        """Read a ticket: its subject, and the customer's own messages."""
        tagged = topics.from_tags(tags, self.tag_topics)
        if is_automatic(subject):
            return Mined(topics=tagged or ("other",), is_automatic=True)
        messages = [text for text in texts if not is_automatic(text)]
        head = read(subject, self.rivals, subject=True)
        bodies = [read(text, self.rivals) for text in messages]
        rows = [sentence for body in bodies for sentence in body.sentences]
        ends = any(reading.ends for reading in (head, *bodies))
        found = topics.read(head.sentences, rows, tagged, ends=ends)
        score, quoted = _total(bodies or [head])
        pairs = zip((subject, *messages), (head, *bodies), strict=True)
        return Mined(
            topics=found.names,
            topic_confidence=found.confidence,
            component=_component((head, *bodies), self.components),
            sentiment=score,
            sentiment_quote=quoted,
            mentions=tuple(
                (_identity(ticket_id, text, mention), mention.kind, mention.name, mention.quote)
                for text, reading in pairs
                for mention in reading.mentions
            ),
            is_automatic=bool(texts) and not messages,
        )


def miner(
    rivals: Sequence[NamedCompetitor] = (),
    components: Sequence[str] | Mapping[str, Sequence[str]] = (),
    tag_topics: Mapping[str, str] | None = None,
) -> Miner:
    """Return what reads the tickets of one workspace."""
    return Miner(Dictionary(rivals), _component_words(components), tag_topics or {})


def mine_text(text: str, rivals: Dictionary) -> dict[str, Any]:
    """Return what one message says, as `sidelight text` prints it."""
    if is_automatic(text):
        return {"text": text, "topics": ["other"], "mentions": [], "sentiment": None}
    reading = read(text, rivals)
    feeling = reading.feeling
    return {
        "text": text,
        "topics": list(topics.read((), reading.sentences, ends=reading.ends).names),
        "mentions": [
            {"kind": mention.kind, "name": mention.name, "quote": mention.quote}
            for mention in reading.mentions
        ],
        "sentiment": None if feeling is None else feeling.score,
    }


def mining(rivals: Sequence[NamedCompetitor]) -> Callable[[str], dict[str, Any]]:
    """Return `mine_text` for one dictionary of rivals."""
    dictionary = Dictionary(rivals)
    return lambda text: mine_text(text, dictionary)
