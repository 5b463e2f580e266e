"""Collect every problem of the settings, with its key, while tables are checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError

from plugin.errors import Problem, did_you_mean
from plugin.settings.bounds import NoFile, bounded_text

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_LISTS = (list, tuple)
_MOST = 100  # problems that are said at once
_UNSET = "unset-" * 6  # long enough that one mistake is told once
_TO_DO = {
    "Not a valid string.": 'is no text: write it in quotes, such as "…"',
    "Not a valid list.": 'is no list: write it in brackets, such as ["…"]',
    "Not a valid integer.": "is no whole number: write digits without quotes",
    "Not a valid boolean.": "is neither true nor false: write one of them, without quotes",
    "Not a valid mapping type.": "is no table: write it in braces, such as { name = … }",
    "Shorter than minimum length 1.": "is empty: set it",
}


class Reader:
    """Collects problems while the file is turned into records."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.environ = environ
        self.problems: list[Problem] = []

    def problem(self, key: str, message: str, hint: str = "") -> None:
        """Note what is wrong, where and what to do; what nobody would read any more is left out."""
        if not self.is_full:
            self.problems.append(Problem(key, message, hint))

    @property
    def is_full(self) -> bool:
        """Tell whether more is wrong than anybody reads at once."""
        return len(self.problems) >= _MOST

    def expand(self, value: Any, key: str) -> Any:
        """Replace ${NAME} and file:PATH in every string below `value`."""
        if isinstance(value, dict):
            return {name: self.expand(part, f"{key}.{name}") for name, part in value.items()}
        if isinstance(value, list):
            return [self.expand(part, f"{key}[{place}]") for place, part in enumerate(value)]
        if not isinstance(value, str):
            return value
        text = _VARIABLE.sub(lambda match: self._variable(match[1], key), value)
        return self._file(text[5:], key) if text.startswith("file:") else text

    def _variable(self, name: str, key: str) -> str:
        if not self.environ.get(name):
            self.problem(key, f"the environment variable {name} is not set", f"export {name}=…")
        return self.environ.get(name) or _UNSET

    def _file(self, path: str, key: str) -> str:
        try:
            return bounded_text(self.folder / path).strip()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "not readable as UTF-8 text"
            reason = str(error) if isinstance(error, NoFile) else reason
            self.problem(key, f"cannot read the file {path}: {reason}")
            return _UNSET

    def load(self, schema: type[Schema], table: Any, key: str) -> dict[str, Any]:
        """Return the valid part of a table; report the rest."""
        if not isinstance(table, dict):
            self.problem(key, "is not a table", f"write [{key}]")
            return {}
        try:
            return dict(schema().load(table))
        except ValidationError as error:
            known = [field.data_key or name for name, field in schema().fields.items()]
            self._report(error.messages, key, known)
            return dict(error.valid_data) if isinstance(error.valid_data, dict) else {}

    def _report(self, messages: Any, key: str, known: list[str], *, is_named: bool = False) -> None:
        if self.is_full:
            return
        if isinstance(messages, dict):
            # What marshmallow puts between a freely named entry and its own keys.
            is_pair = is_named and set(messages) <= {"key", "value"}
            for name, inner in messages.items():
                place = f"[{name}]" if isinstance(name, int) else f".{name}"
                here = key if name == "_schema" or is_pair else key + place
                self._report(inner, here, known, is_named=isinstance(name, str))
            return
        for message in messages if isinstance(messages, _LISTS) else [messages]:
            if message == "Unknown field.":
                others, name = f"known: {', '.join(known)}", key.rpartition(".")[2]
                hint = did_you_mean(name, known, others, form="'{}'")
                self.problem(key, "is not a setting", hint)
            else:
                self.problem(key, _calm(str(message)))


def _calm(message: str) -> str:
    """Return what marshmallow says as what to do, where it only says what the value is not."""
    if message.startswith("Missing data"):
        return "is missing: set it"
    if message in _TO_DO:
        return _TO_DO[message]
    return message[0].lower() + message[1:].rstrip(".")


def tables(reader: Reader, value: Any, key: str) -> dict[str, Any]:
    """Return a table of tables, each with a good name; what is none is reported."""
    if not isinstance(value, dict):
        reader.problem(key, "is not a table of tables", f"write [{key}.<name>]")
        return {}
    for name in value:
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,62}", name):
            reader.problem(f"{key}.{name}", "is not a good name", "a-z, 0-9, - and _ only")
    return value
