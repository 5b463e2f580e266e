"""Facts and account references as bytes and back: plain JSON that keeps every type, no pickle."""

from __future__ import annotations

import dataclasses
import json
import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from plugin.account import vocabulary
from plugin.account.money import Money
from plugin.upstream import AccountRef, BadValue, Facts

LEVEL = 1  # zlib: 17 µs in and 10 out for 6 KB; higher levels save little
MOST = 64 * 1024 * 1024  # decoded bytes; what is larger was not written by us
RECORDS: dict[str, type] = {
    kind.__name__: kind
    for kind in (*vars(vocabulary).values(), Money, AccountRef, BadValue, Facts)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind)
}
Record = TypeVar("Record")


class Unreadable(ValueError):
    """The bytes are not what this version writes: as good as absent."""


def _is_default(field: dataclasses.Field[Any], value: Any) -> bool:
    return type(value) is type(field.default) and bool(value == field.default)


def _fields(record: Any) -> dict[str, Any]:
    named = ((field, getattr(record, field.name)) for field in dataclasses.fields(record))
    return {field.name: pack(value) for field, value in named if not _is_default(field, value)}


def _pack_mapping(value: Mapping[Any, Any]) -> Any:
    if not all(isinstance(key, str) for key in value):
        raise Unreadable("a mapping needs text as its keys")
    packed = {key: pack(inner) for key, inner in value.items()}
    # Keys that look like our own marks travel as pairs.
    return {"$o": list(packed.items())} if any(key[:1] == "$" for key in packed) else packed


_PACKED: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (Decimal, lambda value: {"$n": str(value)}),
    (datetime, lambda value: {"$t": value.isoformat()}),
    (date, lambda value: {"$d": value.isoformat()}),
    (tuple, lambda value: {"$u": [pack(inner) for inner in value]}),
    (list, lambda value: [pack(inner) for inner in value]),
    (frozenset, lambda value: {"$s": sorted(value)}),
    (Mapping, _pack_mapping),
)


def pack(value: Any) -> Any:
    """Return `value` as what JSON can say; Unreadable names a type it has no word for."""
    if value is None or type(value) in {str, bool, int, float}:
        return value
    if type(value).__name__ in RECORDS and dataclasses.is_dataclass(value):
        return {"$r": [type(value).__name__, _fields(value)]}
    for kind, packed in _PACKED:
        if isinstance(value, kind):
            return packed(value)
    raise Unreadable(f"a fact cannot be a {type(value).__name__}")


def _record(named: Any) -> Any:
    name, fields = named
    return RECORDS[name](**fields)


_UNPACK: dict[str, Callable[[Any], Any]] = {
    "$n": Decimal,
    "$t": datetime.fromisoformat,
    "$d": date.fromisoformat,
    "$u": tuple,
    "$s": frozenset,
    "$o": dict,
    "$r": _record,
}


def _unpack(found: dict[str, Any]) -> Any:
    # The JSON reader calls this for each object, the innermost first.
    if len(found) == 1:
        (mark,) = found
        if mark[:1] == "$":
            return _UNPACK[mark](found[mark])
    return found


def encode(value: Any) -> bytes:
    """Return compressed bytes; Unreadable when the value holds what no fact may be."""
    try:
        text = json.dumps(pack(value), separators=(",", ":"), allow_nan=False)
    except (ValueError, TypeError, RecursionError) as error:
        raise Unreadable(str(error)) from error
    return zlib.compress(text.encode("ascii"), LEVEL)


def _inflate(body: bytes) -> bytes:
    inflater = zlib.decompressobj()
    text = inflater.decompress(body, MOST)
    if not inflater.eof or inflater.unused_data:
        raise Unreadable("cut off, too long, or with something behind it")
    return text


def decode(body: bytes, kind: type[Record]) -> Record:
    """Return the `kind` that was encoded; Unreadable for anything else."""
    try:
        value = json.loads(_inflate(body), object_hook=_unpack)
    except Unreadable:
        raise
    except (zlib.error, ValueError, TypeError, KeyError, ArithmeticError, RecursionError) as error:
        raise Unreadable(type(error).__name__) from error
    if not isinstance(value, kind):
        raise Unreadable(f"holds no {kind.__name__}")
    return value
