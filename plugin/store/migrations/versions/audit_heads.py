"""Where each workspace's audit ends, and how often people changed there what is shown.

So an end that was cut off is found, and every process and host notices a change.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "audit_heads"  # not "heads": that word is Alembic's own
down_revision = "taken"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, and note where the chains that are there end."""
    op.create_table(
        "audit_heads",
        sa.Column("workspace", sa.String(63), primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("turns", sa.Integer, nullable=False, server_default="0"),
    )
    op.execute(
        "INSERT INTO audit_heads (workspace, seq, hash) SELECT workspace, seq, hash FROM audit"
        " WHERE seq = (SELECT max(seq) FROM audit one WHERE one.workspace = audit.workspace)"
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("audit_heads")
