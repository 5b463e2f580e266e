"""The setting `fields`: what may be mapped, and what an admin reads when it is wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from marshmallow import ValidationError

from plugin.account.vocabulary import FIELDS
from plugin.sources.mapping.mapped import custom_of, laid_over, paths_of, sources_of
from plugin.sources.mapping.options import FieldMap, entries
from plugin.sources.mapping.targets import ITEMS, PATHS


def _problems(table: Any, **options: Any) -> dict[str, Any]:
    with pytest.raises(ValidationError) as caught:
        FieldMap(**options).deserialize(table)
    messages = caught.value.messages
    return messages if isinstance(messages, dict) else {"": messages}


def test_every_path_of_the_vocabulary_can_be_filled() -> None:
    """What can be mapped are paths of the vocabulary, typed as it says."""
    assert set(PATHS) <= set(FIELDS)
    assert PATHS["contract.arr"].kind == "money"
    assert PATHS["account.csm.email"].kind == "email"
    assert PATHS["usage.weekly_active"].kind == "list of whole"
    assert ITEMS["tickets"]["status"].words


def test_reads_the_short_and_the_long_form() -> None:
    """A property alone is enough; a table adds how its values are read."""
    mapped = entries(
        {
            "contract.arr": "arr__c",
            "account.tier": {"from": "tier", "values": {"Gold": "1"}},
            "custom.region": {"field": "region_name", "type": "string"},
            "contract.mrr": {"from": "mrr", "currency_from": "iso", "scale": "0.01"},
        }
    )

    assert paths_of(mapped) == {"contract.arr", "account.tier", "custom.region", "contract.mrr"}
    assert sources_of(mapped) == ("arr__c", "tier", "region_name", "mrr", "iso")
    assert custom_of(mapped) == {"region": "string"}
    assert mapped[3].scale == Decimal("0.01")


def test_reads_tables_without_quotes() -> None:
    """`fields.contract.arr` without quotes nests tables in TOML, and means the same."""
    assert entries({"contract": {"arr": "x", "mrr": {"from": "y"}}}) == entries(
        {"contract.arr": "x", "contract.mrr": {"from": "y"}}
    )


@pytest.mark.parametrize(
    ("table", "path", "said"),
    [
        ({"contract.ar": "x"}, "contract.ar", "did you mean contract.arr?"),
        ({"moon.phase": "x"}, "moon.phase", "is no path of the vocabulary"),
        ({"account.id": "x"}, "account.id", "by itself"),
        ({"contract.arr_band": "x"}, "contract.arr_band", "by itself"),
        ({"tickets": "x"}, "tickets", "is no path"),
        ({"requester.email": "x"}, "requester.email", "is no path"),
        ({"custom.Big Name": "x"}, "custom.Big Name", "a-z, 0-9 and _"),
        ({"contract.arr": 7}, "contract.arr", "is not the name of a property"),
        ({"contract.arr": ""}, "contract.arr", "is not the name of a property"),
        ({"contract.arr": {"from": "x", "type": "string"}}, "contract.arr", "needs no type"),
        ({"contract.arr": {"from": "x", "field": "y"}}, "contract.arr", "not both"),
        ({"account.tier": {"from": "x", "currency": "usd"}}, "account.tier", "means nothing"),
        ({"account.tier": {"from": "x", "split": ","}}, "account.tier", "means nothing"),
        ({"contract.plan": {"from": "x", "scale": "2"}}, "contract.plan", "means nothing"),
    ],
)
def test_says_what_is_wrong_with_an_entry(table: Any, path: str, said: str) -> None:
    """Each bad entry is named with its path, and with what may be meant."""
    assert said in str(_problems(table)[path])


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"currency": "zzz"}, "currency"),
        ({"currency": "usd", "currency_from": "iso"}, ""),
        ({"scale": "-1"}, "scale"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_refuses_words_that_mean_nothing(more: dict[str, str], word: str) -> None:
    """An unknown currency, a negative scale or an unknown word is found at once."""
    assert word in str(_problems({"contract.arr": {"from": "x", **more}})["contract.arr"])


def test_reports_every_bad_entry_at_once() -> None:
    """An admin mends the whole mapping in one go."""
    assert set(_problems({"a.b": "x", "c.d": "y", "contract.arr": "z"})) == {"a.b", "c.d"}


def test_refuses_what_is_no_table() -> None:
    """A mapping is a table."""
    assert "write a table" in str(_problems(["contract.arr"]))


def test_holds_names_to_the_upstreams_own_shape() -> None:
    """A name that the upstream could not have is refused before it goes into a query."""
    said = _problems({"contract.arr": "a'; DROP"}, source=r"[A-Za-z0-9_.]+")

    assert "is not the name of a property" in str(said)


def test_maps_the_fields_of_a_list() -> None:
    """Items of a list have their own fields and no custom ones."""
    assert paths_of(entries({"status": "state"}, root="tickets")) == {"status"}
    assert "is no field of tickets" in str(_problems({"custom.x": "y"}, root="tickets"))


def test_lays_a_workspaces_own_entries_over_the_usual() -> None:
    """What a workspace maps replaces the usual property of that fact, and nothing else."""
    usual = entries({"account.industry": "industry", "account.city": "city"})
    own = entries({"account.city": "town", "contract.arr": "arr"})

    assert sources_of(laid_over(usual, own)) == ("industry", "town", "arr")
