"""Make a text safe to show anywhere: it comes from customers, tickets and vendors."""

from __future__ import annotations

import re

LONGEST = 1_000  # characters of one text; a name of 10 kB is a mistake or an attack
LONGEST_URL = 2_000
ELLIPSIS = "…"
# Controls, marks that turn the direction of what follows, and halves of a character: none is
# ever part of what a person wants to read, and each can break the text around it.
UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
HALVES = re.compile("[\ud800-\udfff]")
HTTPS = re.compile(r"https://[^\s\x00-\x1f\x7f<>\"'`\\]+\Z")
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def clean(text: str) -> str:
    """Return the text without what cannot be shown."""
    return HALVES.sub("\ufffd", UNWANTED.sub("", text))


def shorten(text: str, longest: int = LONGEST) -> str:
    """Return the text, cut with an ellipsis where it is longer than `longest` characters."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + ELLIPSIS


def readable(text: str, longest: int = LONGEST) -> str:
    """Return the text clean and short enough to show."""
    if len(text) <= longest and text.isprintable():
        return text  # nearly all texts: this runs for each of them on each answer
    return shorten(clean(shorten(text, 4 * longest)), longest)


def one_line(text: str, longest: int = LONGEST) -> str:
    """Return the text on one line, clean and short enough to show."""
    if len(text) <= longest and text.isprintable() and "  " not in text and text == text.strip():
        return text  # nearly all texts, as above: a printable white space is one blank
    return readable(" ".join(clean(shorten(text, 4 * longest)).split()), longest)


def https_only(url: str) -> str:
    """Return the address if it may be opened from a frame, else an empty text."""
    return url if len(url) <= LONGEST_URL and HTTPS.match(clean(url)) and url == clean(url) else ""


def direction(locale: str) -> str:
    """Return `rtl` or `ltr`: how the language of this locale is written."""
    return "rtl" if re.split(r"[-_]", locale.lower())[0] in RIGHT_TO_LEFT else "ltr"


def language(locale: str) -> str:
    """Return the locale as a language tag for `lang`; `en` when it is none."""
    tag = locale.replace("_", "-")
    return tag if re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}", tag) else "en"
