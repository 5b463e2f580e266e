"""Fold text for comparison and keep where each folded character came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MARKS_MAX = 30  # https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format
_IGNORED = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)
_SAME = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"'}
)


@dataclass(frozen=True, slots=True)
class Folded:
    """Text as compared; `origin[i]` is where character i stood, None when nothing moved."""

    text: str
    origin: tuple[int, ...] | None = None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the own text behind a span of the folded text."""
        if self.origin is None or start >= end:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


def fold_unit(unit: str) -> str:
    """Return one character with its marks as it is compared: NFKC, no case, plain quotes."""
    bare = _IGNORED.sub("", unit).translate(_SAME)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", bare).casefold())


def _units(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for index in range(1, len(text) + 1):
        open_mark = index < len(text) and unicodedata.combining(text[index]) > 0
        if not open_mark or index - start >= MARKS_MAX:
            yield start, text[start:index]
            start = index


def fold(text: str) -> Folded:
    """Return the text without differences of case, width and composition."""
    if text.isascii():
        return Folded(text.replace("`", "'").lower())
    folded: list[str] = []
    origin: list[int] = []
    for start, unit in _units(text):
        piece = fold_unit(unit)
        folded.append(piece)
        origin.extend([start] * len(piece))
    return Folded("".join(folded), tuple(origin))


def bare(form: str) -> str:
    """Return a folded word without accents, as it is looked up: resilier for résilier."""
    if form.isascii():
        return form
    apart = unicodedata.normalize("NFKD", form)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
