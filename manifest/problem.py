"""One thing that is wrong with a package: in which file, by which rule, in which words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding; `level` is `error` where the helpdesk refuses, `warning` where it only may."""

    path: str
    rule: str
    message: str
    level: str = "error"

    def __str__(self) -> str:
        """Return the finding as one line for a terminal."""
        return f"{self.path}: {self.rule}: {self.message}"


def warning(path: str, rule: str, message: str) -> Problem:
    """Return a finding that the helpdesk accepts and a careful admin does not."""
    return Problem(path, rule, message, "warning")
