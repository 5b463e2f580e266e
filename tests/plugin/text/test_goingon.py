"""Doubts about going on, and products that are no longer used."""

from __future__ import annotations

import pytest

from plugin.text import cancel
from plugin.text.tokens import sentences


def _said(text: str) -> bool:
    return any(True for _ in cancel.find(list(sentences(text))))


@pytest.mark.parametrize(
    "text",
    [
        "We are on the fence about renewing.",
        "I cannot recommend that we renew.",
        "I am leaning towards not doing it when the renewal comes.",
        "Our board is reluctant to extend the contract.",
        "The renewal is frozen by our CFO.",
        "I doubt that we stay with you.",
        "I would be surprised if we were still a customer in May.",
    ],
)
def test_doubt_about_going_on_is_a_thought_of_the_end(text: str) -> None:
    """Who doubts the renewal considers to end the contract."""
    assert _said(text)


@pytest.mark.parametrize(
    "text",
    [
        "I am not sure when the renewal is due.",
        "I am unsure whether to keep the custom field.",
        "We have no doubt that we renew.",
        "The renewal page is stopped by an error.",
        "I doubt that the sync continues.",
    ],
)
def test_doubt_about_another_thing_is_no_thought_of_the_end(text: str) -> None:
    """A date, a part of the product or a failing page says nothing about the contract."""
    assert not _said(text)


@pytest.mark.parametrize(
    "text",
    [
        "We won't be using the software any more.",
        "We do not need this service any longer.",
        "We will no longer need your platform.",
    ],
)
def test_product_no_longer_used_is_the_end(text: str) -> None:
    """Who will not use the product says that the contract ends."""
    assert _said(text)


@pytest.mark.parametrize(
    "text",
    [
        "We don't use the calendar feature any more.",
        "We cannot use the software any more because it crashes.",
        "They will not use the software any more.",
        "We don't need the Enterprise plan any more.",
    ],
)
def test_part_or_failure_is_not_the_end_of_use(text: str) -> None:
    """A feature, a plan, a third party and a fault are no end of the contract."""
    assert not _said(text)
