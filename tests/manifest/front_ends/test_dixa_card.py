"""Dixa's card, drawn by Liquid from the answers that Sidelight gives."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

import pytest
from liquid import Environment

from tests.manifest.broken import good

VIEWS = sorted((Path(__file__).parents[2] / "data/widgets/json_view").glob("*.json"))


def _drawn(view: Any) -> str:
    card = good("static_key").files["dixa-card.liquid"].decode()
    return html.unescape(Environment().from_string(card).render(**view))


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.stem)
def test_each_row_keeps_its_note(path: Path) -> None:
    """Label, value and note of a row stand together, for each row of the answer."""
    view = json.loads(path.read_bytes())
    parts = [part for section in view["sections"] for part in section["components"]]
    rows = [part for part in parts if part["type"] == "row"]
    drawn = _drawn(view)
    notes = [f" ({row['note']})" if row["note"] else "" for row in rows]
    wanted = [
        f"{row['label']}: {row['value']}{note}" for row, note in zip(rows, notes, strict=True)
    ]

    assert [words for words in wanted if words not in drawn] == []


def test_a_note_is_text() -> None:
    """What a customer has written never becomes a tag of the card."""
    row = {"type": "row", "label": "Plan", "value": "Pro", "note": "<img src=x>"}
    view = {"header": {"banner": ""}, "sections": [{"title": "", "components": [row]}]}
    card = good("static_key").files["dixa-card.liquid"].decode()

    assert "Pro (&lt;img src=x&gt;)" in Environment().from_string(card).render(**view)
