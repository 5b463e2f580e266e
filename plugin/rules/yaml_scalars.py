"""How a scalar is written: plain, in quotes, or in lines of its own."""

from __future__ import annotations

import re

from plugin.rules.diagnostic import RuleSource
from plugin.rules.language.lexer import Refused
from plugin.rules.language.limits import MAX_DEPTH
from plugin.rules.language.printer import print_expression
from plugin.rules.yaml_tree import YAML_WORDS, Node

WIDTH = 140
_PLAIN_START = re.compile(r"[A-Za-z0-9_(]")
_PRINTABLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]*")
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_SIGNS = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|[(\[]|[)\]]| (?=&& |\|\| )")
_NOWHERE = RuleSource("", "")


def _escape(char: str) -> str:
    if char in _ESCAPED:
        return _ESCAPED[char]
    return char if _PRINTABLE.fullmatch(char) else f"\\U{ord(char):08x}"


def quoted(text: str) -> str:
    """Return a text in quotes: double, or single where that saves escapes."""
    if '"' in text and "'" not in text and "\\" not in text and _PRINTABLE.fullmatch(text):
        return f"'{text}'"
    return f'"{"".join(_escape(char) for char in text)}"'


def may_be_plain(text: str, *, flow: bool) -> bool:
    """Return whether a text may stand without quotes and still be the same text."""
    if text != text.strip() or not _PLAIN_START.match(text) or not _PRINTABLE.fullmatch(text):
        return False
    if ": " in text or " #" in text or text.endswith(":"):
        return False
    if flow and any(sign in text for sign in ",[]{}"):
        return False
    same = Node("scalar", _NOWHERE, 0, 0, text).value() == text
    return same and text.lower() not in YAML_WORDS


def canonical_condition(text: str) -> str:
    """Return a condition as the language prints it; as it is where it cannot be read."""
    try:
        return print_expression(text)
    except Refused:
        return text.strip()


def _lines(text: str, room: int, depth: int) -> list[str]:
    """Return a condition in lines, broken before operators; in brackets only for want of room."""
    breaks, here = [0], 0
    for sign in _SIGNS.finditer(text):
        here += {"(": 1, "[": 1, ")": -1, "]": -1}.get(sign[0], 0)
        if sign[0] == " " and here <= depth:
            breaks.append(sign.end())
    ends = [*(start - 1 for start in breaks[1:]), len(text)]
    lines = [text[start:end] for start, end in zip(breaks, ends, strict=True)]
    if depth > MAX_DEPTH or all(len(line) <= room for line in lines):
        return lines
    return [part for line in lines for part in _narrow(line, room, depth + 1)]


def _narrow(line: str, room: int, depth: int) -> list[str]:
    return [line] if len(line) <= room else _lines(line, room, depth)


def _condition(text: str, room: int, indent: str, *, flow: bool) -> str:
    text = canonical_condition(text)
    written = text if may_be_plain(text, flow=flow) else quoted(text)
    if flow or len(written) <= room:
        return written
    lines = _lines(text, WIDTH - len(indent), 0)
    if len(lines) == 1 or any(not line or line != line.strip() for line in lines):
        return written
    return ">-\n" + "\n".join(f"{indent}{line}" for line in lines)


def _filled(text: str, indent: str) -> str | None:
    """Return a text folded at its blanks, or None where that would change it."""
    words = text.split(" ")
    if not all(words) or "\n" in text or not _PRINTABLE.fullmatch(text):
        return None
    lines = [indent.rstrip("\n")]
    for word in words:
        longer = f"{lines[-1]}{word}" if lines[-1] == indent else f"{lines[-1]} {word}"
        if len(longer) <= WIDTH or lines[-1] == indent:
            lines[-1] = longer
        else:
            lines.append(f"{indent}{word}")
    return ">-\n" + "\n".join(lines)


def _literal(text: str, indent: str) -> str | None:
    """Return a text of several lines as it stands, or None where that cannot be written."""
    body = text.rstrip("\n")
    lines = body.split("\n")
    ends = len(text) - len(body)
    sound = all(_PRINTABLE.fullmatch(line) and line == line.strip() for line in lines)
    if not sound or not lines[0] or ends > 1:
        return None
    head = "|\n" if ends else "|-\n"
    return head + "\n".join(f"{indent}{line}" if line else "" for line in lines)


def _block(text: str, room: int, indent: str) -> str:
    written = quoted(text)
    if "\n" in text:
        return _literal(text, indent) or written
    return written if len(written) <= room else _filled(text, indent) or written


def write_scalar(node: Node, kind: str, room: int, indent: str, *, flow: bool) -> str:
    """Return a scalar in its canonical form; `room` is what its line has left for it.

    `indent` is that of lines below it, where it takes several.
    """
    if kind == "condition":
        return _condition(node.text, room, indent, flow=flow)
    if node.style is None and kind != "template":
        return node.text
    if node.style in {"|", ">"} and not flow:
        return _block(node.text, room, indent)
    return quoted(node.text)
