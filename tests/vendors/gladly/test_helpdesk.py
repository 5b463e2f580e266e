"""The lookup of Gladly: its derived key and the form of its results."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import re
from typing import Any

import pytest

from plugin.errors import BadSignature
from plugin.frame import FrameRequest, Requester, SignedRequest
from tests.families.helpdesks.bench import ROOT, bench, mac, post
from widgets.renderers.lookup_results import ATTRIBUTES, lookup_results
from widgets.widget import Header, Row, Section, Widget


def test_gladly_derives_its_key_raw() -> None:
    """The day's key is used as bytes; its hex form signs nothing."""
    desk = bench("gladly")
    signed = desk.signed()
    day = mac("signing-key", b"20261121").hex()
    forged = desk.signed(install=desk.keyed(day))

    assert desk.helpdesk.verify(signed, desk.install) is not None
    with pytest.raises(BadSignature):
        desk.helpdesk.verify(forged, desk.install)


def _lookup(
    *names: str, sent: str = "", path: str = "/frames/acme", query: str = ""
) -> SignedRequest:
    """Return a lookup that signs these headers, worked out as Gladly's page says.

    `sent` is the query of the address; `path` and `query` are the two lines that are signed of it.
    """
    time, body = "20261121T090000Z", b'{"query": {}}'
    headers = {"accept": "application/json", "gladly-time": time}
    lines = [f"{name}:{headers[name]}" for name in names]
    digest = hashlib.sha256(body).hexdigest()
    canonical = "\n".join(["POST", path, query, *lines, "", ";".join(names), digest])
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    day = mac("signing-key", time[:8].encode())
    to_sign = f"hmac-sha256\n{time}\n{hashed}".encode()
    signature = hmac.new(day, to_sign, hashlib.sha256).hexdigest()
    value = f"SigningAlgorithm=hmac-sha256, SignedHeaders={';'.join(names)}, Signature={signature}"
    asked = post(body, {**headers, "gladly-authorization": value})
    return dataclasses.replace(asked, url=f"{asked.url}?{sent}", query=sent.encode())


def test_gladly_must_sign_its_time() -> None:
    """A right signature that leaves the time out could be sent again with another one."""
    desk = bench("gladly")

    assert desk.helpdesk.verify(_lookup("accept", "gladly-time"), desk.install) is not None
    with pytest.raises(BadSignature):
        desk.helpdesk.verify(_lookup("accept"), desk.install)


@pytest.mark.parametrize(
    ("sent", "path", "query"),
    [
        ("b=2&a=1", "/frames/acme", "a=1&b=2"),
        ("b=x+y&B=%7e&a=1", "/frames/acme", "B=%7e&a=1&b=x+y"),
        ("b=x%20y&B=%7e&a", "/frames/acme", "B=~&a=&b=x+y"),
        ("b=2&a=1", "/frames/acme?b=2&a=1", ""),
    ],
    ids=["sorted", "as it is escaped", "escaped anew", "with the path"],
)
def test_gladly_signs_a_query_in_each_published_form(sent: str, path: str, query: str) -> None:
    """Page and Spree extension differ in the query alone: each form proves, no other query does."""
    desk = bench("gladly")
    right = _lookup("gladly-time", sent=sent, path=path, query=query)
    changed = dataclasses.replace(right, query=b"b=2&a=3")

    assert desk.helpdesk.verify(right, desk.install) is not None
    for other in (changed, _lookup("gladly-time", sent=sent)):
        with pytest.raises(BadSignature):
            desk.helpdesk.verify(other, desk.install)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, []),
        ({}, []),
        (
            {"ARR": "$30K", "Open tickets": 3},
            [
                {
                    "externalCustomerId": "abc",
                    "name": "Jane",
                    "emails": [{"original": "jane@acme.test"}],
                    "customAttributes": {"ARR": "$30K", "Open tickets": "3"},
                }
            ],
        ),
    ],
    ids=["no match", "nothing to show", "one result, numbers as texts"],
)
def test_gladly_gets_results(answer: Any, expected: Any) -> None:
    """One result for the customer that was looked for, or none."""
    desk = bench("gladly")
    request = FrameRequest(install_id="acme", requester=Requester("jane@acme.test", "Jane", "abc"))

    assert desk.helpdesk.wrap(answer, request, desk.install) == {"results": expected}


def test_what_customers_write_is_never_a_key() -> None:
    """A subject that is called like a figure stays below the key of the tickets."""
    rows = (Row("ARR", "open"), Row("Invoice 2026-17", "$90"))
    widget = Widget("resolved", Header("Acme"), (Section("tickets", "Tickets", rows),))

    assert lookup_results.render(widget, {}) == {
        "account": "Acme",
        "tickets": "ARR: open; Invoice 2026-17: $90",
    }


@pytest.mark.parametrize(
    "page", ["docs/vendors/gladly.md", "manifest/packages/gladly/install.html"]
)
def test_gladlys_keys_are_listed_for_the_admin(page: str) -> None:
    """Page and sheet name every attribute that an admin has to register."""
    text = (ROOT / page).read_text(encoding="utf-8")

    assert [key for key in ATTRIBUTES if not re.search(rf"[`>]{key}[`<]", text)] == []
