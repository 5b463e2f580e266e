"""The envelopes that helpdesks with their own components want around an answer."""

from __future__ import annotations

from typing import Any

import pytest

from plugin.frame import FrameRequest, Proof, SignedRequest
from tests.families.helpdesks.bench import BASE, NOW, TRIAL, Bench, bench, read_request

TEXT = [{"type": "text", "text": "Northwind"}]


def _canvas(stage: str) -> Any:
    desk = bench("intercom")
    request = FrameRequest(install_id="acme", stage=stage)
    return desk.helpdesk.wrap(TEXT, request, desk.install)


@pytest.mark.parametrize("stage", ["initialize", "submit"])
def test_intercom_wants_a_canvas(stage: str) -> None:
    """Components stand in the content of a canvas."""
    assert _canvas(stage) == {"canvas": {"content": {"components": TEXT}}}


@pytest.mark.parametrize(
    "rendered", [{"components": TEXT}, {"canvas": {"content": {"components": TEXT}}}]
)
def test_a_canvas_is_wrapped_once(rendered: Any) -> None:
    """Content that is rendered further already is not wrapped twice."""
    desk = bench("intercom")
    wrapped = desk.helpdesk.wrap(rendered, FrameRequest(install_id="acme"), desk.install)

    assert wrapped == {"canvas": {"content": {"components": TEXT}}}


def test_intercom_has_nothing_to_configure() -> None:
    """`configure` is answered at once; the other stages want an account."""
    desk = bench("intercom")
    answers = {
        stage: desk.helpdesk.reply(read_request({"stage": stage}), Proof(), desk.install)
        for stage in desk.helpdesk.stages
    }

    assert answers["configure"] is not None
    assert answers["configure"].body == {"results": {}}
    assert (answers["initialize"], answers["submit"]) == (None, None)


@pytest.mark.parametrize("url", [BASE, f"{BASE}/initialize"], ids=["launch", "stage"])
def test_intercom_signs_for_the_address_of_its_stage(url: str) -> None:
    """A trial goes to the stage's address, whichever of the two it is given."""
    desk = bench("intercom")
    template = SignedRequest("GET", url, {}, b"", b"", NOW)

    assert desk.helpdesk.sign(TRIAL, desk.install, template).url == f"{BASE}/initialize"


def _cards(options: dict[str, Any], **extra: Any) -> list[dict[str, Any]]:
    desk = bench("plain")
    request = FrameRequest(install_id="acme", extra={"card_keys": ("account", "health"), **extra})
    answer = desk.helpdesk.wrap(TEXT, request, desk.with_options(**options))
    cards: list[dict[str, Any]] = answer["cards"]
    return cards


def test_plain_gets_every_card_that_it_asks_for() -> None:
    """A key without its card would be an error in Plain."""
    assert _cards({}) == [
        {"key": "account", "timeToLiveSeconds": 60, "components": TEXT},
        {"key": "health", "timeToLiveSeconds": 60, "components": TEXT},
    ]


def test_plain_hides_the_cards_that_are_not_ours() -> None:
    """With a card key set, other cards at the same URL are answered and hidden."""
    components = {card["key"]: card["components"] for card in _cards({"card_key": "health"})}

    assert components == {"account": None, "health": TEXT}


def test_plain_asks_again_soon_when_facts_are_missing() -> None:
    """A partial card lives as briefly as Plain allows; the number is whole."""
    lives = [card["timeToLiveSeconds"] for card in _cards({"time_to_live": 3600}, partial=True)]

    assert lives == [15, 15]


def test_a_card_asked_for_twice_is_answered_once() -> None:
    """Doubled keys of one request are one card."""
    desk = bench("plain")
    request = read_request({"body": {"cardKeys": ["a", "a"], "customer": {}}})

    assert desk.helpdesk.parse(request, Proof(), desk.install).extra["card_keys"] == ("a",)


@pytest.fixture(params=["intercom", "plain"])
def native(request: pytest.FixtureRequest) -> Bench:
    """Return each helpdesk that draws the answer itself."""
    return bench(str(request.param))


def test_no_page_frames_a_native_answer(native: Bench) -> None:
    """What is no page cannot be framed."""
    assert native.helpdesk.ancestors(native.install) == ()
