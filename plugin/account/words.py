"""Every closed list of words in the product, once; other pages and rules use these spellings."""

from __future__ import annotations

STAGE = ("onboarding", "adopting", "established", "renewing", "churned")
PAYMENT_STATUS = ("ok", "past_due", "failed")
INVOICE_STATUS = ("open", "failed")
CHANGE = ("plan_up", "plan_down", "seats_up", "seats_down", "cancel_set", "cancel_withdrawn")
DEAL_KIND = ("new", "renewal", "expansion")
DEAL_STATUS = ("open", "won", "lost")
INTEREST = ("pricing_page", "gated_feature")
OFFBOARDING = ("api_key_deleted", "admin_removed", "integration_removed")
HEALTH_BAND = ("green", "yellow", "red")
CONTACT_ROLE = (
    "executive_sponsor",
    "economic_buyer",
    "technical_evaluator",
    "admin",
    "billing",
    "user",
)
SENIORITY = ("c_level", "vp", "director", "manager", "staff")
USAGE_TIER = ("daily_power", "weekly", "occasional", "dormant", "never")
TICKET_STATUS = ("new", "open", "pending", "on_hold", "solved", "closed")
OPEN_TICKET = ("new", "open", "pending", "on_hold")
PRIORITY = ("low", "normal", "high", "urgent")
TICKET_KIND = ("question", "bug", "task", "incident")
TOPIC = ("billing", "bug", "how_to", "feature_request", "outage", "access", "other")
MENTION = ("competitor", "cancel", "upgrade", "downgrade", "frustration")
CONFIDENCE = ("sure", "likely")
PHRASES = ("cancel", "upgrade", "downgrade", "frustration", "ignore")  # what own phrases say
LAYER = ("firmographic", "technographic", "behavioural", "account")
MATCH_STATUS = ("matched", "ambiguous", "none")
MATCH_BY = ("pin", "external_id", "organization", "contact_email", "domain", "parent_domain")
MATCH_REASON = (
    "several_accounts",
    "no_email",
    "unknown_domain",
    "free_mail",
    "disposable",
    "shared_domain",
    "own_domain",
    "consumer",
)
GAP_REASON = (
    "not_configured",
    "not_found",
    "empty",
    "timed_out",
    "refused",
    "rate_limited",
    "broken",
    "bad_data",
    "incomplete",
    "stale",
    "no_exchange_rate",
)
EVALUATOR_REASON = ("too_little_data", "division_by_zero", "arithmetic", "fault")
SIGNAL_KIND = ("risk", "expansion", "competitive", "hygiene")
SEVERITY = ("info", "low", "medium", "high", "critical")  # mildest first
RULE_STATUS = ("draft", "shadow", "live", "retired")
RULE_RESULT = ("firing", "off", "unknown")
SIGNAL_STATE = ("normal", "pending", "lit", "recovering", "no_data", "abstained")
FEEDBACK = ("useful", "wrong", "known", "handled")
VIEWER_ROLE = ("agent", "csm", "ae")
LEAST_ROLE = "agent"  # of whoever is not known
PLAY_OWNER = ("agent", "csm", "ae", "finance", "cs_ops", "admin")
