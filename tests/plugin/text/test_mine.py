"""A ticket read once, whatever is in it."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.account.words import MENTION, TOPIC
from plugin.text.competitors import Dictionary, NamedCompetitor
from plugin.text.mine import mine_text, miner
from plugin.upstream import Mined

RIVALS = (NamedCompetitor("Rivaldesk"),)
SIZE = 1_000_000
SECONDS_MOST = 20  # far above what is needed, far below what squared time would take
HOSTILE = {
    "one letter": "a" * SIZE,
    "we": "we " * (SIZE // 3),
    "rival": "rivaldesk " * (SIZE // 10),
    "open tags": "<div" * (SIZE // 4),
    "open comments": "<!--" * (SIZE // 4),
    "headers": "from:date:" * (SIZE // 10),
    "introductions": "On 2020 x wrote:\n> a\n" * (SIZE // 20),
    "accents": "e" + "\u0301\u0323" * (SIZE // 2),
    "addresses": "a@b." * (SIZE // 4),
    "numbers": "1 " * (SIZE // 2),
}


def ticket(subject: str, *texts: str, tags: Sequence[str] = ()) -> Mined:
    """Mine one ticket with a component list."""
    mine = miner(RIVALS, {"export": ("CSV download",), "SSO": ()})
    return mine("T-1", subject, texts, tags)


def test_reads_a_ticket_once() -> None:
    """Subject and messages give topics, component, sentiment with its quote, and mentions."""
    mined = ticket(
        "Export fails again",
        "This is the third time I ask! The export is terrible.",
        "If it is not fixed we cancel our contract and go to Rivaldesk.",
    )

    assert "bug" in mined.topics
    assert mined.component == "export"
    assert mined.sentiment is not None
    assert mined.sentiment < -0.3
    assert mined.sentiment_quote is not None
    kinds = {(kind, name) for _, kind, name, *_ in mined.mentions}
    assert {("frustration", None), ("cancel", None), ("competitor", "Rivaldesk")} <= kinds


def test_identity_is_stable_and_differs() -> None:
    """The same words keep their id when more messages come; other words or tickets differ."""
    mine = miner()
    one = mine("T-1", "Hello", ["We cancel our contract."]).mentions[0][0]
    later = mine("T-1", "Hello", ["Thanks.", "We cancel our contract."]).mentions[0][0]
    other = mine("T-2", "Hello", ["We cancel our contract."]).mentions[0][0]

    assert one == later
    assert one != other


def test_quote_is_the_customers_own_spelling() -> None:
    """Case and accents of the quote are those of the message; addresses are masked."""
    mined = ticket("", "Wir möchten KÜNDIGEN, schreibt an ann@example.com")

    assert mined.mentions[0][3] == "Wir möchten KÜNDIGEN, schreibt an"


@pytest.mark.parametrize(
    "subject", ["Automatic reply: cancel our plan", "Undeliverable: cancel our plan"]
)
def test_machines_say_nothing(subject: str) -> None:
    """Absences and bounces have no mentions and no sentiment."""
    mined = ticket(subject, "We cancel our contract because it is terrible.")

    assert mined == Mined(topics=("other",), is_automatic=True)


def test_a_ticket_of_machine_messages_is_no_ticket() -> None:
    """Whether a person wrote is told by all messages together; one of a person is enough."""
    away = "I am out of office until Monday."

    assert ticket("Re: Invoice", away).is_automatic
    assert not ticket("Re: Invoice", away, "The invoice is wrong.").is_automatic
    assert not ticket("Invoice", "").is_automatic


def test_tags_lead_the_topics() -> None:
    """A helpdesk's tag is the first topic."""
    mined = ticket("Invoice", "The invoice is wrong.", tags=["access"])

    assert (mined.topics[0], mined.topic_confidence) == ("access", 1.0)


def test_empty_ticket_is_other_and_unknown() -> None:
    """Nothing said is topic other and no sentiment, not a neutral one."""
    assert ticket("", "") == Mined(topics=("other",), topic_confidence=0.0)


def test_subject_alone_is_read() -> None:
    """A request that stands only in the subject counts."""
    assert [kind for _, kind, *_ in ticket("Re: Cancel our contract", "").mentions] == ["cancel"]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_a_million_characters_are_read_in_bounded_time(text: str) -> None:
    """A megabyte built to be slow ends soon, with what it says."""
    start = time.perf_counter()
    answer = mine_text(text, Dictionary(RIVALS))

    assert time.perf_counter() - start < SECONDS_MOST
    assert {"text", "topics", "mentions", "sentiment"} <= set(answer)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_words_of_the_vocabulary(text: str) -> None:
    """Whatever the text: known topics and kinds, short quotes, no error."""
    answer = mine_text(text, Dictionary(RIVALS))

    assert set(answer["topics"]) <= set(TOPIC)
    assert answer["topics"]
    assert {mention["kind"] for mention in answer["mentions"]} <= set(MENTION)
    assert all(len(mention["quote"]) <= 120 for mention in answer["mentions"])
