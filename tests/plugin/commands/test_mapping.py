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
