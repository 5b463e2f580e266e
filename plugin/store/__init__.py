"""What is remembered: SQLite by default, PostgreSQL by URL; one file a kind of memory."""
