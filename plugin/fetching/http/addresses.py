"""Where outgoing calls may go: host names by their suffix, addresses only if they are public.

Hosts come from settings that admins write, so a name is checked when it is read and the
addresses behind it at each connect (a name can change what it points to in between):
https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import SplitResult, unquote, urlsplit

import idna

from plugin.errors import UpstreamBroken, UpstreamUnset

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
# Ranges that Python counts as public and that yet answer only inside a network.
INTERNAL = (
    ipaddress.IPv4Network("168.63.129.16/32"),  # Azure's host agent
    ipaddress.IPv4Network("192.0.0.0/24"),  # https://www.rfc-editor.org/rfc/rfc6890
    ipaddress.IPv4Network("192.88.99.0/24"),  # 6to4 relays, https://www.rfc-editor.org/rfc/rfc7526
    ipaddress.IPv4Network("192.31.196.0/24"),  # AS112, https://www.rfc-editor.org/rfc/rfc7535
    ipaddress.IPv4Network("192.52.193.0/24"),  # AMT, https://www.rfc-editor.org/rfc/rfc7450
    ipaddress.IPv4Network("192.175.48.0/24"),  # AS112, https://www.rfc-editor.org/rfc/rfc7534
    ipaddress.IPv6Network("fec0::/10"),  # site-local, https://www.rfc-editor.org/rfc/rfc3879
    ipaddress.IPv6Network("2001::/23"),  # protocols, https://www.rfc-editor.org/rfc/rfc2928
    ipaddress.IPv6Network("3fff::/20"),  # documentation, https://www.rfc-editor.org/rfc/rfc9637
    ipaddress.IPv6Network("5f00::/16"),  # SRv6, https://www.rfc-editor.org/rfc/rfc9602
    ipaddress.IPv6Network("100::/63"),  # discard-only and dummy, RFC 6666 and RFC 9780
    ipaddress.IPv6Network("2620:4f:8000::/48"),  # AS112, RFC 7534
)
# All that is public of IPv6: https://www.iana.org/assignments/ipv6-address-space
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # https://www.rfc-editor.org/rfc/rfc6052
LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")  # https://www.rfc-editor.org/rfc/rfc8215
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


def _embedded(address: ipaddress.IPv6Address) -> Address | None:
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo is not None:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour


def is_public(address: Address) -> bool:
    """Return whether `address` belongs to the internet: not to us, a neighbour or a cloud host."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = _embedded(address)
        if inner is not None:
            return is_public(inner)
        if address in LOCAL_NAT64 or address not in GLOBAL_UNICAST:
            return False
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in INTERNAL)
    )


def is_admitted(address: str, *, loopback: bool) -> bool:
    """Return whether a connection to `address` may be opened."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return parsed.is_loopback if loopback else is_public(parsed)


def ends_with(host: str, suffixes: Iterable[str]) -> bool:
    """Return whether `host` is one of `suffixes` or lies below one: on a label's boundary."""
    return any(host == suffix or host.endswith(f".{suffix}") for suffix in suffixes)


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host or not host:
        return host
    try:
        return host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        return None if parts.port == 0 or _UNSAFE.search(url) else parts
    except ValueError:  # a port that is no number, brackets that do not match
        return None


def _complaint(parts: SplitResult, host: str, hosts: tuple[str, ...]) -> str | None:
    if parts.scheme != "https":
        return "the base URL must begin with https://"
    if parts.port not in {None, 443}:
        return "the base URL may not name a port"
    if not all(_LABEL.fullmatch(label) for label in host.split(".")) or "." not in host:
        return "the base URL needs a full host name"
    if hosts and not ends_with(host, hosts):
        return f"the host of the base URL must end with {' or '.join(hosts)}"
    return None


def check_base(url: str, hosts: tuple[str, ...], *, loopback: bool) -> str:
    """Return the base URL without a slash at its end, or raise UpstreamUnset saying what is wrong.

    `loopback` admits this machine, over plain http and any port, and nothing else.
    """
    parts = _split(url)
    host = "" if parts is None else _host(parts)
    if parts is None or not host:
        raise UpstreamUnset("the base URL cannot be read: it should look like https://host")
    if parts.username is not None or parts.query or parts.fragment:
        raise UpstreamUnset("the base URL may hold no user name, query or fragment")
    if loopback:
        if host not in LOOPBACK_HOSTS or parts.scheme not in {"http", "https"}:
            raise UpstreamUnset("a loopback connection may only call this machine")
        return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")
    complaint = _complaint(parts, host, hosts)
    if complaint is not None:
        raise UpstreamUnset(complaint)
    return f"https://{host}{parts.path}".rstrip("/")


def _climbs(path: str) -> bool:
    return any(unquote(segment) in {".", ".."} for segment in path.split("/"))


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    ports = {"https": 443, "http": 80}
    return parts.scheme, parts.hostname, parts.port or ports.get(parts.scheme)


def locate(base: str, path: str) -> str:
    """Return the URL of `path` under `base`; a full URL (a paging link) must stay on its host.

    Raises UpstreamBroken for a link that leads elsewhere: no credential ever goes there.
    """
    url = path if "://" in path.partition("?")[0] else f"{base}/{path.removeprefix('/')}"
    parts = _split(url)
    if parts is None or parts.username is not None or _climbs(parts.path):
        raise UpstreamBroken("a link cannot be followed")
    if _origin(parts) != _origin(urlsplit(base)):
        raise UpstreamBroken("a link leads away from the connection's own host")
    return url.partition("#")[0]
