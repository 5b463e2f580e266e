"""Tell what a ticket is about, by weighted words and by the helpdesk's own tags."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from plugin.account.words import TOPIC
from plugin.text import lexicon
from plugin.text.tokens import Sentence
from plugin.text.weights import likelihood

SUBJECT_WEIGHT = 2.0
REPEATED_MAX = 2  # a phrase said more often than that says no more
SECOND_SHARE = 0.5  # a further topic has at least this share of the best
GUESSED = 0.5  # confidence of a question without a word of any topic
QUESTION_WORDS_MIN = 4
LEAST = 2.0  # one weak word is no topic
CONTRACT_ENDS = 2.5
LOW = -30.0  # the logit of what is not said
WEIGHED = 8.0  # what a sentence that is surely about a topic adds
_NAMED = tuple(topic for topic in TOPIC if topic != "other")
_TAG_WORDS: Mapping[str, str] = {
    "billing": "billing",
    "invoice": "billing",
    "invoicing": "billing",
    "payment": "billing",
    "payments": "billing",
    "refund": "billing",
    "bug": "bug",
    "bugs": "bug",
    "defect": "bug",
    "how_to": "how_to",
    "howto": "how_to",
    "question": "how_to",
    "feature_request": "feature_request",
    "feature": "feature_request",
    "idea": "feature_request",
    "outage": "outage",
    "incident": "outage",
    "downtime": "outage",
    "access": "access",
    "login": "access",
    "sso": "access",
    "password": "access",
    "permissions": "access",
}


@dataclass(frozen=True, slots=True)
class Topics:
    """Topics, likeliest first, and how sure the first one is (0..1)."""

    names: tuple[str, ...] = ("other",)
    confidence: float = 0.0


def _of_tag(tag: str) -> str | None:
    key = re.sub(r"[\s-]+", "_", tag.strip().lower())
    return key if key in _NAMED else _TAG_WORDS.get(key)


def from_tags(tags: Iterable[str], mapping: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the topics that tags or helpdesk fields stand for; `mapping` is the workspace's."""
    wanted = {tag.lower(): topic for tag, topic in (mapping or {}).items()}
    found = (wanted.get(tag.strip().lower()) or _of_tag(tag) for tag in tags)
    return tuple(dict.fromkeys(topic for topic in found if topic in TOPIC))


def _weigh(sentences: Sequence[Sentence], scale: float) -> Counter[str]:
    scores: Counter[str] = Counter()
    seen: Counter[tuple[str, str]] = Counter()
    finder = lexicon.finder("topics", *_NAMED)
    for sentence in sentences:
        for found in finder.find(sentence.words):
            key = (found.phrase.key, found.phrase.source)
            seen[key] += 1
            if seen[key] <= REPEATED_MAX:
                scores[found.phrase.key] += found.phrase.weight * scale  # type: ignore[assignment]
    return scores


def _asks_how(sentence: Sentence) -> bool:
    """Return whether a sentence asks about the product, though no word of a topic is in it."""
    opens = sentence.has(0, "how", "where", "what", "which", "does", "do") or (
        sentence.has(0, "can", "could", "may") and sentence.has(1, "=i", "=we")
    )
    return sentence.asks and opens and len(sentence.tokens) >= QUESTION_WORDS_MIN


def read(
    subject: Sequence[Sentence],
    body: Sequence[Sentence],
    tags: tuple[str, ...] = (),
    *,
    ends: bool = False,
    weighed: Sequence[Mapping[str, float]] = (),
) -> Topics:
    """Return the topics of a ticket; a tag of the helpdesk comes first and is sure.

    `ends`: it speaks of ending the contract, which is about billing unless more is said.
    `weighed`: the logits of its sentences, which know more languages than the words do.
    """
    scores = _weigh(body, 1.0)
    for name in _NAMED:
        surest = max((likelihood(row.get(name, LOW)) for row in weighed), default=0.0)
        scores[name] += WEIGHED * surest  # type: ignore[assignment]
    if ends:
        scores["billing"] += CONTRACT_ENDS  # type: ignore[assignment]
    scores.update(_weigh(subject, SUBJECT_WEIGHT))
    ranked = sorted(scores.items(), key=lambda row: (-row[1], _NAMED.index(row[0])))
    strong = [
        (name, score) for name, score in ranked if score >= max(LEAST, ranked[0][1] * SECOND_SHARE)
    ]
    if tags:
        mined = (name for name, _ in strong)
        return Topics(tuple(dict.fromkeys((*tags, *mined))), 1.0)
    if not strong:
        asked = any(_asks_how(sentence) for sentence in (*subject, *body))
        return Topics(("how_to",), GUESSED) if asked else Topics()
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    return Topics(tuple(name for name, _ in strong), ranked[0][1] / (ranked[0][1] + second))
