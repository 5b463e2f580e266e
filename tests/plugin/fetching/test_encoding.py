"""Facts survive the cache with every type, and nothing else gets in."""

from __future__ import annotations

import dataclasses
import json
import pickle
import zlib
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.account import vocabulary
from plugin.account.money import Money
from plugin.account.vocabulary import Contact, Module, Owner, Ticket
from plugin.fetching.encoding import Unreadable, decode, encode
from plugin.upstream import AccountRef, BadValue, Facts

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

texts = st.text(max_size=12)
moments = st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(fold=0))
moneys = st.builds(
    Money, st.decimals(allow_nan=False, allow_infinity=False), st.just("usd"), st.booleans()
)
tickets = st.builds(
    Ticket,
    id=texts,
    topics=st.none() | st.lists(texts).map(tuple),
    created_at=st.none() | moments,
    csat=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    reopens=st.none() | st.integers(),
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
    | st.decimals(allow_nan=False)
    | st.dates()
    | moments
    | moneys
    | tickets
    | st.builds(Contact, name=texts)
    | st.builds(Owner, texts, texts)
    | st.builds(Module, name=texts, entitled=st.booleans()),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from(["a", "$r", "$", "contract.arr"]), inner, max_size=3)
    ),
    max_leaves=12,
)
facts = st.builds(
    Facts,
    values=st.dictionaries(texts, values, max_size=5),
    as_of=moments,
    fields=st.dictionaries(texts, texts, max_size=3),
    partial=st.frozensets(texts, max_size=3),
    bad=st.lists(st.builds(BadValue, texts, texts, texts), max_size=2).map(tuple),
    subscriptions=st.lists(st.dictionaries(texts, values, max_size=3), max_size=2).map(tuple),
)


def shape(value: object) -> object:
    """Return the value with the type of everything in it."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value), [shape(inner) for inner in value]
    if dataclasses.is_dataclass(value):
        inner = [getattr(value, field.name) for field in dataclasses.fields(value)]
        return type(value), shape(inner)
    return type(value), sorted(value) if isinstance(value, frozenset) else repr(value)


@settings(max_examples=60, deadline=None)
@given(facts)
def test_facts_come_back_as_they_were(value):
    """Money stays exact, days stay days, tuples stay tuples, a float stays a float."""
    assert shape(decode(encode(value), Facts)) == shape(value)


def test_accounts_come_back_as_they_were():
    """References to accounts are kept in the same way."""
    ref = AccountRef("7", "Acmé", "acme.example", ("a",), ("x@y.example",), {"billing": "cus_1"})

    assert decode(encode((ref,)), tuple) == (ref,)


def test_every_record_of_the_vocabulary_can_be_kept():
    """A new record in the vocabulary needs no change here."""
    kinds = [getattr(vocabulary, name) for name in vocabulary.__all__]
    records = [kind() for kind in kinds if isinstance(kind, type)]
    value = Facts({"all": tuple(records)}, NOW)

    assert decode(encode(value), Facts) == value


def test_a_ticket_list_takes_little_room():
    """Thirty tickets are well below four kilobytes."""
    tickets = tuple(
        Ticket(id=f"T-{n}", subject=f"Export number {n} fails", status="open", created_at=NOW)
        for n in range(30)
    )

    assert len(encode(Facts({"tickets": tickets}, NOW))) < 1500


@pytest.mark.parametrize(
    "value",
    [object(), {1: 2}, {1, 2}, b"bytes", float("nan"), float("inf"), 1j, len],
    ids=["object", "key", "set", "bytes", "nan", "inf", "complex", "function"],
)
def test_refuses_what_is_no_fact(value):
    """An adapter that returns such a thing is told so when it is fetched, not at a hit."""
    with pytest.raises(Unreadable):
        encode(Facts({"x": value}, NOW))


def packed(value: object) -> bytes:
    """Return what is well packed and holds `value`."""
    return zlib.compress(json.dumps(value).encode())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not zlib",
        encode(Facts({}, NOW))[:-3],
        encode(Facts({}, NOW)) + b"x",
        zlib.compress(b"not json"),
        zlib.compress(b"[" * 100_000),
        pickle.dumps(Facts({}, NOW)),
        packed({}),
        packed({"$r": ["Facts", {}]}),
        packed({"$r": ["Popen", {}]}),
        packed({"$r": ["Facts", {"values": {}, "as_of": {"$t": "x"}, "more": 1}]}),
        packed({"$r": "Facts"}),
        packed({"$x": 1}),
        packed({"$n": "one"}),
        packed({"$d": 7}),
        zlib.compress(b" " * (65 * 1024 * 1024)),
    ],
    ids=range(16),
)
def test_other_bytes_are_as_good_as_absent(body):
    """Cut off, made by another version, or by somebody else: never an exception of another kind."""
    with pytest.raises(Unreadable):
        decode(body, Facts)


@given(st.binary(max_size=60))
def test_no_bytes_do_harm(body):
    """Whatever is read is facts or unreadable."""
    for tried in (body, zlib.compress(body)):
        with pytest.raises(Unreadable):
            decode(tried, Facts)


def test_another_kind_is_unreadable():
    """Accounts under the key of facts are not taken for facts."""
    with pytest.raises(Unreadable):
        decode(encode((AccountRef("7", "Acme"),)), Facts)


def test_amounts_stay_exact():
    """Thirty thousand dollars and a tenth of a cent."""
    value = Facts({"contract.arr": Money(Decimal("30000.001"), "usd")}, NOW)

    assert decode(encode(value), Facts).values["contract.arr"].amount == Decimal("30000.001")
    assert decode(encode(Facts({"d": date(2027, 1, 20)}, NOW)), Facts).values["d"].year == 2027
