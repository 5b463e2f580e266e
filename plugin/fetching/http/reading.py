"""Read an answer's body within its time and size, and insist that it is JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Protocol

from plugin.errors import UpstreamBroken, UpstreamTimeout

MOST = 2 * 1024 * 1024  # decoded bytes
PIECE = 65_536
LONGEST_EXPONENT = 400
_JSON_TYPE = re.compile(r"(application|text)/([a-z0-9.!#$&^_-]+\+)?json")
_CHARSET = re.compile(r"charset\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class Body(Protocol):
    """What urllib3 answers with, as far as it is read here."""

    def read1(self, amt: int, *, decode_content: bool) -> bytes:
        """Return what has arrived, up to `amt` decoded bytes; empty at the end."""


def read_body(body: Body, left: Callable[[], float], most: int = MOST) -> bytes:
    """Return the whole body; `left` tells the seconds that remain for it.

    Reads piece by piece as they arrive: a `requests` timeout holds for each receive, so an
    upstream that drips a byte a second would never exceed it.
    """
    pieces = bytearray()
    while True:
        if left() <= 0:
            raise UpstreamTimeout("did not finish its answer in time")
        piece = body.read1(PIECE, decode_content=True)
        if not piece:
            return bytes(pieces)
        pieces += piece
        if len(pieces) > most:
            raise UpstreamBroken(f"its answer is larger than {most} bytes")


def check_type(content_type: str | None) -> None:
    """Raise UpstreamBroken unless the header announces JSON in UTF-8."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if not _JSON_TYPE.fullmatch(kind):
        raise UpstreamBroken(f"answered with {kind or 'no content type'} instead of JSON")
    charset = _CHARSET.search(content_type or "")
    if charset and charset[1].lower() not in {"utf-8", "utf8", "us-ascii", "ascii"}:
        raise UpstreamBroken(f"answered in {charset[1]}; JSON is UTF-8")


def _exact(text: str) -> Decimal:
    value = Decimal(text)
    # int(Decimal("1e999999999")) would fill the memory of whoever reads the fact.
    if value and abs(value.adjusted()) > LONGEST_EXPONENT:
        raise ValueError("a number beyond all measure")
    return value


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


def _mend(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_mend(inner) for inner in value]
    if isinstance(value, dict):
        return {_mend(key): _mend(inner) for key, inner in value.items()}
    return value


def read_json(body: bytes) -> Any:
    """Return the JSON value; fractions as Decimal, half characters replaced.

    Raises UpstreamBroken for anything else, too deep or too large numbers included.
    """
    try:
        text = body.decode("utf-8-sig")
        value = json.loads(text, parse_float=_exact, parse_constant=_refuse)
        return _mend(value) if _SURROGATE.search(text) else value
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise UpstreamBroken("its answer is not JSON") from error
