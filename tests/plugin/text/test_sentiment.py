"""Feeling, and when it is unknown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.text.competitors import Dictionary
from plugin.text.mine import mine_text


def feeling(text: str) -> float | None:
    """Return the sentiment of a message."""
    score: float | None = mine_text(text, Dictionary())["sentiment"]
    return score


def known(text: str) -> float:
    """Return the sentiment of a message that has one."""
    score = feeling(text)
    assert score is not None
    return score


@pytest.mark.parametrize(
    "text",
    [
        "ok thanks",
        "",
        "👍",
        "Dit werkt niet goed voor ons",
        "Das ist leider sehr schlecht",
        "отмена всё плохо сегодня",
    ],
)
def test_unknown_is_not_neutral(text: str) -> None:
    """Fewer than four words, or another language than English, have no sentiment."""
    assert feeling(text) is None


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("The support is terrible here.", "The support is not terrible here."),
        ("The support is not good here.", "The support is good here."),
        ("The support is very bad here.", "The support is slightly bad here."),
        ("It is good but it is slow.", "It is slow but it is good."),
        ("This is the third time I ask.", "I ask about the next step."),
    ],
)
def test_words_around_change_the_weight(worse: str, better: str) -> None:
    """Negators flip, intensifiers and dampeners scale, what follows "but" weighs more."""
    assert known(worse) < known(better)


@pytest.mark.parametrize(
    "text",
    [
        "Please send it to us, thanks in advance.",
        "It would be great if you could call us.",
        "Kind regards from all of us",
        "I would appreciate a short answer.",
    ],
)
def test_politeness_counts_nothing(text: str) -> None:
    """Courtesy is not joy."""
    assert feeling(text) == 0.0


def test_a_plain_fault_report_is_not_anger() -> None:
    """Reporting a bug in plain words stays above the line of negative."""
    assert known("The export shows an error when I click on it.") > -0.3


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="abc good bad not very!?. ", max_size=120))
def test_stays_on_the_scale(text: str) -> None:
    """Sentiment is between −1 and 1, or unknown."""
    score = feeling(text)

    assert score is None or -1 <= score <= 1
