"""What a workspace adds: own names, phrases of its customers, and examples that check them."""

from __future__ import annotations

from typing import Any

import pytest

from plugin.text.competitors import Dictionary, NamedCompetitor
from plugin.text.examples import failures
from plugin.text.explaining import explain
from plugin.text.mine import mine_text
from plugin.text.own import own

RIVALS = Dictionary([NamedCompetitor("Rivaldesk")])
OWN = own(["Quorbase"], {"cancel": ["sunset our deal"], "ignore": ["as the old joke goes"]})


def kinds(text: str, additions: Any = OWN) -> set[str]:
    """Return what is mentioned."""
    return {row["kind"] for row in mine_text(text, RIVALS, additions)["mentions"]}


@pytest.mark.parametrize(
    "text",
    ["We are leaving Quorbase.", "Cancel Quorbase.", "Wir verlassen Quorbase zum Jahresende."],
)
def test_own_names_are_objects(text: str) -> None:
    """What is left or cancelled may be named by the company's own name."""
    assert kinds(text) == {"cancel"}


def test_phrases_of_the_workspace_say_what_it_says_they_do() -> None:
    """A phrase counts where it is said, and not where it is negated."""
    assert kinds("In May we sunset our deal.") == {"cancel"}
    assert kinds("In May we sunset our deal.", own()) == set()
    assert kinds("We do not sunset our deal.") == set()


def test_an_ignored_phrase_takes_the_meaning_from_its_sentence() -> None:
    """Other sentences of the message still count."""
    assert kinds("As the old joke goes, I will cancel my subscription.") == set()
    both = "As the old joke goes, I will cancel my subscription. Please cancel our contract."
    assert kinds(both) == {"cancel"}


def test_examples_tell_what_is_read_otherwise() -> None:
    """Each example that is read otherwise is one line with its number, its words and the way on."""

    def mine(text: str) -> dict[str, Any]:
        return mine_text(text, RIVALS, OWN)

    good = "- {text: We sunset our deal, says: [cancel]}\n- {text: Hello there, says: []}\n"
    assert list(failures(good, mine)) == []
    assert "says nothing, not cancel" in next(failures("- {text: Hello, says: [cancel]}", mine))
    assert "is unknown" in next(failures("- {text: Hello, says: [cancle]}", mine))
    assert "is no example" in next(failures("- {text: Hello}", mine))
    assert "cannot be read" in next(failures("text: [", mine))


def test_explains_which_words_decided_and_what_held_back() -> None:
    """A row for each sentence that was read or nearly read, with reasons on both sides."""
    said, *_ = explain("Please cancel our subscription. How do I cancel it?", RIVALS)

    assert said["kind"] == "cancel"
    assert said["confidence"] == "sure"
    assert said["likelihood"] > 0.9
    assert any("cancel" in reason for reason in said["decided"])
    asked = [row for row in explain("How do I cancel our plan?", RIVALS) if row["kind"] == "cancel"]
    assert all(row["confidence"] is None and row["held_back"] for row in asked)


def test_other_languages_are_not_judged() -> None:
    """In another language silence says nothing, and the answer says so; rivals are read."""
    answer = mine_text(
        "Vogliamo disdire il contratto e passare a Rivaldesk per il prossimo anno", RIVALS
    )

    assert answer["language"] == "it"
    assert answer["not_judged"] == ["cancel", "upgrade", "downgrade", "frustration"]
    assert [row["kind"] for row in answer["mentions"]] == ["competitor"]
    assert mine_text("We like it.", RIVALS)["not_judged"] == []
