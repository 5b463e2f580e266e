"""The tables of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "first"
down_revision = None
branch_labels = None
depends_on = None

_INSTANT = sa.String(27)


def _key(name: str, length: int = 255) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), primary_key=True)


def _word(name: str, length: int = 15, *, empty: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=empty)


def _text(name: str, *, empty: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=empty)


def _at(name: str, *, empty: bool = False) -> sa.Column[str]:
    return sa.Column(name, _INSTANT, nullable=empty)


def _signals() -> None:
    """Create what is remembered of signals."""
    op.create_table(
        "feedback",
        *(_key("workspace", 63), _key("id", 63), _text("account_id", empty=False)),
        *(_text("rule", empty=False), _word("word"), _text("note")),
        *(_text("given_by", empty=False), _word("role"), _at("at")),
        *(_word("severity", empty=True), _text("version"), _text("input_hash")),
        _at("ended_at", empty=True),
    )
    op.create_table(
        "snoozes",
        *(_key("workspace", 63), _key("account_id"), _key("rule"), _at("until")),
        *(_text("reason"), _text("snoozed_by", empty=False), _at("at")),
        *(_word("severity", empty=True), _text("version")),
    )
    op.create_table(
        "episodes",
        *(_key("workspace", 63), _key("account_id"), _key("rule"), _word("state")),
        *(_at(name, empty=True) for name in ("since", "true_since", "last_true_at")),
        *(_at("last_eval_at", empty=True), _text("version"), _text("input_hash")),
        *(_word("severity"), _at("at")),
    )
    op.create_index("feedback_by_account", "feedback", ["workspace", "account_id"])


def _people() -> None:
    """Create what people decided and how they like the widget."""
    op.create_table(
        "pins",
        *(_key("workspace", 63), _key("kind", 15), _key("value", 320)),
        *(_text("account_id", empty=False), _text("account_name", empty=False)),
        *(_text("account_domain"), sa.Column("external_ids", sa.JSON, nullable=False)),
        *(_text("pinned_by", empty=False), _at("at")),
    )
    op.create_table(
        "folds",
        *(_key("workspace", 63), _key("viewer"), _key("section", 63)),
        *(sa.Column("opened", sa.Boolean, nullable=False), _at("at")),
    )
    op.create_table(
        "acts",
        *(_key("workspace", 63), _key("actor"), _key("key", 63), _word("action")),
        *(_text("account_id"), sa.Column("target", sa.JSON, nullable=False)),
        *(sa.Column("before", sa.JSON), _text("said", empty=False)),
        *(_at("at"), _at("undone_at", empty=True)),
    )


def _ledgers() -> None:
    """Create what is only ever added to."""
    op.create_table(
        "outcomes",
        *(_key("workspace", 63), _key("id"), _text("account_id", empty=False)),
        *(_text("rule"), _word("stage"), _word("outcome", empty=True), _at("at")),
        *(_text("told_by", empty=False), _word("source"), _text("note")),
    )
    op.create_index("outcomes_by_account", "outcomes", ["workspace", "account_id"])
    op.create_table(
        "audit",
        _key("workspace", 63),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        *(_at("at"), _text("actor", empty=False), _word("role"), _word("action", 31)),
        *(_text("target", empty=False), sa.Column("detail", sa.JSON, nullable=False)),
        *(_word("prev", 64), _word("hash", 64)),
    )
    op.create_table(
        "erasures",
        *(_key("workspace", 63), _key("id", 63), _at("at"), _word("kind")),
        *(_word("subject", 64), sa.Column("removed", sa.JSON, nullable=False)),
        _text("erased_by", empty=False),
    )


def upgrade() -> None:
    """Create every table."""
    op.create_table("meta", _key("name", 63), _text("value", empty=False))
    _people()
    _signals()
    _ledgers()


def downgrade() -> None:
    """Drop every table."""
    for name in ("erasures", "audit", "outcomes", "acts", "folds", "pins", "episodes"):
        op.drop_table(name)
    for name in ("snoozes", "feedback", "meta"):
        op.drop_table(name)
