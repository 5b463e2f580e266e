"""The lookup of Gladly: its derived key and the form of its results."""

from __future__ import annotations

from typing import Any

import pytest

from plugin.errors import BadSignature
from plugin.frame import FrameRequest, Requester
from tests.plugin.helpdesks.bench import (
    bench,
    mac,
)


def test_gladly_derives_its_key_raw() -> None:
    """The day's key is used as bytes; its hex form signs nothing."""
    desk = bench("gladly")
    signed = desk.signed()
    day = mac("signing-key", b"20261121").hex()
    forged = desk.signed(install=desk.keyed(day))

    assert desk.helpdesk.verify(signed, desk.install) is not None
    with pytest.raises(BadSignature):
        desk.helpdesk.verify(forged, desk.install)


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
