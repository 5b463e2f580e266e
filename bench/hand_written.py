"""Thirty of the shipped rules as a programmer would write them by hand, for complete accounts.

Each reads the account's values by path, as the rules do. Nothing here copes with a missing fact:
that is what the rule language is compared with.
"""

# ruff: noqa: PLR2004 - the numbers are the rules' own parameters

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

Values = Mapping[str, Any]
Judge = Callable[[Values, datetime, datetime], bool]

OPEN = ("new", "open", "pending", "on_hold")
SENIOR = ("c_level", "vp")
_DAYS = {days: timedelta(days) for days in (1, 2, 3, 7, 14, 15, 21, 30, 60, 90, 180)}


def _bug_in_renewal_window(v: Values, now: datetime, today: datetime) -> bool:
    renewal, old = v["contract.renewal_at"], now - _DAYS[2]
    return (
        today <= renewal
        and renewal - today <= _DAYS[90]
        and any(
            t["kind"] == "bug" and t["status"] in OPEN and t["created_at"] <= old
            for t in v["tickets"]
        )
    )


def _unprepared(v: Values, now: datetime, today: datetime) -> bool:
    renewal = v["contract.renewal_at"]
    return (
        today <= renewal
        and renewal - today <= _DAYS[60]
        and v["outreach.last_csm_touch_at"] <= now - _DAYS[30]
        and not any(d["kind"] == "renewal" and d["status"] == "won" for d in v["deals"])
        and v["contract.term_months"] <= 12
        and (not v["contract.auto_renews"] or v["contract.payment_status"] != "ok")
    )


def _notice(v: Values, _now: datetime, today: datetime) -> bool:
    deadline = v["contract.notice_deadline"]
    return today <= deadline and deadline - today <= _DAYS[21] and v["contract.auto_renews"]


def _renewal_passed(v: Values, _now: datetime, today: datetime) -> bool:
    return v["contract.renewal_at"] < today and v["account.stage"] != "churned"


def _usage_drop(v: Values, _now: datetime, _today: datetime) -> bool:
    return v["usage.change_ratio"] <= 0.7 and v["usage.active_users_prior_28d"] > 0


def _silent(v: Values, now: datetime, _today: datetime) -> bool:
    seen = v["usage.last_seen_at"]
    quiet = seen <= now - _DAYS[21] or (seen <= now - _DAYS[15] and v["contract.seats_paid"] <= 10)
    return quiet and now - seen > timedelta(4 * v["usage.median_gap_days"])


def _few_seats(v: Values, _now: datetime, _today: datetime) -> bool:
    paid = v["contract.seats_paid"]
    return v["usage.seats_active"] < 0.5 * paid and paid >= 5


def _seats_fall(v: Values, _now: datetime, _today: datetime) -> bool:
    before = v["usage.seats_active_30d_ago"]
    return v["usage.seats_active"] <= 0.5 * before and before >= 8


def _feature_unused(v: Values, _now: datetime, _today: datetime) -> bool:
    return any(m["is_core"] and m["entitled"] and m["events_90d"] == 0 for m in v["usage.modules"])


def _single(v: Values, _now: datetime, _today: datetime) -> bool:
    return v["usage.top_user_share"] >= 0.8 and v["contract.seats_paid"] >= 3


def _health_drop(v: Values, _now: datetime, _today: datetime) -> bool:
    score = v["health.score"]
    return v["health.score_7d_ago"] - score >= 10 or v["health.score_30d_ago"] - score >= 15


def _health_low(v: Values, _now: datetime, _today: datetime) -> bool:
    return v["health.score"] < 50


def _csat(v: Values, _now: datetime, _today: datetime) -> bool:
    return v["survey.nps"] <= 6 or (
        v["survey.csat_prior"] - v["survey.csat_90d"] >= 20 and v["survey.csat_answers"] >= 3
    )


def _champion_quiet(v: Values, now: datetime, _today: datetime) -> bool:
    old = now - _DAYS[30]
    return any(
        c["is_champion"] and c["is_active"] and c["last_seen_at"] < old and c["last_reply_at"] < old
        for c in v["contacts"]
    )


def _no_sponsor(v: Values, now: datetime, _today: datetime) -> bool:
    old = now - _DAYS[90]
    return not any(
        c["role"] == "executive_sponsor" and c["last_reply_at"] > old for c in v["contacts"]
    )


def _new_stakeholder(v: Values, now: datetime, _today: datetime) -> bool:
    recent = now - _DAYS[14]
    return any(
        c["first_seen_at"] >= recent and (c["seniority"] in SENIOR or c["role"] == "admin")
        for c in v["contacts"]
    )


def _decay(v: Values, now: datetime, _today: datetime) -> bool:
    contacts, old = v["contacts"], now - _DAYS[90]
    if any(c["bounced"] for c in contacts):
        return True
    unseen = sum(1 for c in contacts if c["last_seen_at"] < old)
    return len(contacts) >= 1 and 2 * unseen >= len(contacts)


def _cancel(v: Values, now: datetime, _today: datetime) -> bool:
    since = now - _DAYS[180]
    return any(m["kind"] == "cancel" and m["at"] >= since for m in v["mentions"])


def _old_priority(v: Values, now: datetime, _today: datetime) -> bool:
    old, week = now - _DAYS[14], now - _DAYS[7]
    return any(
        t["priority"] in ("high", "urgent")
        and t["status"] in OPEN
        and t["created_at"] < old
        and not (t["status"] == "pending" and t["updated_at"] < week)
        for t in v["tickets"]
    )


def _repeated_bugs(v: Values, now: datetime, _today: datetime) -> bool:
    since = now - _DAYS[90]
    found = (
        t["kind"] == "bug" and "duplicate_of" not in t and t["created_at"] >= since
        for t in v["tickets"]
    )
    return sum(found) >= 3


def _billing_questions(v: Values, now: datetime, _today: datetime) -> bool:
    since = now - _DAYS[90]
    found = (
        "billing" in t["topics"] and "duplicate_of" not in t and t["created_at"] >= since
        for t in v["tickets"]
    )
    return sum(found) >= 3


def _pileup(v: Values, _now: datetime, _today: datetime) -> bool:
    return sum(1 for t in v["tickets"] if t["status"] in OPEN) >= 5


def _negative(v: Values, now: datetime, _today: datetime) -> bool:
    since = now - _DAYS[30]
    found = (
        t["sentiment"] <= -0.3 and "sentiment_quote" in t and t["created_at"] >= since
        for t in v["tickets"]
    )
    return sum(found) >= 2


def _downgrade(v: Values, now: datetime, _today: datetime) -> bool:
    since = now - _DAYS[90]
    return any(
        c["at"] >= since
        and (c["kind"] == "plan_down" or (c["kind"] == "seats_down" and c["ratio"] <= 0.8))
        for c in v["contract.changes"]
    )


def _overdue(v: Values, _now: datetime, _today: datetime) -> bool:
    return any(i["days_overdue"] > 30 and not i["on_hold"] for i in v["invoices"])


def _competitor(v: Values, now: datetime, _today: datetime) -> bool:
    since = now - _DAYS[90]
    return any(m["kind"] == "competitor" and m["at"] >= since for m in v["mentions"])


def _seats_near(v: Values, _now: datetime, _today: datetime) -> bool:
    active, paid = v["usage.seats_active"], v["contract.seats_paid"]
    return active >= 0.8 * paid and active <= paid


def _over_licence(v: Values, _now: datetime, _today: datetime) -> bool:
    return v["usage.seats_active"] > v["contract.seats_paid"]


def _limit_near(v: Values, _now: datetime, _today: datetime) -> bool:
    return any(x["ratio"] > 0.7 and x["ratio_prior_cycle"] > 0.7 for x in v["usage.limits"])


def _user_growth(v: Values, _now: datetime, _today: datetime) -> bool:
    users, before = v["usage.active_users_28d"], v["usage.active_users_90d_ago"]
    return users >= 1.6 * before and users - before >= 5


RULES: Mapping[str, Judge] = {
    "renewal_window_open_bug": _bug_in_renewal_window,
    "renewal_near_unprepared": _unprepared,
    "notice_window_closing": _notice,
    "renewal_date_passed": _renewal_passed,
    "usage_drop": _usage_drop,
    "silent_account": _silent,
    "seat_utilisation_low": _few_seats,
    "seat_utilisation_fall": _seats_fall,
    "feature_non_adoption": _feature_unused,
    "single_threaded": _single,
    "health_drop": _health_drop,
    "health_low": _health_low,
    "csat_drop_or_detractor": _csat,
    "champion_quiet": _champion_quiet,
    "no_exec_contact": _no_sponsor,
    "new_stakeholder": _new_stakeholder,
    "contact_decay": _decay,
    "cancel_language": _cancel,
    "old_high_priority": _old_priority,
    "repeated_bugs": _repeated_bugs,
    "repeated_billing_questions": _billing_questions,
    "ticket_pileup": _pileup,
    "negative_sentiment": _negative,
    "downgrade_or_contraction": _downgrade,
    "invoice_overdue": _overdue,
    "competitor_mention": _competitor,
    "seats_near_limit": _seats_near,
    "over_licence": _over_licence,
    "usage_limit_near": _limit_near,
    "user_growth": _user_growth,
}
