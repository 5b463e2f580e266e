"""The few facts that a package is built from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Facts:
    """What an admin's package must say.

    `base_url` is Sidelight's public address, scheme and host only; `hosts` are the origins
    that may frame the page; `options` are the install's own settings, by the names that
    sidelight.toml gives them. No secret is among them: a package is passed from hand to hand.
    """

    install: str
    base_url: str
    hosts: tuple[str, ...] = ()
    locale: str = "en"
    title: str = "Sidelight"
    contact: str = "support@sidelight.example"
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """Return the public address without a slash at its end."""
        return self.base_url.rstrip("/")

    @property
    def frame_url(self) -> str:
        """Return the address that the helpdesk calls."""
        return f"{self.origin}/frames/{self.install}"

    @property
    def host(self) -> str:
        """Return the host of the public address, with its port where it has one."""
        return urlsplit(self.origin).netloc

    def option(self, name: str, default: str) -> str:
        """Return one of the install's own settings as text, `default` where it is not set."""
        value = self.options.get(name)
        return default if value is None or value == "" else str(value)

    def many(self, name: str, default: list[str]) -> list[str]:
        """Return a list among the install's own settings, `default` where it is not set."""
        value = self.options.get(name)
        return [str(one) for one in value] if isinstance(value, (list, tuple)) else default

    def language(self, *known: str) -> str:
        """Return the one of the known languages that the locale speaks, else the first."""
        wanted = self.locale.replace("_", "-").partition("-")[0].lower()
        return wanted if wanted in known else known[0]
