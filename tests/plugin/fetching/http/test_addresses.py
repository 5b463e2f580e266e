"""Where the outgoing client may go."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.errors import UpstreamBroken, UpstreamUnset
from plugin.fetching.http.addresses import check_base, ends_with, is_admitted, locate

INSIDE = [
    "0.0.0.0",  # noqa: S104 — an example, nothing is bound
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.8.8.8",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.8",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::8.8.8.8",
    "2002:7f00:1::",
    "2001:0:0:0:0:0:80ff:fffe",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1%eth0",
    "ff02::1",
    "fec0::1",
    "feff::1",
    "192.88.99.1",
    "192.31.196.1",
    "2002:c058:6301::1",
    "2001:db8::1",
    "2001:20::1",
    "3fff::1",
    "5f00::1",
    "100::1",
    "4000::1",
    "::10.0.0.1",
    "not an address",
]


@pytest.mark.parametrize("address", INSIDE)
def test_private_addresses_are_not_called(address):
    """Not we, nor a neighbour, nor a cloud's metadata, however it is written."""
    assert not is_admitted(address, loopback=False)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "64:ff9b::1.1.1.1"])
def test_public_addresses_are_called(address):
    """The internet is where vendors are."""
    assert is_admitted(address, loopback=False)


@pytest.mark.parametrize(
    ("address", "admitted"), [("127.0.0.1", True), ("::1", True), ("10.0.0.1", False)]
)
def test_a_loopback_connection_reaches_this_machine_alone(address, admitted):
    """What is meant for tests opens no way into the network."""
    assert is_admitted(address, loopback=True) is admitted


@pytest.mark.parametrize(
    ("host", "admitted"),
    [
        ("zendesk.com", True),
        ("acme.zendesk.com", True),
        ("evilzendesk.com", False),
        ("zendesk.com.evil.example", False),
    ],
)
def test_suffixes_end_on_a_label(host, admitted):
    """A name that merely ends in the same letters belongs to somebody else."""
    assert ends_with(host, ["zendesk.com"]) is admitted


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://acme.zendesk.com", "https://acme.zendesk.com"),
        ("https://ACME.zendesk.com./api/v2/", "https://acme.zendesk.com/api/v2"),
        ("https://acme.zendesk.com:443/api", "https://acme.zendesk.com/api"),
    ],
)
def test_base_urls_are_written_one_way(url, base):
    """Case, a dot at the end and the usual port make no difference."""
    assert check_base(url, ("zendesk.com",), loopback=False) == base


@pytest.mark.parametrize(
    "url",
    [
        "http://acme.zendesk.com",
        "ftp://acme.zendesk.com",
        "https://acme.zendesk.com:8443",
        "https://acme.zendesk.com:0",
        "https://acme.zendesk.com:x",
        "https://me:secret@acme.zendesk.com",
        "https://evil.example#.zendesk.com",
        "https://evil.example?.zendesk.com",
        "https://evil.example\\.zendesk.com",
        "https://evil.example/.zendesk.com",
        "https://a..zendesk.com",
        "https://-.zendesk.com",
        "https://zendesk.com@evil.example",
        "https://[::1",
        "https://",
        "acme.zendesk.com",
        "",
        "https://acme.zendesk.com\n",
    ],
)
def test_other_base_urls_are_refused(url):
    """What could lead elsewhere is a mistake in the settings, and is said to be one."""
    with pytest.raises(UpstreamUnset):
        check_base(url, ("zendesk.com",), loopback=False)


@pytest.mark.parametrize("url", ["https://10.0.0.1", "https://localhost", "https://intranet"])
def test_a_connection_without_suffixes_needs_a_full_name(url):
    """A bare name is a neighbour's; an address is caught again when it is connected to."""
    try:
        base = check_base(url, (), loopback=False)
    except UpstreamUnset:
        return
    assert not is_admitted(base.removeprefix("https://"), loopback=False)


def test_a_loopback_base_names_this_machine():
    """Plain http and any port, but nobody else."""
    assert check_base("http://127.0.0.1:8080/x/", (), loopback=True) == "http://127.0.0.1:8080/x"
    with pytest.raises(UpstreamUnset):
        check_base("http://10.0.0.1:8080", (), loopback=True)


BASE = "https://acme.zendesk.com/api/v2"


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/tickets", f"{BASE}/tickets"),
        ("tickets?page=2", f"{BASE}/tickets?page=2"),
        ("/search?query=https://x", f"{BASE}/search?query=https://x"),
        ("@evil.example/x", f"{BASE}/@evil.example/x"),
        ("//evil.example/x", f"{BASE}//evil.example/x"),
        (f"{BASE}/tickets?page=3#a", f"{BASE}/tickets?page=3"),
        ("https://acme.zendesk.com:443/api/v2/x", "https://acme.zendesk.com:443/api/v2/x"),
    ],
)
def test_paths_stay_under_the_base(path, url):
    """A path is appended, a full link is followed on the same host."""
    assert locate(BASE, path) == url


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/x",
        "http://acme.zendesk.com/x",
        "https://acme.zendesk.com:8443/x",
        "https://me@acme.zendesk.com/x",
        "https://acme.zendesk.com.evil.example/x",
        "https://acme.zendesk.com\\@evil.example/x",
        "/../admin",
        "/%2e%2e/admin",
        "/x y",
    ],
)
def test_links_elsewhere_are_refused(path):
    """No credential goes to another host, nor to another part of this one."""
    with pytest.raises(UpstreamBroken):
        locate(BASE, path)


@settings(max_examples=50)
@given(st.text(max_size=40))
def test_no_path_leaves_the_host(path):
    """Whatever an upstream sends as its next link."""
    try:
        url = locate(BASE, path)
    except UpstreamBroken:
        return
    assert url.startswith(("https://acme.zendesk.com/", BASE))
