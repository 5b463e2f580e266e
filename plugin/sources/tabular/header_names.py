"""What people call our columns: the names that a proposed mapping looks for."""

from __future__ import annotations

_NAMES: dict[str, dict[str, str]] = {
    "accounts": {
        "account_id": "id customer_id company_id client_id record_id kundennummer kunden_nr"
        " kundenr kunde_id client_no numero_client customer_number account_number",
        "name": "account_name company_name company customer customer_name client client_name"
        " organization organisation firma firmenname kunde kundenname société nom empresa azienda"
        " klant bedrijf virksomhed",
        "domain": "website web url company_domain_name company_domain domäne domaine dominio",
        "customer_since": "signup_date sign_up_date created created_at start_date kunde_seit"
        " client_depuis cliente_desde",
        "tier": "plan_tier account_tier stufe",
        "crm_seats": "seats licenses licences lizenzen licences_achetées",
        "crm_arr": "arr arr_amount annual_recurring_revenue contract_value acv jahresumsatz",
        "renewal_at": "renewal_date renewal next_renewal contract_end verlängerung"
        " verlängerungsdatum vertragsende échéance renouvellement",
        "employees": "number_of_employees headcount company_size mitarbeiter effectif empleados",
        "country": "billing_country land pays país paese",
        "city": "billing_city stadt ort ville ciudad città",
        "industry": "branche secteur sector settore",
        "csm_name": "csm customer_success_manager betreuer",
        "ae_name": "owner account_owner account_manager company_owner",
    },
    "contacts": {
        "account_id": "customer_id company_id client_id",
        "name": "full_name contact contact_name kontakt nom",
        "email": "e_mail email_address mail e_mail_adresse courriel correo",
        "title": "job_title position funktion fonction",
    },
    "subscriptions": {
        "id": "subscription_id subscription abo_id vertragsnummer",
        "account_id": "customer_id company_id client_id kundennummer",
        "plan": "plan_tier plan_name product product_name tarif produkt",
        "quantity": "seats licenses licences users lizenzen menge anzahl quantité",
        "amount": "mrr mrr_amount price total betrag preis montant prix importe",
        "currency": "currency_code währung devise moneda valuta",
        "interval": "billing_frequency billing_period billing_interval billing_cycle frequency"
        " period abrechnung abrechnungszeitraum intervall fréquence periodicidad",
        "status": "state subscription_status churn_flag zustand statut estado stato",
        "renewal_at": "renewal_date next_billing_date current_period_end next_renewal",
        "ends_at": "end_date cancelled_at canceled_at cancellation_date enddatum date_de_fin",
        "trial_ends_at": "trial_end trial_end_date",
    },
    "tickets": {
        "id": "ticket_id ticket_number case_number ticketnummer",
        "account_id": "customer_id company_id",
        "requester_email": "email requester contact_email customer_email",
        "subject": "title ticket_name betreff sujet asunto oggetto",
        "status": "state ticket_status statut estado stato",
        "created_at": "submitted_at created created_time opened created_date erstellt créé_le",
        "solved_at": "closed_at resolved_at resolved_time closed_time closed_date gelöst",
        "csat": "satisfaction_score satisfaction rating csat_score",
        "priority": "priorität priorité prioridad priorità",
        "kind": "type ticket_type",
        "text": "description body message beschreibung",
        "escalated": "escalation_flag is_escalated",
    },
    "invoices": {
        "id": "invoice_id invoice_number number rechnungsnummer numéro",
        "account_id": "customer_id company_id client_id kundennummer",
        "amount": "amount_due total balance betrag montant importe",
        "currency": "currency_code währung devise moneda",
        "due_at": "due_date due fällig fällig_am échéance vencimiento",
        "status": "state statut estado stato",
    },
    "usage": {"account_id": "customer_id company_id", "seats_active": "active_seats"},
    "survey": {"csat_90d": "csat", "nps": "nps_score"},
}


def names_of(table: str, column: str) -> tuple[str, ...]:
    """Return what people call a column of ours in such a table."""
    return tuple(_NAMES.get(table, {}).get(column, "").split())
