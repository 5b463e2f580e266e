"""Turn an HTML mail into the text that its reader sees, in linear time."""

from __future__ import annotations

import html
import re

_LOOKS = re.compile(
    r"</?(?:p|div|br|html|body|span|table|tr|td|b|i|u|strong|em|a|ul|ol|li|blockquote|pre|code"
    r"|style|script|head|h[1-6]|img|font|hr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:amp|nbsp|quot|lt|gt|apos|rsquo|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_LONG_NUMBER = re.compile(r"&#\d{8,}|&#[xX][0-9a-fA-F]{7,}")  # no character, and slow to read
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)([^<>]*)>|<[!?][^<>]*>")
_INLINE = frozenset(
    (
        *(
            "a",
            "abbr",
            "acronym",
            "b",
            "big",
            "bdo",
            "cite",
            "em",
            "font",
            "i",
            "img",
            "ins",
            "mark",
        ),
        *("o:p", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "tt", "u"),
    )
)
_SKIPPED = ("blockquote", "code", "head", "pre", "script", "style", "svg", "template", "title")


def _without_comments(text: str) -> str:
    kept: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start)
        if end < 0:
            break
        kept.append(text[at:start])
        at = end + 3
    return "".join([*kept, text[at:]])


class _Reader:
    """Collects what is seen; what is quoted, code or never shown is left out."""

    def __init__(self, text: str) -> None:
        low = text.lower()
        self.closes = {tag: low.rfind("</" + tag) for tag in _SKIPPED}
        self.kept: list[str] = []
        self.depth = 0
        self.inside = ""

    def data(self, text: str) -> None:
        if not self.inside:
            self.kept.append(text)

    def tag(self, match: re.Match[str]) -> None:
        name = (match[2] or "!").lower()
        if name in _SKIPPED and not self.inside and not match[1]:
            self._open(name, match.start())
        elif name == self.inside:
            self.depth += -1 if match[1] else 1
            self.inside = self.inside if self.depth > 0 else ""
        if name not in _INLINE:
            self.kept.append("\n")

    def _open(self, name: str, at: int) -> None:
        # A tag that is never closed hides nothing: it may be a word in a sentence.
        if self.closes[name] > at:
            self.inside, self.depth = name, 1


def _read(text: str) -> str:
    reader = _Reader(text)
    at = 0
    for match in _TAG.finditer(text):
        reader.data(text[at : match.start()])
        reader.tag(match)
        at = match.end()
    reader.data(text[at:])
    return "".join(reader.kept)


def seen(raw: str) -> str:
    """Return the text of an HTML mail, or the text itself where there is no HTML in it."""
    marked_up = _LOOKS.search(raw) is not None
    text = _read(_without_comments(raw)) if marked_up else raw
    if marked_up or _ENTITY.search(text):
        text = html.unescape(_LONG_NUMBER.sub(" ", text))
    return text
