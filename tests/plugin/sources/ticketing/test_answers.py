"""What a ticket system answers is read as it stands, or refused."""

from __future__ import annotations

from typing import Any

import pytest

from plugin.errors import UpstreamBroken
from plugin.sources.ticketing.answers import beside, check_owner, ids, record, records, text, under


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (7, "7"),
        (" Ada\xa0Okafor\n", "Ada Okafor"),
        ("Zoë 🐞", "Zoë 🐞"),
        (True, ""),
        (1.5, ""),
        (None, ""),
        (["a"], ""),
        ("\ud83d", ""),
    ],
)
def test_a_name_is_one_line(value: Any, read: str) -> None:
    """Whatever is no text, or cannot be written as UTF-8, is nothing."""
    assert text(value) == read


@pytest.mark.parametrize(
    "body", [None, [], {}, {"rows": None}, {"rows": [1]}, {"rows": [{"x": 1}]}]
)
def test_a_list_without_ids_is_broken(body: Any) -> None:
    """Records that cannot be told apart are none."""
    with pytest.raises(UpstreamBroken):
        records(body, "rows", "Desk")
    with pytest.raises(UpstreamBroken):
        record(body, "rows", "Desk")


def test_what_came_along_may_be_missing() -> None:
    """Users beside tickets are a help: those without an id are left out."""
    assert beside({"users": [{"id": 7}, {"name": "x"}, 3]}, "users") == {"7": {"id": 7}}
    assert beside({"users": "x"}, "users") == beside(None, "users") == {}
    assert ids([7, "7", None, "a"]) == ["7", "a"]
    assert under({"a": 1}, "a") == under(None, "a") == {}


def test_the_record_of_another_is_refused() -> None:
    """One stranger among many is enough."""
    check_owner([{"org": 7}, {"org": "7"}], "org", "7", "Desk")
    with pytest.raises(UpstreamBroken, match="another account"):
        check_owner([{"org": 7}, {"org": 8}], "org", "7", "Desk")
