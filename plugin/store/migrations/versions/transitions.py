"""What each signal did and when: a row for each change, never changed again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "transitions"
down_revision = "audit_heads"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "transitions",
        sa.Column("workspace", sa.String(63), primary_key=True),
        sa.Column("account_id", sa.String(255), primary_key=True),
        sa.Column("rule", sa.String(255), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("before", sa.String(15), nullable=False),
        sa.Column("after", sa.String(15), nullable=False),
        sa.Column("severity", sa.String(15), nullable=False),
        sa.Column("cause", sa.String(15), nullable=False),
        sa.Column("version", sa.Text),
        sa.Column("ruleset", sa.Text),
        sa.Column("arr", sa.Text),
        sa.Column("is_shadow", sa.Boolean, nullable=False),
    )
    op.create_index("transitions_at", "transitions", ["workspace", "at"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("transitions")
