"""A person who is deleted at the vendor is forgotten here."""

from __future__ import annotations

from typing import Any

import pytest

from plugin.store.pins import PinKey, StoredPin, put
from tests.plugin.conftest import NOW
from tests.plugin.web.hooks.conftest import away


@pytest.fixture
def remembered(parts):
    """Remember something of Jo, and return what is remembered of whom."""
    memory, key = parts.runtimes["acme"].memory, PinKey("contact", "jo@one.example")
    with memory.database.write() as connection:
        put(connection, "acme", StoredPin(key, "a-1", "One", "kim", NOW))
        put(connection, "rival", StoredPin(key, "a-1", "One", "kim", NOW))

    def _remembered(workspace: str = "acme") -> bool:
        return parts.runtimes[workspace].memory.pin([key]) is not None

    return _remembered


def _deletion(number: str) -> dict[str, Any]:
    item = {"type": "contact", "id": "c-1", "email": "Jo@one.example"}
    return {"id": number, "topic": "contact.deleted", "data": {"item": item}}


def test_whom_the_vendor_deleted_is_forgotten(tell_intercom, remembered, parts, plan):
    """Their pins, and every byte that this connection said; elsewhere they stay."""
    plan()
    assert tell_intercom(_deletion("1")).json == {"outcome": "accepted"}
    kept = parts.resources.cache.size()[0]

    assert [remembered(), remembered("rival")] == [False, True]
    assert kept == len(parts.runtimes["acme"].connections) - 1


def test_a_deletion_is_not_lost_while_the_store_is_away(
    tell_intercom, remembered, parts, monkeypatch
):
    """The vendor is told to come again, and then it is done."""
    with monkeypatch.context() as patch:
        patch.setattr(parts.store.database, "write", away)
        assert tell_intercom(_deletion("1")).status_code == 503
    assert remembered()
    assert tell_intercom(_deletion("1")).json == {"outcome": "accepted"}
    assert not remembered()
