"""Cut the text of an expression into tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plugin.rules.language.finding import Finding
from plugin.rules.language.limits import MAX_NUMBER

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n]+)
  | (?P<comment>//)
  | (?P<prefixed>[bBrR]{1,2}(?=['"]))
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<number>[0-9]+(?:\.[0-9]+)?)
  | (?P<string>'(?:[^'\\\r\n]|\\[^\r\n])*'|"(?:[^"\\\r\n]|\\[^\r\n])*")
  | (?P<open>['"])
  | (?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%!<>?:.,()\[\]])
  | (?P<single>[=&|])
    """,
    re.VERBOSE | re.ASCII,
)
_ESCAPES = {"\\": "\\", "'": "'", '"': '"', "n": "\n", "t": "\t"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_NUMBER_TAIL = re.compile(r"[eExXuU_A-Za-z]", re.ASCII)
_TURNED = {"=<": "<=", "=>": ">=", "=!": "!="}
_SINGLE = {
    "=": ("single-equals", "a single '=' compares nothing", "write '=='"),
    "&": ("bad-character", "a single '&' is no operator", "write '&&'"),
    "|": ("bad-character", "a single '|' is no operator", "write '||'"),
}


@dataclass(frozen=True, slots=True)
class Token:
    """One word or sign; `value` is what a number or a string stands for.

    `kind` is name, number, string, sign, end, or bad for what cannot be read: `finding` says
    why, and is told when the parser gets there, so that the first mistake is the one told.
    """

    kind: str
    text: str
    start: int
    end: int
    value: float | str = ""
    finding: Finding | None = None


class Refused(Exception):
    """An expression that cannot be read; carries its only finding."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.message)


def refuse(code: str, message: str, hint: str, start: int, end: int) -> Refused:
    """Return the refusal of an expression for what stands between `start` and `end`."""
    return Refused(Finding(code, message, hint, start, end))


def _string(text: str, start: int) -> str:
    for escape in _ESCAPE.finditer(text):
        if escape.group(1) not in _ESCAPES:
            at = start + escape.start()
            raise refuse(
                "bad-escape",
                f"unknown escape '{escape.group()}'",
                r"only \\ \' \" \n \t are known; write '\\\\' for a backslash",
                at,
                at + 2,
            )
    return _ESCAPE.sub(lambda escape: _ESCAPES[escape.group(1)], text[1:-1])


def _number(source: str, text: str, start: int, end: int) -> float:
    if _NUMBER_TAIL.match(source, end):
        hint = "write plain decimal digits, as in 1000 or 0.5"
        raise refuse("left-out", "numbers have no exponent, prefix or suffix", hint, start, end + 1)
    value = float(text) if "." in text else int(text)
    if value > MAX_NUMBER:
        hint = "numbers above 2^53 are not exact; use a smaller one"
        raise refuse("number-too-large", "number too large", hint, start, end)
    return value


def _strange(source: str, at: int) -> Refused:
    sign = source[at]
    if sign in "{}":
        hint = "there are lists [ … ] of values, and no maps"
        return refuse("left-out", "maps and messages are not offered", hint, at, at + 1)
    hint = "names are ASCII letters, digits and '_'; text stands in quotes"
    return refuse("bad-character", f"unexpected character {sign!r}", hint, at, at + 1)


def _token(source: str, match: re.Match[str]) -> Token:
    kind, text, start, end = str(match.lastgroup), match.group(), match.start(), match.end()
    if kind == "comment":
        hint = "say it in the rule's 'why', or in a YAML comment"
        raise refuse("left-out", "comments are not offered inside an expression", hint, start, end)
    if kind == "prefixed":
        hint = "write a plain string in quotes"
        raise refuse("left-out", "raw and byte strings are not offered", hint, start, end)
    if kind == "open":
        hint = f"close it with {text} on the same line"
        raise refuse("unclosed", "this string is not closed", hint, start, end)
    if kind == "single":
        code, message, hint = _SINGLE[text]
        turned = source[start : start + 2]
        if turned in _TURNED:
            message, hint = f"'{turned}' compares nothing", f"write '{_TURNED[turned]}'"
        raise refuse(code, message, hint, start, end)
    if kind == "number":
        return Token(kind, text, start, end, _number(source, text, start, end))
    if kind == "string":
        return Token(kind, text, start, end, _string(text, start))
    return Token(kind, text, start, end)


def _bad(finding: Finding) -> Token:
    return Token("bad", "", finding.start, finding.end, finding=finding)


def tokens(source: str) -> Iterator[Token]:
    """Yield the tokens of an expression up to its end, or up to what cannot be read."""
    at = 0
    try:
        while at < len(source):
            match = _TOKEN.match(source, at)
            if match is None:
                raise _strange(source, at)
            if match.lastgroup != "space":
                yield _token(source, match)
            at = match.end()
    except Refused as refused:
        yield _bad(refused.finding)
    yield Token("end", "", len(source), len(source))
