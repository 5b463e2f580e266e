"""A call to a helpdesk's API as data: printed, put into a package, or sent."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

PLACEHOLDER = re.compile(r"\$\{([A-Za-z_.]+)\}")


@dataclass(frozen=True, slots=True)
class Lookup:
    """How to find what a call made before: ask, and compare one value of each item with ours.

    `items` is where the list lies in the answer, `at` the value in an item, `own` the same value
    in the call's body; all are written with dots. What stands after a `?` may differ.
    """

    method: str
    url: str
    items: str
    at: str
    own: str
    body: Any = None


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
    made: Lookup | None = None

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
    made = call.made and replace(call.made, url=str(fill(call.made.url, known)))
    return Call(call.name, call.method, url, headers, fill(call.body, known), made)


def value_at(value: Any, path: str) -> Any:
    """Return what lies at a path of keys and places, written with dots; None where nothing does."""
    for step in path.split(".") if path else ():
        if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def find_made(call: Call, answer: Any) -> Any:
    """Return the item of a lookup's answer that this call made before; None if there is none."""
    if call.made is None:
        return None
    own = str(value_at(call.body, call.made.own)).partition("?")[0]
    items = value_at(answer, call.made.items)
    for item in items if isinstance(items, list) else ():
        if str(value_at(item, call.made.at)).partition("?")[0] == own:
            return item
    return None


def is_same(call: Call, item: Any) -> bool:
    """Return whether the item that was found is what the call would make."""
    made = call.made
    return made is not None and value_at(item, made.at) == value_at(call.body, made.own)


def placeholders(call: Call) -> set[str]:
    """Return the names that are still to be filled in."""
    return set(PLACEHOLDER.findall(json.dumps(call.as_json())))
