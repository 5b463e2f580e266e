"""The match as JSON: nobody is not "nobody could be asked"."""

from __future__ import annotations

import pytest

from plugin.account.context import AccountContext, AccountMatch, Gap
from plugin.view.record_json import record_json
from plugin.view.signal_view import SeenSignals

BROKEN = Gap("account", "crm", "broken")


@pytest.mark.parametrize(
    ("match", "status", "reason"),
    [
        (AccountMatch("none", reason="unknown_domain"), "none", "unknown_domain"),
        (AccountMatch("none", gaps=(BROKEN,)), "unavailable", "broken"),
        (AccountMatch("none"), "unavailable", "not_configured"),
        (AccountMatch("ambiguous"), "ambiguous", "several_accounts"),
    ],
)
def test_who_did_not_answer_is_not_nobody(match: AccountMatch, status: str, reason: str) -> None:
    """Without an account there is always a reason, and silence has a status of its own."""
    told = record_json(match, AccountContext(), SeenSignals())["match"]

    assert (told["status"], told["reason"]) == (status, reason)
