"""`sidelight map` proposes a mapping that works, and says what it is not sure of."""

from __future__ import annotations

import tomllib
from pathlib import Path

from click.testing import CliRunner

from plugin.commands.mapping import map_
from tests.vendors.files.files_folder import connect, fetch, problems, write

ACCOUNTS = (
    "Kundennummer;Firma;Verlängerung;Jahresumsatz;Land\n"
    "K-1;Brook Freight;20.01.2027;48.000,00;Portugal\n"
    "K-2;Alder Tools;31.12.2026;1.250;Spanien\n"
)
SUBSCRIPTIONS = (
    "abo_id;Kundennummer;Tarif;Betrag;Abrechnung;churn_flag\n"
    "S-1;K-1;Team;100,00;monatlich;False\n"
    "S-2;K-2;Team;90,00;jährlich;True\n"
)


def proposed(folder: Path) -> str:
    """Return what the command writes for a folder."""
    result = CliRunner().invoke(map_, [str(folder)])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_proposal_is_read_as_it_is_shown(tmp_path: Path):
    """Pasted into settings, the proposal reads a stranger's file with no problem left."""
    said = proposed(write(tmp_path, accounts_csv=ACCOUNTS, subscriptions_csv=SUBSCRIPTIONS))
    options = tomllib.loads(said)["workspaces"]["acme"]["upstreams"]["crm"]
    link = connect(tmp_path, mapping=options["mapping"])

    values = fetch(link, "K-1").values

    assert values["account.name"] == "Brook Freight"
    assert str(values["contract.renewal_at"]) == "2027-01-20"
    assert values["contract.crm_arr"].amount == 48000
    assert fetch(link, "K-2").values["contract.crm_arr"].amount == 1250
    assert problems(link) == []
    assert "# unsure: subscriptions: status: what 'True' means" in said
    assert "# K-1  Brook Freight" in said
    assert "#     contract.arr = 1200.00 USD" in said


def test_monthly_revenue_is_not_taken_for_a_yearly_price(tmp_path: Path):
    """A column called MRR is of a month, however often the customer is charged."""
    rows = (
        "subscription_id,account_id,mrr_amount,billing_frequency,status\ns,a-1,100,annual,active\n"
    )
    folder = write(tmp_path, accounts_csv="account_id,name\na-1,Acme\n", subscriptions_csv=rows)

    assert 'interval = { value = "month" }' in proposed(folder)
    assert "contract.arr = 1200.00 USD" in proposed(folder)


def test_a_file_that_cannot_be_read_is_said_and_costs_only_itself(tmp_path: Path):
    """Each file stands for itself."""
    write(tmp_path, accounts_csv="account_id,name\na-1,Acme\n", usage_json="{", notes_txt="x")
    said = proposed(tmp_path)

    assert "# not read: notes.txt: is no table" in said
    assert "# not read: usage.json: is not JSON" in said
    assert "# a-1  Acme" in said


def test_members_of_objects_and_titles_above_a_header_are_proposed(tmp_path: Path):
    """What an API answered, and a list with a title above it, are proposed like any other file."""
    answered = '{"results":[{"id":"81","properties":{"name":"Brook","domain":"brook.example"}}]}'
    header = "Kontakte,,\nvon heute,,\nKundennummer,Kontakt,E-Mail,Mail,Mail\n"
    titled = f"{header}81,Ines,i@brook.example,,\n"

    said = proposed(write(tmp_path, accounts_json=answered, contacts_csv=titled))

    assert 'name = "properties.name"' in said
    assert "# 81  Brook" in said
    assert 'email = "e_mail"' in said
    assert "#     contacts = 1 of them" in said


def test_a_column_that_stands_there_twice_is_not_proposed(tmp_path: Path):
    """Which of two columns of one name is meant is for the admin to say, so neither is taken."""
    rows = "account_id,name,Owner,Owner\na-1,Brook,Sam,Sue\n"

    assert "ae_name" not in proposed(write(tmp_path, accounts_csv=rows))


def test_thousands_of_a_file_with_semicolons_are_proposed_as_thousands(tmp_path: Path):
    """Where a column has both marks, the proposal follows the file's own delimiter."""
    header = "account_id;name;crm_arr;currency\n"
    rows = f"{header}a-1;Brook;1.234;EUR\na-2;Alder;1.5;EUR\na-3;Elm;1,5;EUR\n"

    assert 'decimal = ","' in proposed(write(tmp_path, accounts_csv=rows))


def test_the_currency_is_proposed_by_the_signs_of_the_amounts(tmp_path: Path):
    """A currency that an amount's own sign denies is never proposed; several are said."""
    rows = "Kunde;Kundennummer;Jahresumsatz\nBrook;K-1;48.000,00 zł\nAlder;K-2;90,00 zł\n"
    several = rows + "Elm;K-3;9,00 €\n"

    assert 'currency = "pln"' in proposed(write(tmp_path, accounts_csv=rows))
    said = proposed(write(tmp_path, accounts_csv=several))
    assert "currency = " not in said
    assert "the amounts have several" in said
