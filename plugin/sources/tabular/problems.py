"""What can be wrong in a table, and where: a file, a line, a column."""

from __future__ import annotations

from dataclasses import dataclass

from plugin.errors import SidelightError
from plugin.sources.refused import BadCell

__all__ = [
    "BadCell",
    "BadFile",
    "TableProblem",
]


class BadFile(SidelightError):
    """A file that cannot be read as a table at all; `line` is 0 where none is to blame."""

    def __init__(self, message: str, line: int = 0, hint: str = "") -> None:
        self.line = line
        self.hint = hint
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class TableProblem:
    """One thing that is wrong in a file: `line` counts from 1, 0 is the file as a whole.

    `is_note`: nothing is wrong; it is said because whoever keeps the file will want to know.
    """

    file: str
    line: int
    column: str
    message: str
    hint: str = ""
    is_note: bool = False

    @property
    def where(self) -> str:
        """Return the place as people say it: file, line and column."""
        line = f", line {self.line}" if self.line else ""
        return f"{self.file}{line}" + (f", column {self.column}" if self.column else "")
