"""One thing to say about a rule file: where it is, what is wrong and what to write instead."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
MOST = 500  # nobody reads more findings of one file


@lru_cache(maxsize=8)
def _line_starts(text: str) -> tuple[int, ...]:
    return (0, *(found.end() for found in _LINE_BREAK.finditer(text)))


@dataclass(frozen=True, slots=True)
class RuleSource:
    """A file as it was read; positions are indexes into `text`, in code points."""

    name: str
    text: str

    def locate(self, index: int) -> tuple[int, int]:
        """Return line and column of `index`, both from 1."""
        line = bisect_right(_line_starts(self.text), index)
        return line, index - self.line_start(index) + 1

    def line_start(self, index: int) -> int:
        """Return the index at which the line that holds `index` begins."""
        starts = _line_starts(self.text)
        return starts[bisect_right(starts, index) - 1]

    def line_end(self, index: int) -> int:
        """Return the index at which the line that holds `index` ends."""
        found = _LINE_BREAK.search(self.text, index)
        return found.start() if found else len(self.text)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding in a file: lines and columns from 1, in code points, the end exclusive.

    `excerpt` is the piece of source that is shown, `caret` where in it the mark begins, and
    `width` how long the mark is. `severity` is error or warning.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    message: str
    severity: str = "error"
    hint: str = ""
    rule: str | None = None
    key: str | None = None
    excerpt: str = ""
    caret: int = 0
    width: int = 1

    def as_json(self) -> dict[str, object]:
        """Return the finding for editors and CI."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "hint": self.hint,
            "rule": self.rule,
            "key": self.key,
        }

    def __str__(self) -> str:
        """Return the finding as people read it: place, sentence, source and carets."""
        says = f"{self.message}; {self.hint}" if self.hint else self.message
        lines = [f"{self.file}:{self.line}:{self.column}: {self.code}: {says}"]
        if self.excerpt:
            lines.append(f" | {self.excerpt}")
            lines.append(f" | {' ' * self.caret}{'^' * max(1, self.width)}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """A stretch of a file, and the scalar (`within`) whose own text is shown for it.

    `rule` and `key` say to what the stretch belongs.
    """

    source: RuleSource
    start: int
    end: int
    within: tuple[int, int] | None = None
    rule: str | None = None
    key: str | None = None

    def excerpt(self) -> tuple[str, int, int]:
        """Return the line of source to show, where the mark begins, and how long it is."""
        left = self.source.line_start(self.start)
        right = self.source.line_end(self.start)
        if self.within is not None:
            left, right = max(left, self.within[0]), max(min(right, self.within[1]), self.start)
        shown = self.source.text[left:right]
        indent = len(shown) - len(shown.lstrip())
        caret = max(0, self.start - left - indent)
        width = max(1, min(self.end, right) - self.start)
        return shown.strip("\r\n").lstrip().rstrip(), caret, width


def diagnostic(
    place: SourcePlace, code: str, message: str, hint: str = "", *, severity: str = "error"
) -> Diagnostic:
    """Return a finding at `place`."""
    line, column = place.source.locate(place.start)
    end_line, end_column = place.source.locate(max(place.start, place.end))
    excerpt, caret, width = place.excerpt()
    return Diagnostic(
        file=place.source.name,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        code=code,
        message=message,
        severity=severity,
        hint=hint,
        rule=place.rule,
        key=place.key,
        excerpt=excerpt,
        caret=caret,
        width=width,
    )


def errors(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the findings that keep a file from being used."""
    return [finding for finding in findings if finding.severity == "error"]


def in_file_order(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the findings by file and position; of doubles the one that names its rule.

    There are at most 500, so that no file can bury its reader.
    """
    unique: dict[tuple[object, ...], Diagnostic] = {}
    for found in findings:
        key = (found.file, found.line, found.column, found.code, found.message)
        if key not in unique or unique[key].rule is None:
            unique[key] = found
    listed = sorted(unique.values(), key=lambda found: (found.file, found.line, found.column))
    return tuple(listed[:MOST])
