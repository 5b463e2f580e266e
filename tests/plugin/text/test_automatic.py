"""Messages that a machine wrote."""

from __future__ import annotations

import pytest

from plugin.text.automatic import is_automatic


@pytest.mark.parametrize(
    "text",
    [
        "Out of office: back on Monday",
        "  Automatic reply: we received your mail",
        "Abwesenheitsnotiz",
        "Undeliverable: your message",
        "Your receipt from us",
    ],
)
def test_machines_words_are_known(text: str) -> None:
    """Absences, bounces and receipts are known by their beginning."""
    assert is_automatic(text)


def test_persons_words_are_no_machines() -> None:
    """A person who speaks of an automatic reply is no machine."""
    assert not is_automatic("How do I set up an automatic reply?")
