"""What people call our columns: the names that a proposed mapping looks for."""

from __future__ import annotations

_WHOSE = (
    "customer_id company_id client_id organization_id organisation_id customer_number"
    " account_number customer_no client_no kundennummer kunden_nr kundennr kundenr kunde_id"
    " numero_client numéro_client código_cliente codigo_cliente id_cliente cliente_id"
    " codice_cliente nr_klienta numer_klienta klantnummer kundnummer"
)
_CURRENCY = "currency_code currency_iso_code währung devise moneda moeda waluta valuta munt"
_NAMES: dict[str, dict[str, str]] = {
    "accounts": {
        "account_id": f"{_WHOSE} record_id id",
        "name": "account_name company_name company customer customer_name client client_name"
        " organization organisation firma firmenname kunde kundenname société nom empresa azienda"
        " klant bedrijf virksomhed"
        " klient kontrahent nazwa nazwa_firmy razão_social razao_social ragione_sociale"
        " raison_sociale bedrijfsnaam naam navn",
        "domain": "website web www url website_url company_domain_name company_domain domäne"
        " domaine dominio"
        " webseite homepage internet site site_web sito strona_www witryna domena sitio_web",
        "customer_since": "signup_date sign_up_date created created_at start_date kunde_seit"
        " client_depuis cliente_desde"
        " klient_od cliente_desde data_de_início cliente_dal",
        "tier": "plan_tier account_tier stufe",
        "crm_seats": "seats licenses licences lizenzen licences_achetées",
        "crm_arr": "arr arr_amount annual_recurring_revenue contract_value acv jahresumsatz"
        " przychód_roczny receita_anual revenu_annuel ingresos_anuales",
        "renewal_at": "renewal_date renewal next_renewal contract_end verlängerung"
        " verlängerungsdatum vertragsende échéance renouvellement"
        " renews renews_on renouvellement_le renovação data_de_renovação renovación"
        " data_odnowienia odnowienie rinnovo vernieuwing contract_end_date",
        "employees": "number_of_employees headcount company_size mitarbeiter effectif empleados"
        " funcionários funcionarios pracownicy liczba_pracowników dipendenti medewerkers employés",
        "country": "billing_country land pays país paese kraj",
        "city": "billing_city stadt ort ville ciudad città miasto cidade città plaats",
        "industry": "branche secteur sector settore branża setor indústria",
        "csm_name": "csm customer_success_manager betreuer",
        "ae_name": "owner account_owner account_manager company_owner",
    },
    "contacts": {
        "name": "full_name contact contact_name kontakt nom"
        " person ansprechpartner imię_i_nazwisko nome nombre",
        "email": "e_mail email_address mail e_mail_adresse courriel correo"
        " adres_e_mail correo_electrónico",
        "title": "job_title position funktion fonction",
    },
    "subscriptions": {
        "id": "subscription_id subscription abo_id vertragsnummer",
        "plan": "plan_tier plan_name product product_name tarif produkt"
        " plano produto produkt_taryfa abonnement forfait",
        "quantity": "seats licenses licences users lizenzen menge anzahl quantité"
        " ilość quantidade cantidad",
        "amount": "mrr mrr_amount price total betrag preis montant prix importe"
        " kwota wartość valor importo prezzo",
        "interval": "billing_frequency billing_period billing_interval billing_cycle frequency"
        " period abrechnung abrechnungszeitraum intervall fréquence periodicidad"
        " periodicidade okres intervallo",
        "status": "state subscription_status churn_flag zustand statut estado stato",
        "renewal_at": "renewal_date next_billing_date current_period_end next_renewal",
        "ends_at": "end_date cancelled_at canceled_at cancellation_date enddatum date_de_fin"
        " kündigung_zum data_zakończenia data_de_término",
        "trial_ends_at": "trial_end trial_end_date",
    },
    "tickets": {
        "id": "ticket_id ticket_number case_number ticketnummer",
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
        "id": "invoice_id invoice_number number rechnungsnummer numéro faktura nr_faktury fatura",
        "amount": "amount_due total balance betrag montant importe valor kwota saldo offen",
        "due_at": "due_date due fällig fällig_am échéance vencimiento"
        " vence vencimento termin_płatności termin",
        "status": "state statut estado stato",
    },
    "usage": {"seats_active": "active_seats"},
    "survey": {"csat_90d": "csat", "nps": "nps_score"},
}


def names_of(table: str, column: str) -> tuple[str, ...]:
    """Return what people call a column of ours in such a table, our own name first."""
    usual = {"account_id": _WHOSE, "currency": _CURRENCY}.get(column, "")
    return (column, *_NAMES.get(table, {}).get(column, usual).split())
