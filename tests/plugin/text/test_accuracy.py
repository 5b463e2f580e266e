"""How well labelled messages are read."""

from __future__ import annotations

import pytest

from bench.text_accuracy import GOALS, SETS, accuracy, labelled, table

MESSAGES_LEAST = 300


@pytest.mark.parametrize("name", SETS)
def test_reaches_its_goals_on_labelled_messages(name: str) -> None:
    """Precision and recall of each kind reach their goals, on messages tuned for and held out."""
    scores = accuracy(name)

    short = {
        kind: (scores[kind].precision, scores[kind].recall)
        for kind, (precision, recall) in GOALS.items()
        if scores[kind].precision < precision or scores[kind].recall < recall
    }
    assert short == {}


def test_tuning_set_is_large_enough() -> None:
    """At least 300 messages are labelled for tuning."""
    assert sum(1 for _ in labelled("tuning")) >= MESSAGES_LEAST


def test_no_message_is_in_both_sets() -> None:
    """A message that was tuned on is not held out."""
    tuned, held = ({message.text.lower() for message in labelled(name)} for name in SETS)

    assert tuned & held == set()


def test_table_names_each_kind_and_set() -> None:
    """The benchmark's table has a row for each kind and set, with the goal."""
    rows = table().splitlines()

    assert any(row.startswith("cancel ") and "heldout" in row and "0.90" in row for row in rows)
    assert len(rows) == 1 + 7 * len(SETS)
