"""Rivals by name, and when a name is a mention."""

from __future__ import annotations

import pytest

from plugin.text.competitors import Dictionary, NamedCompetitor
from plugin.text.mine import mine_text

RIVALS = (
    NamedCompetitor("Rivaldesk", domains=("rivaldesk.com",)),
    NamedCompetitor("Help Scout"),
    NamedCompetitor("Front"),
    NamedCompetitor("Monday"),
    NamedCompetitor("Drift", case_sensitive=True),
    NamedCompetitor("Planhat", aliases=("PH Cloud",), ignore_near=("hat stand",)),
    NamedCompetitor("Crème CRM"),
)


def named(text: str, rivals: tuple[NamedCompetitor, ...] = RIVALS) -> list[str]:
    """Return the rivals that a message mentions."""
    mentions = mine_text(text, Dictionary(rivals))["mentions"]
    return [mention["name"] for mention in mentions if mention["kind"] == "competitor"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("We looked at RIVALDESK.", ["Rivaldesk"]),
        ("Rivaldesk's price is lower.", ["Rivaldesk"]),
        ("Is helpscout better?", ["Help Scout"]),
        ("Is Help-Scout better?", ["Help Scout"]),
        ("PH Cloud called us.", ["Planhat"]),
        ("Compared with creme crm you are slow.", ["Crème CRM"]),
        ("see https://www.rivaldesk.com/pricing", ["Rivaldesk"]),
        ("Rivaldesks is another firm", []),
        ("unrivaldesk and rivaldeskpro", []),
        ("my_rivaldesk_id is wrong", []),
        ("mail to bob@rivaldesk.com", []),
        ("open rivaldesk.csv", []),
        ("I need help. Scout the area.", []),
        ("We looked at Planhat beside the hat stand.", []),
    ],
)
def test_names_match_at_word_bounds(text: str, names: list[str]) -> None:
    """A name counts as written, possessive, joined or by alias, never inside another word."""
    assert named(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("We are switching to front next week.", ["Front"]),
        ("Our team tried Front in May.", ["Front"]),
        ("Front of the queue, please.", []),
        ("The front page is broken.", []),
        ("The front-end is broken.", []),
        ("See you on Monday.", []),
        ("Move the call to Monday.", []),
        ("We are switching to Monday.", ["Monday"]),
        ("We use Drift.", ["Drift"]),
        ("the numbers drift apart", []),
    ],
)
def test_ordinary_words_need_more(text: str, names: list[str]) -> None:
    """A name that is an ordinary word wants its capital, or a talk of choosing."""
    assert named(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "The export to Rivaldesk fails.",
        "We import contacts from Rivaldesk.",
        "Your Rivaldesk connector is great.",
        "Is there an integration with Rivaldesk?",
        "Tickets do not sync with Rivaldesk.",
        "We moved from Rivaldesk to you.",
        "We are not switching to Rivaldesk.",
        "We have no plans to move to Rivaldesk.",
    ],
)
def test_working_together_is_no_mention(text: str) -> None:
    """Integration talk, where they came from and what they decline are context."""
    assert named(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "We may switch to Rivaldesk.",
        "How do you compare with Rivaldesk?",
        "We have a quote from Rivaldesk.",
        "We started a trial of Rivaldesk.",
        "Rivaldesk does that better.",
        "Is your integration cheaper than Rivaldesk?",
        "We export to Rivaldesk, since we are switching to them.",
    ],
)
def test_choosing_is_a_mention(text: str) -> None:
    """Switching, comparing, quotes and trials count, also beside integration talk."""
    assert named(text) == ["Rivaldesk"]


def test_metacharacters_in_a_name_are_letters() -> None:
    """A name is a literal string: no expression of a user is ever compiled."""
    assert named("nothing here", (NamedCompetitor("(a+)+$"), NamedCompetitor("++"))) == []


def test_each_rival_counts_once_a_message() -> None:
    """A message that names a rival twice has one mention of it."""
    assert named("Rivaldesk is fine. Rivaldesk is cheap.") == ["Rivaldesk"]
