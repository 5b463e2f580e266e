"""Show a text as it is where a helpdesk reads markdown."""

from __future__ import annotations

import re

from widgets.wording import one_line

MARKS = re.compile(r"([\\`*_\[\]<>~|])")
BLOCK_MARK = re.compile(r"(\d*)([#+=.)-]+)")  # a heading, an item, a rule: as the first word


def escape(text: str) -> str:
    """Return the text on one line; nothing in it is a link, bold or the start of a block."""
    plain = one_line(text)
    if plain[:1].isalpha() and not MARKS.search(plain):
        return plain  # nearly all texts: nothing in it could be a mark, or start a block
    shown = MARKS.sub(r"\\\1", plain)
    first = shown.partition(" ")[0]
    marked = BLOCK_MARK.fullmatch(first)
    return f"{marked[1]}\\{marked[2]}{shown[len(first) :]}" if marked else shown
