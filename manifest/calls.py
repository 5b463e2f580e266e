"""A call to a helpdesk's API as data: printed, put into a package, or sent."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

PLACEHOLDER = re.compile(r"\$\{([A-Za-z_.]+)\}")


@dataclass(frozen=True, slots=True)
class Call:
    """One call; `${NAME}` in its texts is filled in only when it is sent.

    `${KEY}` is the install's newest secret, `${TOKEN}` the admin's own API token, and
    `${integration.id}` what an earlier call named `integration` answered.
    """

    name: str
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    def as_json(self) -> Any:
        """Return the call as JSON."""
        return {
            "name": self.name,
            "method": self.method,
            "url": self.url,
            "headers": dict(self.headers),
            "body": self.body,
        }


def as_json(value: Any) -> bytes:
    """Return the value as a file's bytes."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _inside(text: str, value: Any) -> str:
    """Return the value as it stands in a text: quoted where the text is an address."""
    is_address = text.startswith(("https://", "http://"))
    return quote(str(value), safe="") if is_address else str(value)


def _filled_text(text: str, known: Mapping[str, Any]) -> Any:
    whole = PLACEHOLDER.fullmatch(text)
    if whole and whole[1] in known:
        return known[whole[1]]
    return PLACEHOLDER.sub(
        lambda found: _inside(text, known[found[1]]) if found[1] in known else found[0], text
    )


def fill(value: Any, known: Mapping[str, Any]) -> Any:
    """Return the value with every known placeholder filled in."""
    if isinstance(value, str):
        return _filled_text(value, known)
    if isinstance(value, list):
        return [fill(one, known) for one in value]
    if isinstance(value, dict):
        return {name: fill(one, known) for name, one in value.items()}
    return value


def fill_call(call: Call, known: Mapping[str, Any]) -> Call:
    """Return the call with every known placeholder filled in, quoted inside addresses."""
    url = str(fill(call.url, known))
    headers = {name: str(fill(text, known)) for name, text in call.headers.items()}
    return Call(call.name, call.method, url, headers, fill(call.body, known))


def placeholders(call: Call) -> set[str]:
    """Return the names that are still to be filled in."""
    return set(PLACEHOLDER.findall(json.dumps(call.as_json())))
