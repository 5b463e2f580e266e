"""Turn an e-mail address as it arrived into the keys that an account may be found by."""

from __future__ import annotations

from dataclasses import dataclass

from plugin.account.domains import normal_domain

_MAX_ADDRESS = 254  # RFC 5321, 4.5.3.1.3


@dataclass(frozen=True, slots=True)
class Address:
    """An address in normal form: the local part as written, the domain lower-case and IDNA."""

    local: str
    domain: str

    @property
    def exact(self) -> str:
        """Return the first key: the local part kept."""
        return f"{self.local}@{self.domain}"

    @property
    def folded(self) -> str:
        """Return the second key: all lower-case."""
        return self.exact.lower()

    @property
    def untagged(self) -> str:
        """Return the third key: lower-case, without a plus tag."""
        return f"{self.local.lower().partition('+')[0]}@{self.domain}"

    def keys(self) -> tuple[str, ...]:
        """Return the different keys, most exact first."""
        return tuple(dict.fromkeys((self.exact, self.folded, self.untagged)))


def _is_odd(local: str) -> bool:
    """Tell whether a local part is none: no quoted form is read, as no helpdesk sends one."""
    return any(sign.isspace() or sign in '@<>,;"' for sign in local)


def read_address(text: str | None) -> Address | None:
    """Return the address in normal form, None when it is not an address."""
    cleaned = (text or "").strip()
    local, at, host = cleaned.rpartition("@")
    if not at or not local or len(cleaned) > _MAX_ADDRESS or _is_odd(local):
        return None
    domain = normal_domain(host)
    return Address(local, domain) if domain else None
