"""Any JSON endpoint: places in the path, items of a list, pages, and whose record it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError

from plugin.account.vocabulary import Ticket
from plugin.errors import UpstreamBroken, UpstreamNotFound
from plugin.upstream import AccountRef, Facts, Link
from plugin.vendors.http_json.source import http_json
from tests.families.sources.recordings import NAME, NOW, FakeApi, load

OPTIONS = {
    "url": "https://success.example",
    "path": "/accounts/{account_id}",
    "id_at": "/id",
    "fields": {"account.tier": "/tier"},
}


def _fetch(answer: Any, ref: AccountRef | None = None, **options: Any) -> tuple[Facts, FakeApi]:
    loaded = http_json.options().load({**OPTIONS, **options})
    path = "/accounts/a%2F1%3F"
    api = FakeApi([{"get": path, "answer": answer}, {"get": "/by/L-7", "answer": answer}], {})
    link = Link("acme", NAME, loaded, api, NOW)
    return http_json.fetch(ref or AccountRef("a/1?", "Acme"), link), api


def test_puts_words_into_the_path_encoded() -> None:
    """What an account is called never becomes another path or a query."""
    facts, api = _fetch({"id": "A/1?", "tier": 2})

    assert api.calls == ["get /accounts/a%2F1%3F"]
    assert facts.values == {"account.tier": "2"}


def test_does_not_ask_without_the_word() -> None:
    """An account without the id that the path needs is not known there."""
    with pytest.raises(UpstreamNotFound, match="no external_id"):
        _fetch({}, path="/by/{external_id}")


def test_asks_by_the_id_for_this_connection() -> None:
    """The id that the CRM keeps for this connection is the external id."""
    ref = AccountRef("a-1", "Acme", external_ids={NAME: "L-7"})
    facts, _ = _fetch(
        {"id": "l-7", "tier": "x"}, ref, path="/by/{external_id}", id_is="external_id"
    )

    assert facts.values == {"account.tier": "x"}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"id": "b"}, UpstreamBroken),
        ({"tier": "x"}, UpstreamBroken),
        ([{"id": "a/1?"}, {"id": "a/1?"}], UpstreamBroken),
        ([{"id": "a/1?"}, 7], UpstreamBroken),
        ([], UpstreamNotFound),
        ({}, UpstreamNotFound),
        (None, UpstreamNotFound),
    ],
)
def test_shows_one_record_of_the_account_or_none(answer: Any, error: type[Exception]) -> None:
    """Another id, no id, or two records of one account are refused; nothing is not found."""
    with pytest.raises(error):
        _fetch(answer)


def test_picks_the_accounts_record_from_a_list() -> None:
    """Others in the list are left aside."""
    facts, _ = _fetch([{"id": "b", "tier": "1"}, {"id": "a/1?", "tier": "2"}])

    assert facts.values == {"account.tier": "2"}


def test_reads_items_of_a_list() -> None:
    """Each record becomes an item; those of another account are refused."""
    items: dict[str, Any] = {"items": "tickets", "fields": {"id": "/no", "status": "/state"}}
    facts, _ = _fetch([{"id": "a/1?", "no": 5, "state": "Open"}], **items)

    assert facts.values == {"tickets": (Ticket(id="5", status="open"),)}
    with pytest.raises(UpstreamBroken):
        _fetch([{"id": "a/1?", "no": 5}, {"id": "b", "no": 6}], **items)


def test_ends_after_ten_pages(tmp_path: Path) -> None:
    """A link that leads in a circle ends, and the list is partial."""
    recording = load("http_json", tmp_path)
    options = {"items": "tickets", "fields": {"id": "/no"}, "next_page": "/next", "record": "/rows"}
    loaded = http_json.options().load({**OPTIONS, **options, "path": "/t"})
    page = {"rows": [{"id": "L-8", "no": 1}], "next": "/t"}
    routes = [{"get": path, "answer": page} for path in ("/t", "https://success.example/t")]
    api = FakeApi(routes, {})
    facts = http_json.fetch(recording.account, Link("acme", NAME, loaded, api, NOW))

    assert len(api.calls) == 10
    assert facts.partial == {"tickets"}


@pytest.mark.parametrize("said", [None, "yesterday", {}])
def test_refuses_an_answer_without_its_time(said: Any) -> None:
    """Where settings say that the answer is dated, one without a date has no known age."""
    with pytest.raises(UpstreamBroken, match="for which time"):
        _fetch({"id": "a/1?", "at": said}, as_of="/at")


@pytest.mark.parametrize(
    "options",
    [
        {"path": "accounts"},
        {"path": "/accounts/{phone}"},
        {"record": "data"},
        {"id_is": "name"},
        {"items": "planets"},
        {"fields": {"account.tier": "tier"}},
        {"fields": {"account.tyre": "/tier"}},
        {"items": "tickets", "fields": {"account.tier": "/tier"}},
        {"headers": {"Authorization": " "}},
        {"find": {"domain": "/x?{domain}"}},
    ],
)
def test_refuses_bad_options(options: dict[str, Any]) -> None:
    """Whatever could not be an option is found when the settings are read."""
    with pytest.raises(ValidationError):
        http_json.options().load({**OPTIONS, **options})
