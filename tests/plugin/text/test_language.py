"""Which language a message is in."""

from __future__ import annotations

import pytest

from plugin.text.language import detect
from plugin.text.tokens import sentences


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We would like to know how this works", "en"),
        ("export broken", "en"),
        ("Wir möchten das gerne wissen", "de"),
        ("Nous voulons savoir comment cela marche", "fr"),
        ("Queremos saber cómo funciona la cuenta", "es"),
        ("Vorremmo sapere come esportare i dati", "it"),
        ("Wij willen graag weten hoe dit werkt", "nl"),
        ("Перестаньте присылать письма", None),
        ("", None),
    ],
)
def test_tells_the_language(text: str, language: str | None) -> None:
    """Small words show the language; without any it is English or not to be told."""
    assert detect(tuple(sentences(text))) == language
