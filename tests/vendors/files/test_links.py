"""A link in a folder of tables is followed within that folder only."""

from __future__ import annotations

from tests.vendors.files.files_folder import connect, problems

OWN = "account_id,name,domain\na-1,Acme,acme.com\n"


def test_a_link_that_leads_out_of_its_folder_is_refused_by_name(tmp_path):
    """Whoever may write there may not read elsewhere by it."""
    (tmp_path / "outside.csv").write_text(OWN)
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "accounts.csv").symlink_to(tmp_path / "outside.csv")

    assert "accounts.csv" in str(problems(connect(folder)))
    assert "leads out of its folder" in str(problems(connect(folder)))


def test_a_link_within_the_folder_is_followed(tmp_path):
    """So does Kubernetes put files in place."""
    (tmp_path / "..data").mkdir()
    (tmp_path / "..data" / "accounts.csv").write_text(OWN)
    (tmp_path / "accounts.csv").symlink_to(tmp_path / "..data" / "accounts.csv")

    assert "leads out" not in str(problems(connect(tmp_path)))
