"""What counts once: launches, and deliveries of webhooks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "taken"
down_revision = "first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "taken",
        sa.Column("workspace", sa.String(63), primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("until", sa.String(27), nullable=False),
    )
    op.create_index("taken_until", "taken", ["workspace", "until"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("taken")
