"""The words that others use for ours: every billing vendor's states, many languages' intervals.

A word is found in any case, and whatever stands between its parts. A word that two vendors use
for different things is not here: a mapping says what it means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from plugin.account import words
from plugin.sources.refused import BadCell, shown

INTERVALS = ("day", "week", "month", "quarter", "half_year", "year")
SUBSCRIPTION_STATUS = ("active", "trialing", "past_due", "unpaid", "paused", "cancelled")
INVOICE_STATUS = (*words.INVOICE_STATUS, "paid", "void")

_SAID: dict[tuple[str, ...], dict[str, str]] = {
    INTERVALS: {
        "day": "daily days per_day täglich tag quotidien jour diario dagelijks daglig p1d",
        "week": "weekly weeks per_week wöchentlich woche hebdomadaire semaine semanal settimanale"
        " wekelijks ugentlig p1w",
        "month": "monthly months mo per_month monatlich monat mensuel mensuelle mois mensual mes"
        " mensile mese maandelijks maand månedlig månedligt måned månadsvis månad mensal"
        " mensalmente mês miesięcznie miesiąc p1m 1_month 30_days",
        "quarter": "quarterly quarters per_quarter qtr vierteljährlich quartalsweise quartal"
        " trimestriel trimestrielle trimestre trimestral trimestrale kwartaal per_kwartaal"
        " kvartalsvis kvartal 3_months 3_month p3m",
        "half_year": "half_yearly halfyearly semiannual semi_annual semiannually semi_annually"
        " semi_yearly halbjährlich halbjahr semestriel semestrielle semestre semestral semestrale"
        " halfjaarlijks halvårlig halvårligt 6_months 6_month p6m",
        "year": "yearly years annual annually annum per_annum per_year yr jährlich jahr annuel"
        " annuelle an année anual año annuale anno jaarlijks jaar årlig årligt år årsvis ano"
        " anualmente rocznie rok 12_months 12_month p1y p12m 1_year",
    },
    SUBSCRIPTION_STATUS: {
        "active": "live activated current running renewed non_renewing nonrenewing cancelling"
        " canceling pending_cancellation cancels_at_period_end actif active_subscription aktiv"
        " activo attivo actief ativo aktywna aktywny approved assessing soft_failure enabled"
        " in_effect laufend",
        "trialing": "trial in_trial on_trial free_trial trialling trial_active testphase essai"
        " prueba prova proefperiode",
        "past_due": "pastdue overdue late delinquent payment_failed dunning in_dunning retrying"
        " überfällig en_retard vencida vencido scaduto achterstallig forfalden",
        "unpaid": "incomplete not_paid impayé non_payé unbezahlt onbetaald ubetalt",
        "paused": "on_hold hold suspended frozen pending future scheduled draft not_started"
        " awaiting_signup approval_pending pending_activation pending_acceptance inactive_paused"
        " pausiert suspendu en_pause suspendido pausado sospeso gepauzeerd",
        "cancelled": "canceled cancel expired ended churned terminated inactive deactivated stopped"
        " finished completed deleted incomplete_expired trial_ended trial_expired transferred"
        " lost failed_to_create declined denied closed lapsed refunded gekündigt beendet storniert"
        " abgelaufen résilié annulé expiré terminé cancelado expirado terminado annullato scaduta"
        " opgezegd beëindigd opsagt udløbet anulowana wygasła",
    },
    INVOICE_STATUS: {
        "open": "unpaid outstanding past_due pastdue overdue due payment_due pending sent posted"
        " issued viewed approved authorised authorized partial partially_paid partly_paid late"
        " not_paid_yet awaiting_payment submitted offen überfällig impayée impayé en_retard"
        " pendiente vencida aperta openstaand ubetalt forfalden",
        "failed": "not_paid declined payment_failed uncollectible bad_debt collection"
        " in_collections fehlgeschlagen échoué",
        "paid": "settled closed complete completed refunded reconciled bezahlt beglichen payée payé"
        " pagada pagado pagata pagato betaald betalt",
        "void": "voided cancelled canceled deleted draft written_off write_off credited reversed"
        " storniert annulée annulé anulada annullata vervallen",
    },
    words.PAYMENT_STATUS: {
        "ok": "paid current good good_standing up_to_date active bezahlt payé",
        "past_due": "pastdue overdue late open outstanding unpaid überfällig en_retard",
        "failed": "declined not_paid uncollectible in_collections fehlgeschlagen",
    },
    words.TICKET_STATUS: {
        "new": "unassigned created neu nouveau nuevo nuovo nieuw ny",
        "open": "active in_progress progress working assigned reopened re_opened to_do todo"
        " waiting_on_us waiting_for_support waiting_on_support waiting_for_agent escalated offen"
        " in_bearbeitung ouvert en_cours abierto en_curso aperto in_corso in_behandeling åben öppen"
        " aberto otwarte otwarty w_toku",
        "pending": "waiting_on_customer waiting_for_customer waiting_on_contact"
        " waiting_on_client waiting_for_reply awaiting_reply awaiting_customer awaiting_response"
        " customer_pending replied wartend en_attente pendiente in_attesa in_afwachting"
        " afventer pendente",
        "on_hold": "hold waiting_on_third_party waiting_for_third_party waiting_on_vendor blocked"
        " paused suspended snoozed deferred zurückgestellt en_suspens en_espera in_wacht",
        "solved": "resolved done fixed completed complete answered gelöst erledigt résolu resuelto"
        " risolto opgelost løst löst resolvido rozwiązane rozwiązany",
        "closed": "cancelled canceled rejected declined duplicate wont_fix geschlossen"
        " fermé cerrado chiuso gesloten lukket stängd fechado zamknięte zamknięty",
    },
    words.PRIORITY: {
        "low": "lowest minor trivial p4 p5 niedrig gering basse faible baja bassa laag lav låg"
        " baixa",
        "normal": "medium moderate standard average p3 mittel moyenne normale media gemiddeld"
        " middel medel média",
        "high": "major important p2 hoch haute élevée alta hoog høj hög",
        "urgent": "critical highest blocker emergency p1 p0 dringend kritisch urgente kritiek"
        " kritisk akut",
    },
    words.TICKET_KIND: {
        "question": "inquiry enquiry query how_to howto request service_request support frage"
        " demande pregunta domanda vraag spørgsmål",
        "bug": "problem defect error fault issue fehler bogue erreur fejl",
        "task": "feature_request feature to_do todo change aufgabe tâche tarea taak opgave",
        "incident": "outage störung vorfall incidente incidentes hændelse",
    },
    words.DEAL_STATUS: {
        "open": "in_progress pending pipeline active offen ouvert abierto",
        "won": "closed_won closedwon gewonnen gagné ganado vinto vundet",
        "lost": "closed_lost closedlost abandoned verloren perdu perdido perso tabt",
    },
    words.DEAL_KIND: {
        "new": "new_business newbusiness new_customer new_logo neugeschäft",
        "renewal": "renew renewals verlängerung renouvellement",
        "expansion": "upsell up_sell cross_sell crosssell upgrade existing_business"
        " existingbusiness add_on",
    },
    words.HEALTH_BAND: {
        "green": "good healthy gut grün vert",
        "yellow": "amber orange at_risk neutral average fair gelb jaune",
        "red": "bad poor unhealthy critical rot rouge",
    },
}
_BETWEEN = re.compile(r"[^\w%]+|_+")


def plain(text: str) -> str:
    """Return a word as it is compared: in lower case, one _ between its parts."""
    return _BETWEEN.sub("_", text.strip().casefold()).strip("_")


def _table(known: tuple[str, ...]) -> dict[str, str]:
    said = _SAID.get(known, {})
    return {plain(word): ours for ours, text in said.items() for word in text.split()} | {
        plain(word): word for word in known
    }


_TABLES: dict[tuple[str, ...], Mapping[str, str]] = {known: _table(known) for known in _SAID}


def our_word(text: str, known: Sequence[str]) -> str | None:
    """Return our word for a foreign one; None where nobody says what it means."""
    listed = tuple(known)
    table = _TABLES.get(listed)
    if table is None:
        table = {plain(word): word for word in listed}
    return table.get(plain(text))


def read_word(text: str, known: Sequence[str]) -> str:
    """Return one of `known` for a word of ours or of a vendor; BadCell for any other."""
    found = our_word(text, known)
    if found is None:
        listed = ", ".join(known)
        hint = f"one of {listed}; or say in the mapping's values which of them it means"
        raise BadCell(f"{shown(text)} is none of the words here", hint)
    return found
