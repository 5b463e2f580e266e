"""HTML mails as their readers see them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.text.markup import seen


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("<p>Hello <b>you</b></p><p>there</p>", "Hello you there"),
        ("a<br>b<br/>c", "a b c"),
        ("<div>we won&#39;t &amp; can&rsquo;t</div>", "we won't & can’t"),
        ("<style>b{}</style><script>x()</script><p>seen</p>", "seen"),
        ("<head><title>no</title></head><body>seen</body>", "seen"),
        ("<p>mine</p><blockquote>theirs<blockquote>older</blockquote></blockquote>end", "mine end"),
        ("<!-- hidden <p> --><p>seen</p>", "seen"),
        ("<p>unended <!-- comment</p>", "unended <!-- comment"),
        ("<pre>code</pre><p>seen</p>", "seen"),
        ("the tag <code> is in my text", "the tag is in my text"),
        ("a < b and c > d", "a < b and c > d"),
        ("plain &amp; simple", "plain & simple"),
    ],
)
def test_shows_what_a_reader_sees(raw: str, words: str) -> None:
    """Tags, styles, scripts, comments, quotations and code are gone; entities are characters."""
    assert " ".join(seen(raw).split()) == words


def test_inline_tags_do_not_cut_words() -> None:
    """A word with a bold letter stays one word."""
    assert "cancel" in seen("<p><b>c</b>ancel</p>")


def test_survives_an_endless_character_number() -> None:
    """A number of thousands of digits in an entity is no character and no error."""
    assert seen("<p>a&#" + "9" * 10_000 + ";b</p>").split() == ["a", ";b"]


@settings(max_examples=60)
@given(st.text(alphabet="<>/ab!-&;#\"'= p", max_size=120))
def test_never_fails(raw: str) -> None:
    """Broken mark-up is read without an error."""
    assert isinstance(seen(raw), str)
