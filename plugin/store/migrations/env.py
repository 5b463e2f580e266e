"""Alembic's entry: run the revisions on the connection that the store hands over."""

from __future__ import annotations

from alembic import context

from plugin.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=False,  # the caller's transaction holds every revision, or none
)
context.run_migrations()
