"""Sentences and words with their places."""

from __future__ import annotations

import pytest

from plugin.text.tokens import SENTENCE_MAX, sentences


def forms(text: str) -> list[list[str]]:
    """Return the words of each sentence, without marks."""
    return [[t.form for t in each.tokens if not t.mark] for each in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We won't. I'm out!", [["we", "will", "not"], ["i", "am", "out"]]),
        ("dont u cancel", [["do", "not", "you", "cancel"]]),
        ("l'abonnement d'annuler", [["l'", "abonnement", "d'", "annuler"]]),
        ("version 2.1 works", [["version", "2", "1", "works"]]),
        ("- one\n- two", [["one"], ["two"]]),
        ("Hello Ann\n\nwe cancel", [["hello", "ann"], ["we", "cancel"]]),
        ("auto-renewal is off", [["auto", "renewal", "is", "off"]]),
    ],
)
def test_cuts_sentences_and_words(text: str, expected: list[list[str]]) -> None:
    """Contractions are spoken out, lists and paragraphs end sentences, numbers do not."""
    assert forms(text) == expected


def test_wrapped_line_goes_on() -> None:
    """A mail program's line break in the middle of a sentence ends nothing."""
    text = "After the long discussion of last week we have decided that we\nCannot stay."

    assert len(forms(text)) == 1


def test_tokens_know_their_place() -> None:
    """A token leads to the customer's own spelling."""
    text = "Bitte KÜNDIGEN"
    token = next(iter(sentences(text))).tokens[1]

    assert (token.form, text[token.start : token.end]) == ("kundigen", "KÜNDIGEN")


def test_endless_sentence_is_cut() -> None:
    """A sentence has at most SENTENCE_MAX tokens, so that nothing grows with its length."""
    assert [len(each) for each in forms("word " * (SENTENCE_MAX + 1))] == [SENTENCE_MAX, 1]
