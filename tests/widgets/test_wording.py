"""Texts and addresses from outside become harmless, and stay what they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.wording import direction, https_only, language, one_line, readable, shorten

ANY = st.text(st.characters(exclude_categories=()), max_size=200)


@pytest.mark.parametrize("text", ["Ωμέγα 北京", "שלום", "a\tb\nc", "👩‍👩‍👧 Zoë", "≈ $30K — ↓14"])
def test_keeps_what_people_write(text: str) -> None:
    """Letters of every script, joined signs and line ends stay."""
    assert readable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\x00b\x1b[31m", "ab[31m"), ("\u202egnp\u202c", "gnp"), ("\ud800x", "\ufffdx")],
    ids=["controls", "turned", "half a letter"],
)
def test_drops_what_breaks_a_text(text: str, shown: str) -> None:
    """Controls and marks of direction go; half a character becomes the sign for it."""
    assert readable(text) == shown


@given(ANY)
def test_a_line_is_one_line(text: str) -> None:
    """A line has no breaks, no space around it, and can be encoded."""
    line = one_line(text)

    assert line == " ".join(line.split())
    assert line.encode().decode() == line


def test_cuts_with_an_ellipsis() -> None:
    """What is too long ends in an ellipsis, within the limit."""
    assert shorten("a name that is long", 7) == "a name…"
    assert len(readable("x" * 100_000)) == 1_000


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example",
        "javascript:alert(1)",
        "https:/a",
        "//a.example",
        "https://a b",
        "https://a/\n",
        'https://a/"x',
        "https://a/\u202e",
        "https://" + "a" * 3_000,
        " https://a",
        "HTTPS://a",
        "https://",
        "",
    ],
)
def test_opens_nothing_but_https(url: str) -> None:
    """Any other scheme, spaces, quotes, controls and endless addresses are no links."""
    assert https_only(url) == ""


def test_opens_https() -> None:
    """An address of a record in another system stays as it is."""
    url = "https://acme.zendesk.com/agent/tickets/9?x=1&y=(2)#c"

    assert https_only(url) == url


@pytest.mark.parametrize(
    ("locale", "way", "tag"),
    [
        ("ar-EG", "rtl", "ar-EG"),
        ("he_IL", "rtl", "he-IL"),
        ("de", "ltr", "de"),
        ('"><', "ltr", "en"),
    ],
)
def test_reads_the_locale(locale: str, way: str, tag: str) -> None:
    """The locale says the direction and the language tag; nonsense is English."""
    assert (direction(locale), language(locale)) == (way, tag)
