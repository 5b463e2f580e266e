"""Which organisation an account is: asked for once, never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from plugin.errors import UpstreamUnavailable
from plugin.sources.ticketing.matching import only_key, remembered
from plugin.sources.ticketing.recall import KEPT_MOST
from plugin.upstream import AccountRef, Client, Link

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ACME = AccountRef("1", "Acme", domain="acme.example")


@pytest.fixture
def link() -> Link:
    """Return a connection that nothing is asked of."""
    return Link("acme", "helpdesk", {}, cast("Client", None), NOW)


def _counting(answer: str | None) -> Any:
    calls: list[str] = []

    def ask() -> str | None:
        calls.append("asked")
        return answer

    ask.calls = calls  # type: ignore[attr-defined]  # read by the test alone
    return ask


@pytest.mark.parametrize(
    ("ways", "key"),
    [
        ([[], [{"id": 7}]], "7"),
        ([[{"id": 7}, {"id": "7"}]], "7"),
        ([[{"id": 7}, {"id": 8}], [{"id": 7}]], None),
        ([[], []], None),
    ],
)
def test_the_first_way_that_finds_any_decides(ways: Any, key: str | None) -> None:
    """Several are nobody's, even where a later way finds one of them."""
    assert only_key(ways) == key


@pytest.mark.parametrize(
    ("answer", "life"), [("7", timedelta(hours=1)), (None, timedelta(minutes=5))]
)
def test_an_account_is_looked_for_once_in_a_while(
    link: Link, answer: str | None, life: timedelta
) -> None:
    """What was found holds for an hour; that nothing was found, for minutes."""
    ask = _counting(answer)
    for later in (timedelta(0), life - timedelta(seconds=1), life):
        assert remembered(replace(link, now=NOW + later), ACME, ask) == answer

    assert len(ask.calls) == 2


def test_each_account_has_its_own_answer(link: Link) -> None:
    """Another domain, another person or another connection is another question."""
    others = (replace(ACME, domain="x.example"), replace(ACME, emails=("a@acme.example",)))
    for number, ref in enumerate((ACME, *others)):
        assert remembered(link, ref, _counting(str(number))) == str(number)
    elsewhere = Link("acme", "other", {}, cast("Client", None), NOW)

    assert remembered(elsewhere, ACME, _counting("9")) == "9"
    assert remembered(link, ACME, _counting("9")) == "0"


def test_a_failure_is_not_remembered(link: Link) -> None:
    """Whoever did not answer is asked again."""

    def fail() -> str | None:
        raise UpstreamUnavailable("down")

    with pytest.raises(UpstreamUnavailable):
        remembered(link, ACME, fail)

    assert remembered(link, ACME, _counting("7")) == "7"


def test_what_is_forgotten_is_asked_again(link: Link) -> None:
    """An invalidation reaches this memory, too, and it has a limit."""
    remembered(link, ACME, _counting("7"))
    link.memory.forget()

    assert remembered(link, ACME, _counting("8")) == "8"
    for number in range(KEPT_MOST + 10):
        remembered(link, replace(ACME, id=f"n{number}"), _counting("1"))
    assert len(link.memory.value) <= KEPT_MOST + 1
