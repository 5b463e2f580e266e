"""Leave of a message only what the customer wrote now: no quotes, signatures, code or logs.

What is cut becomes blanks of the same length, so that places in the text stay true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugin.text.markup import seen

SIGNATURE_LINES_MAX = 6
SIGNATURE_WIDTH_MAX = 60

RAW_MAX = 300_000  # characters of a mail that are read; nobody writes more, logs and mark-up do
OWN_MAX = 30_000  # characters of the customer's own words that are read
OWN_END = 5_000  # of which are the last ones, where the request often stands

_LINE = re.compile(r"[^\n]*\n?")
_REST_FOLLOWS = re.compile(  # everything behind it is somebody's earlier mail
    r"-{2,} ?(?:original message|forwarded message|urspr(?:ü|ue)ngliche nachricht"
    r"|weitergeleitete nachricht|message d'origine|message original|message transf(?:é|e)r(?:é|e)"
    r"|mensaje original|mensaje reenviado|messaggio originale)"
    r"|begin forwarded message:|anfang der weitergeleiteten nachricht"
    r"|début du message (?:transféré|réexpédié)|inicio del mensaje reenviado"
    r"|##- ?please type your reply above this line"
    r"|this e-?mail (?:and any|is confidential|message is)",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"\b(?:wrote|schrieb|a écrit|a ecrit|escribió|escribio|ha scritto|schreef|escreveu|skrev)\b"
    r"[^\n:]{0,80}:",
    re.IGNORECASE,
)
_WROTE_BEFORE = 240  # characters in which the date and the name of a quoted mail stand
_INTRODUCES = re.compile(
    r"(?:^|(?<=[.!?,)] ))[ \t]*(?:on|am|le|el|il|op|em|den)\b(?=[^\n]{0,40}\d)",
    re.IGNORECASE | re.MULTILINE,
)
_DATED = re.compile(r"\d{1,2}[:.h]\d\d|\b(?:19|20)\d\d\b|@|<")
_HEADER = re.compile(
    r"^[ \t>*]*(?:from|von|de|da|expéditeur)[ \t*]*:[^\n]{1,200}\n(?:[^\n]{0,200}\n){0,2}?"
    r"[ \t>*]*(?:sent|date|to|gesendet|datum|an|envoyé|à|enviado|fecha|para|subject|betreff)"
    r"[ \t*]*:"
    r"|\bfrom:[^\n]{1,120}?\b(?:sent|date):[^\n]{1,120}?\b(?:to|subject):",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED_LINE = re.compile(r"^[ \t]*(?:>|&gt;)")
_FENCE = re.compile(r"(?:```|~~~)")
_SIGNATURE = re.compile(r"^--[ \t]?$")
_DEVICE = re.compile(
    r"(?:sent from my |sent from (?:outlook|yahoo|mail for)|get outlook for "
    r"|von meinem \S+ gesendet"
    r"|gesendet mit |envoyé de(?:puis)? mon |enviado desde mi |inviato da )",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"^[ \t]*(?:(?:kind|best|warm|many)? ?(?:regards|wishes)|cheers|sincerely|yours \w+"
    r"|mit freundlichen grüßen|mfg|viele grüße|beste grüße|cordialement"
    r"|bien à vous|saludos|un saludo|atentamente)[,.!]?[ \t]*$",
    re.IGNORECASE,
)
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
    """Return where the customer's own part ends, the length when nothing is quoted below."""
    ends = [match.start() for match in (_REST_FOLLOWS.search(text), _HEADER.search(text)) if match]
    return min(ends, default=len(text))


def _last_quoted_line(text: str) -> int:
    return max((at for at, line in _lines(text) if _QUOTED_LINE.match(line)), default=-1)


def _introduction_start(text: str, wrote: int) -> int | None:
    """Return where "On Tue, 3 Nov 2026 at 10:12, Bob" begins, before its "wrote"."""
    low = max(0, wrote - _WROTE_BEFORE)
    starts = [match.start() for match in _INTRODUCES.finditer(text, low, wrote)]
    dated = [start for start in starts if _DATED.search(text, start, wrote)]
    return dated[-1] if dated else None


def _introductions(text: str) -> Iterator[tuple[int, int]]:
    last = _last_quoted_line(text)
    for match in _WROTE.finditer(text):
        start = _introduction_start(text, match.start())
        if start is None:
            continue
        if last > match.start():  # answers may stand between the quoted lines
            end = text.find("\n", match.end())
            yield start, end if end >= 0 else len(text)
        else:
            yield start, len(text)
            return


def _fenced(text: str) -> Iterator[tuple[int, int]]:
    fences = [match.start() for match in _FENCE.finditer(text)]
    for start, end in zip(fences[::2], fences[1::2], strict=False):
        yield start, end + 3


def _signature_start(lines: list[tuple[int, str]]) -> int | None:
    """Return where a closing such as "Kind regards" begins: few short lines follow it."""
    filled = [(at, line) for at, line in lines if line.strip()]
    for at, line in filled[-SIGNATURE_LINES_MAX - 1 :]:
        if _SIGN_OFF.match(line):
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
        elif device := _DEVICE.search(line):
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
    text = _blank(text, list(_introductions(text)))
    text = _blank(text, [*_cut_lines(text), *(m.span() for m in _INLINE_CODE.finditer(text))])
    return _shortened(text)


def without_addresses(text: str) -> str:
    """Return the text with web and e-mail addresses blanked."""
    return _blank(text, list(addresses(text)))
