"""A wrong certificate is called by its name."""

from __future__ import annotations

import ssl

import requests
import urllib3

from plugin.fetching.http.errors import is_never_reached, of_exception


def test_a_wrong_certificate_is_not_an_absence():
    """However deep the libraries tucked it away; it is not tried again."""
    inner = ssl.SSLCertVerificationError(1, "certificate verify failed: Hostname mismatch")
    error = requests.exceptions.SSLError(urllib3.exceptions.SSLError(inner))

    assert "certificate is wrong" in str(of_exception(error))
    assert not is_never_reached(error)
    assert "certificate" not in str(of_exception(ConnectionRefusedError()))
