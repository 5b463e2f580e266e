"""What a ticket is about."""

from __future__ import annotations

import pytest

from plugin.account.words import TOPIC
from plugin.text.tokens import sentences
from plugin.text.topics import Topics, from_tags, read


def topics(body: str, subject: str = "", tags: tuple[str, ...] = ()) -> Topics:
    """Return the topics of a ticket."""
    return read(tuple(sentences(subject)), tuple(sentences(body)), from_tags(tags))


def test_subject_weighs_double() -> None:
    """The same words decide when they stand in the subject."""
    first = topics("The export fails.", "Invoice").names[0]
    second = topics("Invoice", "The export fails.").names[0]

    assert (first, second) == ("billing", "bug")


def test_tag_comes_first_and_is_sure() -> None:
    """A tag of the helpdesk beats the text, which adds what else it says."""
    found = topics("Our invoice is wrong.", tags=("vip", "Outage"))

    assert (found.names[0], found.confidence) == ("outage", 1.0)
    assert "billing" in found.names


def test_workspace_mapping_of_tags_wins() -> None:
    """A workspace says what its own tags stand for; a word outside the list is no topic."""
    assert from_tags(["Kasse", "bug", "odd"], {"kasse": "billing", "odd": "nonsense"}) == (
        "billing",
        "bug",
    )


def test_nothing_known_is_other() -> None:
    """Without a word of any topic it is other, without confidence."""
    assert topics("Greetings from Rome") == Topics(("other",), 0.0)


def test_confidence_is_best_to_both() -> None:
    """Two topics alike leave half the confidence, one alone leaves all."""
    assert topics("Please send the invoice.").confidence == 1.0
    assert topics("The export fails and the invoice is late").confidence < 0.9


@pytest.mark.parametrize("topic", [topic for topic in TOPIC if topic != "other"])
def test_every_topic_is_its_own_tag(topic: str) -> None:
    """Each word of the vocabulary is understood as a tag."""
    assert from_tags([topic.replace("_", " ")]) == (topic,)
