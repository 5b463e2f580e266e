"""The shape of a renderer: one answer format, with the limits that its helpdesk sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from widgets.widget import Widget


@dataclass(frozen=True, slots=True)
class Limits:
    """What the format may hold: bytes of the whole answer, characters of one text, rows shown."""

    docs_url: str
    max_bytes: int | None = None
    max_text: int | None = None
    max_rows: int | None = None


@dataclass(frozen=True, slots=True)
class Renderer:
    """One answer format.

    `render` turns a widget into the format's own value: markup (str) for `text/…` types, a
    JSON value for `application/json`. It escapes every text and keeps within `limits`. `view` holds
    what the format needs to know of the frame: theme, url of the full view, card key.
    """

    name: str
    title: str
    content_type: str
    render: Callable[[Widget, Mapping[str, str]], Any]
    limits: Limits
    view: tuple[str, ...] = field(default=())
