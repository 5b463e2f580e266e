"""Leave of a message only what the customer wrote now: no quotes, signatures, code or logs.

What is cut becomes blanks of the same length, so that places in the text stay true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugin.text import footers, quoted
from plugin.text.markup import seen

SIGNATURE_LINES_MAX = 6
SIGNATURE_WIDTH_MAX = 60

RAW_MAX = 300_000  # characters of a mail that are read; nobody writes more, logs and mark-up do
OWN_MAX = 30_000  # characters of the customer's own words that are read
OWN_END = 5_000  # of which are the last ones, where the request often stands

_LINE = re.compile(r"[^\n]*\n?")
_QUOTED_LINE = re.compile(r"^[ \t]*(?:>|&gt;)")
_FENCE = re.compile(r"(?:```|~~~)")
_SIGNATURE = re.compile(r"^--[ \t]?$")
_LOG = re.compile(
    r"^[ \t]*(?:"
    r"\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*[ \t]+\S*(?:\[|info|warn|error|debug|fatal|trace|=|\{)"
    r"|\[?\d\d:\d\d:\d\d[^\w\n]"
    r"|at [\w.$<>]+ ?\([^)\n]*\)"
    r"|traceback \(|file \"[^\"\n]*\", line"
    r"|(?:info|debug|warn(?:ing)?|error|fatal)[ \t]*(?:\[|:[ \t]*\S*[._/\\\[]\S)"
    r"|[{\[][^\n]*\":[^\n]*|(?:get|post|put|patch|delete) /\S*"
    r"|(?:select|insert into|update|delete from)\b[^\n]{0,200}\b(?:from|set|values)\b[^\n]{0,400};"
    r"|[\w.]+(?:error|exception): [^\n]*"
    r")",
    re.IGNORECASE,
)
_INLINE_CODE = re.compile(r"`[^`\n]{1,200}`")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]{1,2000}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for match in _LINE.finditer(text):
        if match[0]:
            yield at, match[0].rstrip("\n")
        at = match.end()


def _own_end(text: str) -> int:
    """Return where a disclaimer begins, the length where there is none."""
    found = footers.DISCLAIMER.search(text)
    return found.start() if found else len(text)


def _earlier(text: str) -> Iterator[tuple[int, int]]:
    """Yield where earlier mails stand: all behind their header, or the header alone.

    Alone where quoted lines follow it: answers may stand between them.
    """
    rows = list(_lines(text))
    lines = [line for _, line in rows]
    last = max((n for n, line in enumerate(lines) if _QUOTED_LINE.match(line)), default=-1)
    for at, length in quoted.starts(lines):
        behind = at + length
        if last >= behind and length < len(lines) and quoted.introduced(lines, at):
            yield rows[at][0], rows[behind - 1][0] + len(lines[behind - 1])
        else:
            yield rows[at][0], len(text)
            return


def _fenced(text: str) -> Iterator[tuple[int, int]]:
    fences = [match.start() for match in _FENCE.finditer(text)]
    for start, end in zip(fences[::2], fences[1::2], strict=False):
        yield start, end + 3


def _signature_start(lines: list[tuple[int, str]]) -> int | None:
    """Return where a closing such as "Kind regards" begins: few short lines follow it."""
    filled = [(at, line) for at, line in lines if line.strip()]
    for at, line in filled[-SIGNATURE_LINES_MAX - 1 :]:
        if footers.SIGN_OFF.match(line):
            below = [text.strip() for place, text in filled if place > at]
            short = all(len(text) <= SIGNATURE_WIDTH_MAX for text in below)
            if short and not any(text.lower().startswith(("ps", "p.s")) for text in below):
                return at
    return None


def _cut_lines(text: str) -> Iterator[tuple[int, int]]:
    lines = list(_lines(text))
    for at, line in lines:
        if _SIGNATURE.match(line):
            yield at, len(text)
            return
        if _QUOTED_LINE.match(line) or _LOG.match(line):
            yield at, at + len(line)
        elif device := footers.DEVICE.search(line):
            yield at + device.start(), at + len(line)
    if (start := _signature_start(lines)) is not None:
        yield start, len(text)


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    kept: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if end > at:
            begin = max(start, at)
            kept += [text[at:begin], re.sub(r"[^\n]", " ", text[begin:end])]
            at = end
    return "".join([*kept, text[at:]])


def addresses(text: str) -> tuple[tuple[int, int], ...]:
    """Return where web and e-mail addresses stand."""
    return tuple(match.span() for match in _ADDRESS.finditer(text))


def _shortened(text: str) -> str:
    """Return a long text's beginning and end: reading takes bounded time."""
    if len(text) <= OWN_MAX:
        return text
    return text[: OWN_MAX - OWN_END] + "\n\n" + text[-OWN_END:].rstrip()


def own_words(raw: str) -> str:
    """Return what the customer wrote now; web and e-mail addresses are still there."""
    text = seen(raw[:RAW_MAX].replace("\r\n", "\n").replace("\r", "\n"))
    text = _blank(text, list(_fenced(text)))
    text = text[: _own_end(text)]
    text = _blank(text, list(_earlier(text)))
    text = _blank(text, [*_cut_lines(text), *(m.span() for m in _INLINE_CODE.finditer(text))])
    return _shortened(text)


def without_addresses(text: str) -> str:
    """Return the text with web and e-mail addresses blanked."""
    return _blank(text, list(addresses(text)))
