"""`python -m bench [NAME …]`: measure everything, or the named parts, and print one table."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping

from bench import frames, held, rules, slow, soak, storms, text
from bench.load import GENERATOR
from bench.table import Row, table

PARTS: Mapping[str, Callable[[], Iterator[Row]]] = {
    "frames": frames.rows,
    "cold": storms.cold,
    "crowded": storms.crowded,
    "storm": storms.alone,
    "shared": storms.shared,
    "held": held.rows,
    "slow": slow.rows,
    "soak": soak.rows,
    "rules": rules.rows,
    "text": text.rows,
}


def _measured(name: str) -> Iterator[Row]:
    """Yield the rows of one part; a part that fails is a row too, not the end."""
    try:
        yield from PARTS[name]()
    except Exception as error:  # noqa: BLE001 - the other parts are still worth measuring
        yield Row("", f"{name}: failed", None, note=f"{type(error).__name__}: {error}"[:100])


def _order(row: Row) -> float:
    return float(row.number or 99)


def main(names: list[str]) -> int:
    """Measure, print, and return 1 where a floor is missed."""
    unknown = sorted(set(names) - set(PARTS))
    if unknown:
        print(f"bench: unknown {', '.join(unknown)}; parts: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    began, rows = time.monotonic(), []
    for name in names or PARTS:
        print(f"measuring {name} …", file=sys.stderr)
        rows += _measured(name)
    print(table(sorted(rows, key=_order)))
    print(f"\nload by {GENERATOR}; {time.monotonic() - began:.0f} s in all; see bench/README.md")
    return int(any(row.verdict() in {"MISSED", "not measured"} for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
