"""Build the requests of a trial in the forms that helpdesks send them in."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from urllib.parse import urlencode

from plugin.frame import SignedRequest


def with_query(template: SignedRequest, params: Mapping[str, str]) -> SignedRequest:
    """Return a GET of the template's address with these parameters, in their order."""
    query = urlencode(params)
    url = f"{template.url}?{query}"
    return dataclasses.replace(template, method="GET", url=url, query=query.encode())


def with_json(template: SignedRequest, raw: bytes, headers: Mapping[str, str]) -> SignedRequest:
    """Return a POST of a JSON body with these headers."""
    sent = {"content-type": "application/json", **headers}
    return dataclasses.replace(template, method="POST", headers=sent, body=raw)
