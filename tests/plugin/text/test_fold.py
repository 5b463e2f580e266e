"""Text made comparable, with places kept."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.text.fold import bare, fold


def test_folds_case_width_and_quotes() -> None:
    """Capitals, full-width letters, ligatures and typographic apostrophes compare equal."""
    assert fold("We Won’t ﬁx ＣＡＮＣＥＬ").text == "we won't fix cancel"


def test_drops_invisible_characters() -> None:
    """A soft hyphen or a zero-width blank does not hide a word."""
    assert fold("can\u00adcel\u200b now").text == "cancel now"


def test_composed_and_decomposed_letters_are_one() -> None:
    """é and e with an accent fold to the same."""
    assert fold("re\u0301silier").text == fold("résilier").text


def test_place_gives_back_the_own_words() -> None:
    """A span of the folded text leads to the customer's own spelling."""
    text = "Das ist GROSS: STRAẞE und Ｃancel"
    folded = fold(text)
    start = folded.text.index("strasse")
    low, high = folded.place(start, start + len("strasse"))

    assert text[low:high] == "STRAẞE"


def test_bare_drops_accents() -> None:
    """Words are looked up without accents."""
    assert bare("kündigen") == "kundigen"


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_every_character_knows_its_origin(text: str) -> None:
    """Each folded character comes from a place in the text, in order."""
    folded = fold(text)

    if folded.origin is not None:
        assert len(folded.origin) == len(folded.text)
        assert list(folded.origin) == sorted(folded.origin)
        assert all(0 <= place < len(text) for place in folded.origin)
