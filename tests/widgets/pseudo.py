"""Made-up languages, to see what longer words and another direction do to a widget."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TypeVar

Record = TypeVar("Record")
# Fields that a machine reads; all other texts are for people.
MACHINE = frozenset(
    {"id", "rule", "tone", "note_tone", "state", "url", "instant", "locale", "action"}
)
ACCENTED = str.maketrans("aceinouyACEINOUY", "àçéîñöûýÀÇÉÎÑÖÛÝ")
HEBREW = str.maketrans("abcdefghijklmnopqrstuvwxyz", "אבגדהופחיכקלמנסעצרשתטזםןףץ")


def stretched(text: str) -> str:
    """Return the text with accents and 40 % more length, as German or Finnish would have."""
    words = [word if any(map(str.isdigit, word)) else word + "ëë" for word in text.split(" ")]
    longer = " ".join(words).translate(ACCENTED)
    return longer + " xü" * max(0, (int(len(text) * 1.4) - len(longer)) // 3)


def mirrored(text: str) -> str:
    """Return the text in Hebrew letters, numbers kept."""
    return text.lower().translate(HEBREW)


def rewrite(record: Record, how: Callable[[str], str]) -> Record:
    """Return the record with every text for people rewritten."""
    if isinstance(record, tuple):
        return type(record)(rewrite(item, how) for item in record)
    if not dataclasses.is_dataclass(record) or isinstance(record, type):
        return record
    changed = {
        field.name: how(value) if isinstance(value, str) else rewrite(value, how)
        for field in dataclasses.fields(record)
        if field.name not in MACHINE
        for value in [getattr(record, field.name)]
        if value != ""
    }
    return dataclasses.replace(record, **changed)
