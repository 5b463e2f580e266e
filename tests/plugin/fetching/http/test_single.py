"""One call by hand goes through the same gates as every other call."""

from __future__ import annotations

import pytest

from plugin.errors import UpstreamUnset
from plugin.fetching.clock import system_clock
from plugin.fetching.http.single import single_client


@pytest.mark.parametrize(
    "url", ["", "ftp://api.acme.test/x", "http://api.acme.test/x", "https://[::1", "https:///x"]
)
def test_an_address_that_may_not_be_called_is_refused(url: str) -> None:
    """Only https is called, or this machine where the address names it."""
    with pytest.raises(UpstreamUnset):
        single_client(url, system_clock(), 1.0)
