"""Growth, contraction and frustration."""

from __future__ import annotations

import pytest

from plugin.text.competitors import Dictionary
from plugin.text.mine import mine_text


def kinds(text: str) -> set[tuple[str, str | None]]:
    """Return kind and plan of each mention."""
    return {(each["kind"], each["name"]) for each in mine_text(text, Dictionary())["mentions"]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We need 5 more seats.", {("upgrade", None)}),
        ("How much is the Enterprise plan?", {("upgrade", "Enterprise")}),
        ("We want to go from Starter to Growth.", {("upgrade", "Growth")}),
        ("We want to go from Growth to Starter.", {("downgrade", "Starter")}),
        ("Change our seats from 10 to 15.", {("upgrade", None)}),
        ("Change our seats from 15 to 10.", {("downgrade", None)}),
        ("Reduce our licences to 10.", {("downgrade", None)}),
        ("Your tool is too expensive.", {("downgrade", None)}),
        ("Is SSO part of the Business plan?", {("upgrade", "Business")}),
        ("We have outgrown our plan.", {("upgrade", None)}),
    ],
)
def test_tells_growth_from_contraction(text: str, found: set[tuple[str, str | None]]) -> None:
    """Seats, plans and prices show the way; plans by rank, seats by number."""
    assert kinds(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Please upgrade your browser support to Chrome 120.",
        "We upgraded the library to version 3.",
        "I had to downgrade the client.",
        "We do not want to upgrade.",
        "We are not going to downgrade.",
        "After the upgrade the page is blank.",
        "Our customer wants to upgrade his plan.",
        "How do I add a user to a group?",
        "This query is too expensive.",
        "It is not too expensive.",
        "Please cancel the upgrade.",
    ],
)
def test_other_upgrades_do_not_count(text: str) -> None:
    """Browsers, libraries, versions, negations, other people and past upgrades are left out."""
    assert {kind for kind, _ in kinds(text)} & {"upgrade", "downgrade"} == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("This is the third time I ask.", True),
        ("It is still not working.", True),
        ("Nobody answers.", True),
        ("We are fed up.", True),
        ("The third row is missing.", False),
        ("I am not frustrated, only curious.", False),
        ("Is it still possible to join?", False),
    ],
)
def test_frustration(text: str, found: bool) -> None:  # noqa: FBT001 - a column of the table
    """Repeated asking, waiting and anger count; calm words alike do not."""
    assert any(kind == "frustration" for kind, _ in kinds(text)) is found
