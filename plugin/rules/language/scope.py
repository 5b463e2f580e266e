"""What an expression may name beside its own variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from plugin.rules.schema import Schema


@dataclass(frozen=True, slots=True)
class Scope:
    """Fields by the schema, `params.x` by value, defs by their text.

    A param's value is inlined, so another value makes another program.
    """

    schema: Schema
    params: Mapping[str, bool | float | str] = field(default_factory=dict)
    defs: Mapping[str, str] = field(default_factory=dict)
