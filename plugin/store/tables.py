"""The tables of the store; every one but `meta` has its workspace in front of its key."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

METADATA = MetaData()
LONGEST_VALUE = 320  # letters of an address, or of an id, that a pin is for
LONGEST_KEY = 255  # letters of a name in a key, where nothing else is said


class Instant(TypeDecorator[datetime]):
    """An instant in UTC as text of one width: the same bytes in every database, in time order."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        del dialect
        if value is None:
            return None
        return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else datetime.fromisoformat(value)


def _key(name: str, length: int = LONGEST_KEY) -> Column[str]:
    return Column(name, String(length), primary_key=True)


def _text(name: str, *, empty: bool = True) -> Column[str]:
    return Column(name, Text, nullable=empty)


def _at(name: str, *, empty: bool = False) -> Column[datetime]:
    return Column(name, Instant, nullable=empty)


META = Table("meta", METADATA, _key("name", 63), _text("value", empty=False))

PINS = Table(
    "pins",
    METADATA,
    _key("workspace", 63),
    _key("kind", 15),
    _key("value", LONGEST_VALUE),
    _text("account_id", empty=False),
    _text("account_name", empty=False),
    _text("account_domain"),
    Column("external_ids", JSON, nullable=False),
    _text("pinned_by", empty=False),
    _at("at"),
)

FEEDBACK = Table(
    "feedback",
    METADATA,
    _key("workspace", 63),
    _key("id", 63),
    _text("account_id", empty=False),
    _text("rule", empty=False),
    Column("word", String(15), nullable=False),
    _text("note"),
    _text("given_by", empty=False),
    Column("role", String(15), nullable=False),
    _at("at"),
    Column("severity", String(15)),
    _text("version"),
    _text("input_hash"),
    _at("ended_at", empty=True),
)

SNOOZES = Table(
    "snoozes",
    METADATA,
    _key("workspace", 63),
    _key("account_id"),
    _key("rule"),
    _at("until"),
    _text("reason"),
    _text("snoozed_by", empty=False),
    _at("at"),
    Column("severity", String(15)),
    _text("version"),
)

EPISODES = Table(
    "episodes",
    METADATA,
    _key("workspace", 63),
    _key("account_id"),
    _key("rule"),
    Column("state", String(15), nullable=False),
    _at("since", empty=True),
    _at("true_since", empty=True),
    _at("last_true_at", empty=True),
    _at("last_eval_at", empty=True),
    _text("version"),
    _text("input_hash"),
    Column("severity", String(15), nullable=False),
    _at("at"),
)

TRANSITIONS = Table(
    "transitions",
    METADATA,
    _key("workspace", 63),
    _key("account_id"),
    _key("rule"),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _at("at"),
    Column("before", String(15), nullable=False),
    Column("after", String(15), nullable=False),
    Column("severity", String(15), nullable=False),
    Column("cause", String(15), nullable=False),
    _text("version"),
    _text("ruleset"),
    _text("arr"),
    Column("is_shadow", Boolean, nullable=False),
)

FOLDS = Table(
    "folds",
    METADATA,
    _key("workspace", 63),
    _key("viewer"),
    _key("section", 63),
    Column("opened", Boolean, nullable=False),
    _at("at"),
)

OUTCOMES = Table(
    "outcomes",
    METADATA,
    _key("workspace", 63),
    _key("id"),
    _text("account_id", empty=False),
    _text("rule"),
    Column("stage", String(15), nullable=False),
    Column("outcome", String(15)),
    _at("at"),
    _text("told_by", empty=False),
    Column("source", String(15), nullable=False),
    _text("note"),
)

ACTS = Table(
    "acts",
    METADATA,
    _key("workspace", 63),
    _key("actor"),
    _key("key", 63),
    Column("action", String(15), nullable=False),
    _text("account_id"),
    Column("target", JSON, nullable=False),
    Column("before", JSON),
    _text("said", empty=False),
    _at("at"),
    _at("undone_at", empty=True),
)

AUDIT = Table(
    "audit",
    METADATA,
    _key("workspace", 63),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _at("at"),
    _text("actor", empty=False),
    Column("role", String(15), nullable=False),
    Column("action", String(31), nullable=False),
    _text("target", empty=False),
    Column("detail", JSON, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

AUDIT_HEADS = Table(
    "audit_heads",
    METADATA,
    _key("workspace", 63),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("turns", Integer, nullable=False, server_default="0"),
)

ERASURES = Table(
    "erasures",
    METADATA,
    _key("workspace", 63),
    _key("id", 63),
    _at("at"),
    Column("kind", String(15), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("removed", JSON, nullable=False),
    _text("erased_by", empty=False),
)

TAKEN = Table(
    "taken",
    METADATA,
    _key("workspace", 63),
    _key("digest", 64),
    _at("until"),
)

Index("transitions_at", TRANSITIONS.c.workspace, TRANSITIONS.c.at)
Index("taken_until", TAKEN.c.workspace, TAKEN.c.until)
Index("feedback_by_account", FEEDBACK.c.workspace, FEEDBACK.c.account_id)
Index("outcomes_by_account", OUTCOMES.c.workspace, OUTCOMES.c.account_id)
