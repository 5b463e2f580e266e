"""A process that pins without end, and says so only once each pin is on disk.

`python -m tests.faults.memory_worker URL NAME MOST`
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from plugin.store import audit, pins
from plugin.store.database import Database
from plugin.store.pins import PinKey, StoredPin

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def main() -> None:
    """Pin and audit in one transaction, then say the pin's name."""
    url, name, most = sys.argv[1], sys.argv[2], int(sys.argv[3])
    database = Database(url, Path(), lambda: 0.0)
    for number in range(most):
        now = START + timedelta(seconds=number)
        key = PinKey("contact", f"{name}-{number}")
        with database.write() as connection:
            pins.put(connection, "acme", StoredPin(key, "a1", "One", name, now))
            audit.append(connection, "acme", audit.AuditEvent(now, name, "pinned", key.value))
        sys.stdout.write(f"{key.value}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
