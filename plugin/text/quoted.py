"""Find where somebody's earlier mail begins, by the shape of its header, in any language.

Mail programs introduce what they quote in three shapes: a sentence with a date that ends in a
colon ("On Tue, 3 Nov 2026 at 10:12, Bob wrote:"), a block of labelled lines (From:, Sent:, To:),
or a rule with words in it ("-----Original Message-----"). The words differ, the shapes do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from plugin.text import lexicon

INTRODUCTION_LINES = 4  # a sentence that introduces may be wrapped
INTRODUCTION_MAX = 320  # characters of it
BLOCK_LEAST = 3  # labelled lines that follow each other
READ_LINES, LINE_MAX = 4_000, 400  # what is read of a mail; headers are short
NAME_MAX = 50  # characters of a name that stands above a moment

_COLON = r"[:：]"
_DATE = re.compile(
    r"\d{1,2}[:.h]\d\d|\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"
    r"|\d{4}\s?[年년]|\d{1,2}\s?[月월]|\b25\d\d\b"
)
_MAILBOX = re.compile(r"<?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}>?")
_WROTE = re.compile(  # "wrote" as the mail programs of many languages say it
    r"\b(?:wrote|writes|schrieb\w*|geschrieben|a écrit|a ecrit|écrivait"
    r"|escribi[óo]|ha scritto|scrisse"
    r"|schreef|geschreven|heeft|escreveu|skrev|skrifaði|kirjoitti|napisał\w*"
    r"|pisze|napsal\w*|napísal\w*"
    r"|írta|ezt írta|a scris|написа\w*|пише\w*|пишет|написав|έγραψε"
    r"|γράφει|yazdı|şunları yazdı|yazmış"
    r"|đã viết|menulis|nulis|je napisao|je napisala|rašė|rakstīja|kirjutas|va escriure|idatzi du"
    r"|tarihinde)"
    r"|写道|寫道|のメール|書きました|wrote|작성|님이 작성|เขียนว่า|كتب|כתב|ने लिखा|مرقوم",
    re.IGNORECASE,
)
_ENDS = re.compile(_COLON + r"[\s*_>]*$")
_LABEL = re.compile(
    rf"^[\s>*_]{{0,8}}([^\s:：@<>*][^:：@<>\n]{{0,24}}?)"
    rf"[*_\s]{{0,4}}{_COLON}(?!//)\s*(.*)$"
)
_DASHES = r"(?:[-\u2010-\u2015\u2212]{2,}|_{2,}|={3,}|\*{3,})"
_RULE = re.compile(rf"^[\s>]*{_DASHES}\s*([^\W\d_][^\n]{{2,60}}?)\s*{_DASHES}\s*$")
_LINE = re.compile(r"^[\s>]*(?:_{8,}|[-\u2010-\u2015]{8,}|={8,})\s*$")
_ABOVE = re.compile(r"^[\s>]*(?:##-.{4,120}-##|-+ ?reply above this line ?-*)\s*$", re.IGNORECASE)
_QUOTING = re.compile(
    r"^[\s>]*(?:quoting|zitat von|citando|citation de|citat|cytat|цитата)\b[^\n]{0,120}[:：]\s*$",
    re.IGNORECASE,
)
_STAMP = re.compile(  # the head of a thread that a helpdesk prints: a name, then a moment
    r"^\s*(?:\w{2,9}\.?,? )?(?:\d{1,2}\.? \w{3,10}\.?|\w{3,10}\.? \d{1,2},?),? \d{4},?"
    r"(?: at| um| à)? \d{1,2}:\d\d(?: ?[AP]M)?(?: ?Uhr)?(?: [A-Z]{2,5}(?:[+-]\d{1,4})?)?\s*$"
)
_SEPARATES = re.compile(
    r"original|forward|weitergeleitet|ursprüngliche|transféré|réexpédié"
    r"|reenviado|inoltrat|oorspronkelijk"
    r"|doorgestuurd|vidarebefordrat|ursprungligt|oprindelig|videresendt|opprinnelig|alkuperäinen"
    r"|välitetty|wiadomość|přeposlaná|původní|pôvodná|eredeti|továbbított"
    r"|mesaj|исходное|пересылаемое"
    r"|переслан|оригінал|αρχικό|προωθημένο|özgün|iletilen|原始邮件|原始郵件|转发|轉寄|元のメッセージ|転送"
    r"|원본|전달|gốc|chuyển tiếp|asli|diteruskan|izvorna|algne|encaminhad|reply above",
    re.IGNORECASE,
)


def _labels(lines: Sequence[str], at: int) -> int:
    """Return how many labelled lines follow each other from here, blank lines left out."""
    count, blank = 0, 0
    for line in lines[at : at + 12]:
        if not line.strip(" >\t*"):
            blank += 1
            if blank > 1:
                break
        elif (match := _LABEL.match(line)) and _known(match[1]):
            count, blank = count + 1, 0
        elif count == 0 or blank:
            break
    return count


def _known(label: str) -> bool:
    """Return whether it is the label of a mail's header, in any language."""
    words = label.strip(" *_").casefold().split()
    return bool(words) and words[0] in lexicon.labels()


def _has_block(lines: Sequence[str], at: int) -> bool:
    """Return whether a block of labelled lines begins here."""
    match = _LABEL.match(lines[at])
    if match is None or not _known(match[1]):
        return False
    return _labels(lines, at) >= BLOCK_LEAST


def _introduces(lines: Sequence[str], at: int) -> int | None:
    """Return how many lines a sentence has that introduces an earlier mail, None if it is none."""
    if all(each.search(lines[at]) for each in (_MAILBOX, _DATE, _WROTE)):
        return 1
    text = ""
    for length, line in enumerate(lines[at : at + INTRODUCTION_LINES], 1):
        if not line.strip():
            return None
        text = f"{text} {line.strip(' >')}" if text else line.strip(" >")
        if len(text) > INTRODUCTION_MAX:
            return None
        if _ENDS.search(text):
            return length if _quotes(lines, at + length, text) else None
        if length == 1 and not (_DATE.search(text) or _MAILBOX.search(text) or _WROTE.search(text)):
            return None
    return None


def _quotes(lines: Sequence[str], behind: int, text: str) -> bool:
    """Return whether what ends in a colon tells who wrote, when, or what follows is quoted."""
    signs = [bool(each.search(text)) for each in (_DATE, _MAILBOX, _WROTE)]
    follows = next((line for line in lines[behind : behind + 2] if line.strip()), "")
    return sum(signs) >= 2 or (any(signs) and follows.lstrip().startswith(">"))  # noqa: PLR2004


def _rule(lines: Sequence[str], at: int) -> bool:
    """Return whether a rule separates the mail from an earlier one."""
    if _ABOVE.match(lines[at]) or _QUOTING.match(lines[at]) or _stamped(lines, at):
        return True
    if (match := _RULE.match(lines[at])) and _SEPARATES.search(match[1]):
        return True
    follows = next((n for n in range(at + 1, min(at + 3, len(lines))) if lines[n].strip()), None)
    ruled = _LINE.match(lines[at]) or match
    return bool(ruled) and follows is not None and _labels(lines, follows) >= BLOCK_LEAST - 1


def _stamped(lines: Sequence[str], at: int) -> bool:
    """Return whether a short line is somebody's name above the moment of an earlier message."""
    if not 1 < len(lines[at].strip()) <= NAME_MAX or lines[at].rstrip()[-1:] in ".!?,":
        return False
    behind = [line for line in lines[at + 1 : at + 3] if line.strip()]
    return bool(behind) and _STAMP.match(behind[0]) is not None


def starts(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield (first line, lines of its header) of each earlier mail."""
    lines, at = [line[:LINE_MAX] for line in lines[:READ_LINES]], 0
    while at < len(lines):
        if _rule(lines, at) or _has_block(lines, at):
            yield at, 1
            return
        if (length := _introduces(lines, at)) is not None:
            yield at, length
            at += length - 1
        at += 1


def introduced(lines: Sequence[str], at: int) -> bool:
    """Return whether a sentence introduces what follows, and no block or rule."""
    return not _rule(lines, at) and not _has_block(lines, at)
