"""What is asked of every renderer, whatever its format."""

from __future__ import annotations

import dataclasses
import json

import pytest

from tests.widgets.cast import CAST
from tests.widgets.golden import ENDINGS, FOLDER, as_file, golden_path
from widgets.registry import discover
from widgets.renderer import Renderer

RENDERERS = discover()


@pytest.fixture(params=RENDERERS.values(), ids=list(RENDERERS))
def renderer(request: pytest.FixtureRequest) -> Renderer:
    """Return each renderer in turn."""
    found = request.param
    assert isinstance(found, Renderer)
    return found


@pytest.mark.parametrize("who", CAST)
def test_answers_as_recorded(renderer: Renderer, who: str) -> None:
    """Each of the cast is answered word for word as its golden file says."""
    expected = golden_path(renderer, who).read_text(encoding="utf-8")

    assert as_file(renderer, CAST[who]) == expected


def test_has_no_golden_answer_too_many() -> None:
    """A golden file that belongs to nobody is a forgotten one."""
    recorded = {path for path in FOLDER.rglob("*") if path.is_file()}

    assert recorded == {golden_path(it, who) for it in RENDERERS.values() for who in CAST}


def test_is_documented(renderer: Renderer) -> None:
    """Each renderer links the page of the format that it obeys, and names a known type."""
    assert renderer.limits.docs_url.startswith("https://")
    assert renderer.content_type in ENDINGS


@pytest.mark.parametrize("who", CAST)
def test_can_be_sent(renderer: Renderer, who: str) -> None:
    """Each answer can be encoded, within the bytes that its helpdesk takes."""
    answer = renderer.render(CAST[who], {})
    sent = answer if isinstance(answer, str) else json.dumps(answer, allow_nan=False)

    assert 0 < len(sent.encode()) <= (renderer.limits.max_bytes or 64_000)


def test_changes_nothing(renderer: Renderer) -> None:
    """Rendering twice gives the same answer: a renderer keeps nothing."""
    widget = CAST["northwind_csm"]

    assert renderer.render(widget, {}) == renderer.render(dataclasses.replace(widget), {})
