"""Style and script: one of each a page, under addresses that change with their content."""

from __future__ import annotations

import gzip
import re

import pytest

from plugin.web.assets import FOR_A_YEAR, STATIC, STYLE, asset, script_of

BRIDGES = sorted(path.stem for path in (STATIC / "helpdesks").glob("*.js"))


@pytest.fixture
def load(app):
    """Ask for a style or script as a browser does."""

    def _load(url: str, packed: str = ""):
        return app.test_client().get(url, headers={"Accept-Encoding": packed})

    return _load


@pytest.mark.parametrize("name", [STYLE, "frame.js", *(f"{name}.js" for name in BRIDGES)])
def test_each_is_kept_for_a_year_plain_or_packed(load, name):
    """Whatever the browser accepts, it gets the same content."""
    plain, packed = load(asset(name).url), load(asset(name).url, "gzip, deflate, br")

    assert plain.data == gzip.decompress(packed.data) == asset(name).body
    assert plain.headers["Cache-Control"] == packed.headers["Cache-Control"] == FOR_A_YEAR
    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (
        None,
        "gzip",
    )
    assert plain.headers["Vary"] == "Accept-Encoding"
    assert plain.mimetype in ("text/css", "text/javascript")


@pytest.mark.parametrize("name", BRIDGES)
def test_a_helpdesks_script_is_what_all_share_and_its_bridge(services, name):
    """In this order: the bridge speaks to what the first part sets up."""
    shared, bridge = STATIC / "frame.js", STATIC / "helpdesks" / f"{name}.js"

    assert script_of(services.helpdesks[name]) == f"{name}.js"
    assert asset(f"{name}.js").body == shared.read_bytes() + b"\n" + bridge.read_bytes()


def test_a_page_names_one_style_and_one_script(send, signed):
    """Three requests show the first view."""
    page = send(signed("demo-zendesk")).text

    assert re.findall(r'(?:href|src)="(/[^"]+)"', page) == [
        asset(STYLE).url,
        asset("zendesk.js").url,
    ]


def test_another_versions_address_is_answered_and_not_kept(load):
    """During a roll-out a page of one version may meet a worker of another."""
    answer = load(f"/assets/0000000000000000/{STYLE}")

    assert answer.data == asset(STYLE).body
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fframe.css", "playground.css", "zendesk.css"])
def test_nothing_else_is_served(load, name):
    """Only what pages name."""
    assert load(f"/assets/0000000000000000/{name}").status_code == 404
