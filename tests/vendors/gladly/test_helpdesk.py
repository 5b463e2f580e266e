"""The lookup of Gladly: its derived key and the form of its results."""

from __future__ import annotations

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


def _lookup(*names: str) -> SignedRequest:
    """Return a lookup that signs these headers, worked out as Gladly's page says."""
    time, body = "20261121T090000Z", b'{"query": {}}'
    headers = {"accept": "application/json", "gladly-time": time}
    lines = [f"{name}:{headers[name]}" for name in names]
    digest = hashlib.sha256(body).hexdigest()
    canonical = "\n".join(["POST", "/frames/acme", "", *lines, "", ";".join(names), digest])
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    day = mac("signing-key", time[:8].encode())
    to_sign = f"hmac-sha256\n{time}\n{hashed}".encode()
    signature = hmac.new(day, to_sign, hashlib.sha256).hexdigest()
    value = f"SigningAlgorithm=hmac-sha256, SignedHeaders={';'.join(names)}, Signature={signature}"
    return post(body, {**headers, "gladly-authorization": value})


def test_gladly_must_sign_its_time() -> None:
    """A right signature that leaves the time out could be sent again with another one."""
    desk = bench("gladly")

    assert desk.helpdesk.verify(_lookup("accept", "gladly-time"), desk.install) is not None
    with pytest.raises(BadSignature):
        desk.helpdesk.verify(_lookup("accept"), desk.install)


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
