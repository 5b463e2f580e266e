"""What the first view weighs on the wire."""

from __future__ import annotations

import gzip
from pathlib import Path

from tests.widgets.cast import CAST
from widgets.renderers.html import render, render_page
from widgets.shell import Shell

STATIC = Path(__file__).parents[2] / "static"
FIRST_VIEW = 14 * 1024  # bytes compressed: page, style and script
PART = 30 * 1024  # bytes of one part as it is
SCRIPT = 4 * 1024  # bytes of the script compressed, with room for a bridge


def _sent(text: str) -> int:
    return len(gzip.compress(text.encode()))


def _page(who: str) -> str:
    part = render(CAST[who], {})
    return render_page(Shell("Sidelight", "/frames/acme/widget", "t" * 300, "zendesk", part=part))


def test_first_view_is_light() -> None:
    """Page, style and script together stay within 14 KB compressed, for each of the cast."""
    files = sum(_sent((STATIC / name).read_text()) for name in ("frame.css", "frame.js"))

    assert files + max(_sent(_page(who)) for who in CAST) <= FIRST_VIEW


def test_part_is_light() -> None:
    """The markup of each of the cast stays within 30 KB."""
    assert max(len(render(CAST[who], {}).encode()) for who in CAST) <= PART


def test_script_is_light() -> None:
    """The script that all frames share leaves room for the helpdesk's bridge."""
    assert _sent((STATIC / "frame.js").read_text()) <= SCRIPT


def test_static_files_ask_nobody_else() -> None:
    """Neither style nor script names another host, a cookie or the browser's storage."""
    for name in ("frame.css", "frame.js"):
        text = (STATIC / name).read_text()

        assert not [
            word for word in ("http", "@import", "url(", "cookie", "Storage") if word in text
        ]
