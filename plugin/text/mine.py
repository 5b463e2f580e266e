"""Read a ticket's text once: topics, component, mentions, sentiment and the quotes behind them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugin.account.words import MENTION
from plugin.text import sentiment, topics
from plugin.text.automatic import is_automatic
from plugin.text.competitors import Dictionary, NamedCompetitor
from plugin.text.fold import fold
from plugin.text.message import MinedMention, TextReading, read
from plugin.text.own import NOTHING, Own
from plugin.upstream import Mined


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
    own: Own = NOTHING

    def __call__(
        self, ticket_id: str, subject: str, texts: Sequence[str], tags: Sequence[str] = ()
    ) -> Mined:
        """Read a ticket: its subject, and the customer's own messages."""
        tagged = topics.from_tags(tags, self.tag_topics)
        if is_automatic(subject):
            return Mined(topics=tagged or ("other",), is_automatic=True)
        messages = [text for text in texts if not is_automatic(text)]
        head = read(subject, self.rivals, subject=True, own=self.own)
        bodies = [read(text, self.rivals, own=self.own) for text in messages]
        rows = [sentence for body in bodies for sentence in body.sentences]
        ends = any(reading.ends for reading in (head, *bodies))
        about = [each for reading in (head, *bodies) for each in reading.about]
        found = topics.read(head.sentences, rows, tagged, ends=ends, weighed=about)
        score, quoted = _total(bodies or [head])
        pairs = zip((subject, *messages), (head, *bodies), strict=True)
        return Mined(
            topics=found.names,
            topic_confidence=found.confidence,
            component=_component((head, *bodies), self.components),
            sentiment=score,
            sentiment_quote=quoted,
            mentions=tuple(
                (
                    _identity(ticket_id, text, mention),
                    mention.kind,
                    mention.name,
                    mention.quote,
                    mention.confidence,
                )
                for text, reading in pairs
                for mention in reading.mentions
            ),
            is_automatic=bool(texts) and not messages,
            is_judged=all(reading.judged for reading in bodies or [head]),
        )


def miner(
    rivals: Sequence[NamedCompetitor] = (),
    components: Sequence[str] | Mapping[str, Sequence[str]] = (),
    tag_topics: Mapping[str, str] | None = None,
    own: Own = NOTHING,
) -> Miner:
    """Return what reads the tickets of one workspace."""
    return Miner(Dictionary(rivals), _component_words(components), tag_topics or {}, own)


def _topics(reading: TextReading) -> topics.Topics:
    return topics.read((), reading.sentences, ends=reading.ends, weighed=reading.about)


def mine_text(text: str, rivals: Dictionary, own: Own = NOTHING) -> dict[str, Any]:
    """Return what one message says, as `sidelight text` prints it."""
    if is_automatic(text):
        return {"text": text, "topics": ["other"], "mentions": [], "sentiment": None}
    reading = read(text, rivals, own=own)
    feeling = reading.feeling
    return {
        "text": text,
        "topics": list(_topics(reading).names),
        "mentions": [
            {
                "kind": mention.kind,
                "name": mention.name,
                "quote": mention.quote,
                "confidence": mention.confidence,
            }
            for mention in reading.mentions
        ],
        "sentiment": None if feeling is None else feeling.score,
        "language": reading.language,
        "not_judged": [] if reading.judged else [kind for kind in MENTION if kind != "competitor"],
    }


def mining(
    rivals: Sequence[NamedCompetitor], own: Own = NOTHING
) -> Callable[[str], dict[str, Any]]:
    """Return `mine_text` for one dictionary of rivals."""
    dictionary = Dictionary(rivals)
    return lambda text: mine_text(text, dictionary, own)
