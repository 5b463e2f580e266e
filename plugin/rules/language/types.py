"""The types of account CEL."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Type:
    """One type: `item` is set for a list, `record` names the list whose items a record is."""

    name: str
    item: Type | None = None
    record: str = ""

    def __str__(self) -> str:
        """Return the type as people write it."""
        return f"list<{self.item}>" if self.item else self.name


BOOL = Type("bool")
NUMBER = Type("number")
STRING = Type("string")
TIMESTAMP = Type("timestamp")
DURATION = Type("duration")
WRONG = Type("wrong")  # of an operand that has its finding already: nothing more is said of it

Plain = bool | float | str  # what a literal or a param stands for

SCALARS = (BOOL, NUMBER, STRING, TIMESTAMP, DURATION)
ORDERED = (NUMBER, TIMESTAMP, DURATION)
_BY_NAME = {kind.name: kind for kind in SCALARS}


def list_of(item: Type) -> Type:
    """Return the type of a list of `item`."""
    return Type("list", item)


def type_of_field(declared: str, path: str) -> Type:
    """Return the type that a schema declares for a path."""
    if declared == "list<record>":
        return list_of(Type("record", record=path))
    if declared.startswith("list<"):
        return list_of(_BY_NAME[declared[5:-1]])
    return _BY_NAME[declared]


def type_of_value(value: Plain) -> Type:
    """Return the type of a param."""
    if isinstance(value, bool):
        return BOOL
    return STRING if isinstance(value, str) else NUMBER
