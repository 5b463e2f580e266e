"""What the exports of vendors call our columns: one record an export, as an admin would map it.

`marks` are the headers that only this export has. Several names of one column are spellings of
different years or plans of the vendor; the first that is there counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ASK = "ask"  # the amount of a row with a quantity may be for one or for all: nobody said


@dataclass(frozen=True, slots=True)
class Export:
    """One export of one vendor: its title, what it is recognised by, how it is read."""

    title: str
    marks: tuple[str, ...]
    columns: Mapping[str, Any] = field(default_factory=dict)
    decimal: str | None = "."
    date_order: str | None = None
    amount: str | None = None
