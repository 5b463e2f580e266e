"""Who may frame the pages, and the envelopes of helpdesks that inject HTML."""

from __future__ import annotations

import dataclasses
from urllib.parse import quote

import pytest

from plugin.frame import FrameRequest
from tests.families.helpdesks.bench import bench, get


def test_freescout_gets_a_document() -> None:
    """The fragment stands in a document, whose title names the panel."""
    desk = bench("freescout")
    page = desk.helpdesk.wrap("<p>Hi</p>", FrameRequest(install_id="acme"), desk.install)

    assert page.startswith("<!doctype html>")
    assert "<title>Sidelight</title>" in page
    assert "<body><p>Hi</p></body>" in page


def test_a_legacy_app_gets_its_html_in_json() -> None:
    """Help Scout reads the fragment from JSON."""
    desk = bench("helpscout_legacy")
    answer = desk.helpdesk.wrap("<p>Hi</p>", FrameRequest(install_id="acme"), desk.install)

    assert answer == {"html": "<p>Hi</p>"}


@pytest.mark.parametrize(
    ("name", "origins"),
    [
        ("helpscout", ("https://secure.helpscout.net",)),
        ("front", ("https://*.frontapp.com", "https://*.frontapplication.com")),
        ("kustomer", ("https://*.kustomerapp.com",)),
        ("missive", ("https://mail.missiveapp.com",)),
        ("crisp", ("https://app.crisp.chat",)),
        ("chatwoot", ()),
        ("reamaze", ()),
    ],
)
def test_known_hosts_are_the_default(name: str, origins: tuple[str, ...]) -> None:
    """Where the vendor's origin is known it is the default; elsewhere nobody may frame it."""
    desk = bench(name)
    bare = dataclasses.replace(desk.install, hosts=())
    own = dataclasses.replace(desk.install, hosts=("desk.acme.test",))

    assert desk.helpdesk.ancestors(bare) == origins
    assert desk.helpdesk.ancestors(own) == ("https://desk.acme.test",)


def test_a_quoted_key_is_not_decoded_twice() -> None:
    """A key with odd characters arrives escaped, once."""
    desk = bench("missive")
    key = "a+b%26&=ü"

    assert desk.helpdesk.verify(get(f"k={quote(key, safe='')}"), desk.keyed(key)) is not None
