"""Binding an account: exact types, a gap for each fact that is missing, and never an error."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from plugin.account.context import AccountContext, Gap, Source, UpstreamState
from plugin.account.money import Money
from plugin.account.vocabulary import Account, Contact, Contract, Health, Ticket, Usage
from plugin.rules.binding import ITEM_GAPS, Binding, bind, bind_mapping, with_gap, with_partial
from plugin.rules.conversion import Moment
from plugin.rules.schema import vocabulary_schema

NOW = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
SCHEMA = vocabulary_schema(
    custom={"nrr": "number"}, max_ages={"contract.renewal_at": timedelta(days=7)}
)
MOMENT = Moment(NOW, rates={"eur": Decimal("1.5")})
UPSTREAMS = (
    UpstreamState("crm", "CRM"),
    UpstreamState("billing", "Billing"),
    UpstreamState("helpdesk", "Helpdesk"),
    UpstreamState("analytics", "Analytics", reason="timed_out"),
)


def context(**facts: object) -> AccountContext:
    """Return an account whose CRM, billing and helpdesk answered, and analytics did not."""
    return AccountContext(**{"upstreams": UPSTREAMS, **facts})  # type: ignore[arg-type] # by name


def whole(**facts: object) -> Binding:
    """Return that account, bound."""
    return bind(context(**facts), SCHEMA, MOMENT)


def test_records_become_values_by_path():
    """Dates are midnights UTC, money is a float, tuples stay tuples, nulls are gone."""
    binding = whole(
        account=Account(name="Northwind", domains=("nw.com",)),
        contract=Contract(arr=Money(Decimal(30000), "usd"), renewal_at=date(2027, 1, 20)),
        tickets=(Ticket(id="T1", topics=("bug",)),),
        custom={"nrr": 1.2},
    )

    assert dict(binding.values) == {
        "account.name": "Northwind",
        "account.domains": ("nw.com",),
        "contract.arr": 30000.0,
        "contract.renewal_at": datetime(2027, 1, 20, tzinfo=UTC),
        "tickets": ({"id": "T1", "topics": ("bug",)},),
        "custom.nrr": 1.2,
    }


def test_today_is_the_day_in_the_workspaces_zone():
    """Late in the evening in UTC it is tomorrow in Berlin, bound like a date."""
    assert MOMENT.today() == datetime(2026, 11, 21, tzinfo=UTC)
    assert Moment(NOW, "Europe/Berlin").today() == datetime(2026, 11, 22, tzinfo=UTC)


def test_an_item_keeps_what_is_good_and_says_what_is_not():
    """One unusable field is a gap of that item alone."""
    tickets = [{"id": "T1", "csat": "good"}, {"id": "T2", "csat": 90, "reopens": None}]
    binding = bind_mapping({"tickets": tickets}, SCHEMA, MOMENT)

    assert binding.values["tickets"] == (
        {"id": "T1", ITEM_GAPS: {"csat": "bad_data"}},
        {"id": "T2", "csat": 90},
    )
    assert "tickets[].csat" not in binding.empty
    assert "tickets[].reopens" in binding.empty


def test_money_of_an_item_may_lack_a_rate():
    """The reason is kept beside the item."""
    invoices = [{"id": "1", "amount": Money(Decimal(5), "gbp")}]
    binding = bind_mapping({"invoices": invoices}, SCHEMA, MOMENT)

    assert binding.values["invoices"][0][ITEM_GAPS] == {"amount": "no_exchange_rate"}


def test_a_list_that_is_too_long_is_cut_and_incomplete():
    """The rest proves nothing, and may not be forgotten."""
    binding = bind_mapping(
        {
            "tickets": [{"id": str(n), "tags": ["x"] * 101} for n in range(201)],
            "account.domains": ["x.com"] * 101,
        },
        SCHEMA,
        MOMENT,
    )

    assert len(binding.values["tickets"]) == 200
    assert len(binding.values["account.domains"]) == 100
    assert binding.partial == {"tickets", "tickets[].tags", "account.domains"}


def test_an_item_that_cannot_be_read_makes_the_list_incomplete():
    """It is something, so that its absence proves nothing."""
    binding = bind_mapping({"tickets": [{"id": "T1"}, "what?", None]}, SCHEMA, MOMENT)

    assert binding.values["tickets"] == ({"id": "T1"},)
    assert binding.partial == {"tickets"}


def test_silence_is_an_answer_only_of_an_upstream_that_answered():
    """Absent is `empty` where the source answered, else it was not asked."""
    binding = whole(contract=Contract(plan="Growth"), contacts=(Contact(id="c1"),))

    assert binding.gaps["contract.renewal_at"] == Gap("contract.renewal_at", "crm", "empty")
    assert binding.gaps["usage.change_ratio"].reason == "not_configured"
    assert binding.gaps["contacts[].title"].reason == "empty"
    assert binding.gaps["contacts[].last_seen_at"].reason == "not_configured"
    assert binding.empty["contract.renewal_at"] is False
    assert "usage.change_ratio" not in binding.empty


def test_an_account_of_which_nothing_was_asked_has_only_gaps():
    """No default, no zero, no empty list stands for a fact."""
    binding = bind(AccountContext(), SCHEMA, MOMENT)

    assert binding.values == {}
    assert binding.empty == {}
    assert {gap.reason for gap in binding.gaps.values()} == {"not_configured"}


def test_a_recorded_gap_says_why():
    """The gap of a path, or of its whole record, wins over what silence means."""
    gaps = (
        Gap("usage", "analytics", "timed_out"),
        Gap("contract.arr", "billing", "no_exchange_rate"),
        Gap("contract", "billing", "rate_limited"),
        Gap("tickets[].csat", "helpdesk", "bad_data"),
    )
    binding = whole(gaps=gaps, tickets=())

    assert binding.gaps["usage.change_ratio"] == Gap("usage.change_ratio", "analytics", "timed_out")
    assert binding.gaps["contract.arr"].reason == "no_exchange_rate"
    assert binding.gaps["contract.plan"].reason == "rate_limited"
    assert binding.gaps["contract.notice_days"].reason == "empty"
    assert binding.gaps["tickets[].csat"].reason == "bad_data"
    assert binding.gaps["tickets[].reopens"].reason == "empty"


def test_a_missing_list_explains_the_fields_of_its_items():
    """What is missing is the list, for the same reason."""
    binding = whole(gaps=(Gap("tickets", "helpdesk", "refused"),))

    assert binding.gaps["tickets[].csat"].reason == "refused"


def test_an_incomplete_list_is_a_value_known_in_part():
    """Named as partial, or by a gap `incomplete` beside its items."""
    gaps = (Gap("mentions", "helpdesk", "incomplete"), Gap("invoices", "billing", "incomplete"))
    binding = whole(tickets=(), mentions=(), gaps=gaps, partial=frozenset({"tickets", "deals"}))

    assert binding.partial == {"tickets", "mentions"}
    assert binding.gaps["invoices"].reason == "incomplete"


def test_age_is_kept_and_only_a_limit_makes_a_gap():
    """Past the freshness budget a value stays; past `max_age` it is a gap."""
    old = NOW - timedelta(days=8)
    sources = {
        "health.score": Source("health", "score", old, freshness="stale"),
        "contract.renewal_at": Source("crm", "renewal", old, freshness="stale"),
    }
    binding = whole(
        health=Health(score=58.0),
        contract=Contract(renewal_at=date(2027, 1, 20)),
        sources=sources,
    )

    assert binding.values["health.score"] == 58.0
    assert binding.stale == {"health.score"}
    assert binding.as_of["health.score"] == old
    assert binding.gaps["contract.renewal_at"] == Gap("contract.renewal_at", "crm", "stale")


def test_values_may_be_nested_or_keyed_by_path():
    """Rule tests write records; a change sets one path."""
    nested = bind_mapping({"account": {"csm": {"email": "a@b.c"}}}, SCHEMA, MOMENT)
    by_path = bind_mapping({"account.csm.email": "a@b.c"}, SCHEMA, MOMENT)

    assert nested.values == by_path.values == {"account.csm.email": "a@b.c"}


def test_a_moment_may_say_who_answered():
    """Then silence of all others is no answer."""
    moment = Moment(NOW, answered=frozenset({"crm"}))
    binding = bind_mapping({}, SCHEMA, moment)

    assert binding.gaps["contract.renewal_at"].reason == "empty"
    assert binding.gaps["contract.plan"].reason == "not_configured"


def test_a_field_can_be_taken_away():
    """With its reason; `empty` is an answer, all else is none."""
    binding = bind_mapping({"contract": {"plan": "Growth", "arr": 3}}, SCHEMA, MOMENT)
    down = with_gap(binding, "contract.plan", "timed_out")
    dropped = with_gap(down, "contract.plan", "empty")

    assert dict(down.values) == {"contract.arr": 3.0}
    assert down.gaps["contract.plan"] == Gap("contract.plan", "billing", "timed_out")
    assert "contract.plan" not in down.empty
    assert dropped.empty["contract.plan"] is False
    assert binding.values["contract.plan"] == "Growth"


def test_a_field_of_every_item_can_be_taken_away():
    """Also where an item had it unusable."""
    tickets = [{"id": "T1", "csat": "good", "reopens": "x"}, {"id": "T2", "csat": 90}]
    binding = bind_mapping({"tickets": tickets}, SCHEMA, MOMENT)
    dropped = with_gap(binding, "tickets[].csat", "empty")

    assert dropped.values["tickets"] == (
        {"id": "T1", ITEM_GAPS: {"reopens": "bad_data"}},
        {"id": "T2"},
    )
    assert dropped.empty["tickets[].csat"] is False


def test_a_list_can_be_made_incomplete():
    """Its items stay."""
    binding = with_partial(bind_mapping({"tickets": [{"id": "T1"}]}, SCHEMA, MOMENT), "tickets")

    assert binding.partial == {"tickets"}
    assert len(binding.values["tickets"]) == 1


def test_usage_that_nobody_gave_is_no_zero():
    """An empty record is the same as none."""
    assert whole(usage=Usage()).values == {}
