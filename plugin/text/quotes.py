"""Quote the customer's own words, short and without addresses, phone and card numbers."""

from __future__ import annotations

import re

QUOTE_MAX = 120
AROUND = 200  # characters read on each side of what is quoted
WORD_MAX = 300  # a longer run without a blank is no word

_MASKS = (
    (re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}"), "[e-mail]"),
    (re.compile(r"https?://\S{1,2000}|www\.\S{1,2000}"), "[link]"),
    (
        re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,7}(?:[ ]?[A-Z0-9]{1,3})?\b"),
        "[account number]",
    ),
    (re.compile(r"(?<![\d])(?:\d[ .-]?){12,18}\d(?!\d)"), "[card]"),
    (re.compile(r"(?<![\w.,])\+?\(?\d(?:[ ()./-]{0,2}\d){6,14}(?![\d%])"), "[phone]"),
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4}")


def mask(text: str) -> str:
    """Return the text with e-mail addresses, links, phone and card numbers masked."""
    for pattern, word in _MASKS:
        text = pattern.sub(lambda match, word=word: _masked(match[0], word), text)  # type: ignore[misc]
    return text


def _masked(found: str, word: str) -> str:
    return found if word == "[phone]" and _DATE.fullmatch(found) else word


def _plain(text: str) -> str:
    return " ".join(mask(text).split())


def _to_blank(text: str, at: int, step: int) -> int:
    """Move a place outwards to the next blank, so that no number is cut before it is masked."""
    for _ in range(WORD_MAX):
        inside = 0 < at < len(text)
        if not inside or text[at if step > 0 else at - 1].isspace():
            break
        at += step
    return at


def _cut(text: str, start: int, end: int) -> str:
    """Return at most QUOTE_MAX characters around a span, whole words where it can be."""
    if len(text) <= QUOTE_MAX:
        return text
    room = max(0, QUOTE_MAX - (end - start))
    low = max(0, min(start - room // 2, len(text) - QUOTE_MAX))
    high = low + QUOTE_MAX
    if low > 0 and (blank := text.find(" ", low, start)) >= 0:
        low = blank + 1
    if high < len(text) and (blank := text.rfind(" ", end, high)) >= 0:
        high = blank
    return text[low:high].strip()


def quote(own: str, sentence: tuple[int, int], phrase: tuple[int, int]) -> str:
    """Return the words of a phrase with those around it in its sentence."""
    low = max(sentence[0], _to_blank(own, max(phrase[0] - AROUND, 0), -1))
    high = min(sentence[1], _to_blank(own, min(phrase[1] + AROUND, len(own)), 1))
    whole = _plain(own[low:high])
    start = len(_plain(own[low : phrase[0]] + "|")) - 1
    end = start + len(_plain(own[phrase[0] : phrase[1]]))
    return _cut(whole, min(start, len(whole)), min(end, len(whole)))
