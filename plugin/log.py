"""One JSON line an event; secrets, query strings and e-mail addresses never pass."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TextIO

_EMAIL = re.compile(r"[^\s@<>\"',;]+@[^\s@<>\"',;]+\.[A-Za-z]{2,}")
_QUERY = re.compile(r"\?[^\s\"']+")
_BEARER = re.compile(
    r"(?i)(\b(?:bearer|basic)\s+|\b(?:token|key|secret|password)\w*\s*[=:]\s*)\S{8,}"
)
_ENCODER = json.JSONEncoder(ensure_ascii=False)
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_SHORT = 64  # what repeats in every line (kinds, words, install ids) is shorter


def scrub(text: str) -> str:
    """Return the text without e-mail addresses, query strings and what looks like a secret."""
    return _scrub_short(text) if len(text) <= _SHORT else _scrub(text)


def _scrub(text: str) -> str:
    text = _EMAIL.sub("<e-mail>", text)
    text = _BEARER.sub(r"\1<secret>", text)
    return _QUERY.sub("?<query>", text)


_scrub_short = lru_cache(1024)(_scrub)


def _clean(value: Any) -> Any:
    if isinstance(value, (int, float, bool)) or value is None:
        return value
    return scrub(str(value))[:2000]


# Signs that a terminal obeys instead of showing: controls, directions, invisible ones, and halves
# of pairs, which cannot be written at all. https://www.unicode.org/reports/tr36/
_UNSEEN = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def _escaped(sign: re.Match[str]) -> str:
    return json.dumps(sign[0])[1:-1]


def _safe(line: str) -> str:
    """Return the JSON with signs that nobody sees written as escapes: it says the same."""
    return _UNSEEN.sub(_escaped, line)


def _places(error: BaseException | None) -> str:
    """Return where an error and its causes came from, and their kinds, without their texts.

    What a database or a parser says of a value quotes it: a note, an address, a name.
    """
    told: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        places = "".join(traceback.format_tb(error.__traceback__))
        told.insert(0, f"{places}{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(told)


class JsonLines(logging.Formatter):
    """Format a record as one JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a traceback keeps its places and loses its values."""
        event = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": scrub(record.getMessage()),
            "logger": record.name,
        }
        fields = (one for one in vars(record).items() if one[0] not in _STANDARD)
        event |= {name: _clean(value) for name, value in fields}
        if record.exc_info:
            event["trace"] = scrub(_places(record.exc_info[1]))[-4000:]
        return _safe(_ENCODER.encode(event))


def tell(logger: logging.Logger, event: str, fields: Mapping[str, Any], at: datetime) -> None:
    """Log an event of an earlier moment, as `logger.info` with `extra` would have then."""
    if logger.isEnabledFor(logging.INFO):
        level = {"levelno": logging.INFO, "levelname": "INFO"}
        told = {"name": logger.name, "msg": event, "created": at.timestamp(), **level, **fields}
        logger.handle(logging.makeLogRecord(told))


class Lines(logging.StreamHandler[TextIO]):
    """Writes each line with one call and without a lock: nobody who logs waits for another."""

    def createLock(self) -> None:  # noqa: N802 - the name that logging calls
        """Have none: it would be held while the line is on its way."""
        self.lock = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line; the system keeps lines apart."""
        try:
            self._write(f"{self.format(record)}\n")
        except Exception:  # noqa: BLE001 - as every handler does
            self.handleError(record)

    def _write(self, line: str) -> None:
        try:
            place = self.stream.fileno()
        except (OSError, ValueError):  # no file of the system's: whoever reads it is in here
            self.stream.write(line)
            return
        left = line.encode("utf-8", "backslashreplace")
        while left:
            left = left[os.write(place, left) :]


def start_logging(level: str) -> None:
    """Send Sidelight's events to standard error, one JSON line each."""
    handler = Lines(sys.stderr)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("sidelight")
    logger.handlers[:] = [handler]
    logger.setLevel(level.upper())
    logger.propagate = False
