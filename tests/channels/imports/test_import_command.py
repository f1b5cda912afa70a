"""``hilo import`` as it is typed: what it says, what it changes, and the number it ends with."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import pytest

from hilo.channels.imports import subcommand
from hilo.channels.models import RememberedMapping
from hilo.ledger.models import LedgerEvent
from hilo.parties.models import Customer
from hilo.work.models import Thread
from tests.channels.imports.bringing import ACCOUNTS, OPPORTUNITIES
from tests.channels.imports.conftest import Writer
from tests.factories.parties import Company, a_company
from tests.web.signed_in import yesterday

GOOD = "Código;Nombre;Fax\n1;Bodegas Lora;9\n2;Conservas Nalón;8\n"
BROKEN = "Código;Nombre;Fax\n1;Bodegas Lora;9\n2;;8\n"


@pytest.fixture
def company(db: None) -> Company:
    return a_company(now=yesterday())


def hilo_import(*arguments: object) -> int:
    parser = ArgumentParser()
    subcommand.add_arguments(parser)
    return subcommand.run(parser.parse_args([str(each) for each in arguments]))


def test_the_mapping_is_shown_first_and_then_it_is_done(
    company: Company, file: Writer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hilo_import("customers", file(GOOD), "--source", "csv") == 0
    said = capsys.readouterr().out
    assert said.index("Código  →  external_id  (its id there; sure)") < said.index("Imported:")
    assert "Not used: Fax." in said and "new: 2" in said
    assert "kept by Ada Administra" in said
    keepers = {customer.keeper for customer in Customer.objects.all()}
    assert len(keepers) == 1 and keepers == {company.administrator}


def test_a_dry_run_changes_nothing_and_says_what_would_be_refused(
    company: Company, file: Writer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    before = LedgerEvent.objects.count()
    assert hilo_import("customers", file(GOOD), "--dry-run") == 0
    assert hilo_import("customers", file(BROKEN, "rotos.csv"), "--dry-run") == 1
    said = capsys.readouterr().out
    assert "Row 3, column “Nombre”" in said and "nothing was changed" in said
    assert LedgerEvent.objects.count() == before
    assert not Customer.objects.exists() and not RememberedMapping.objects.exists()
    assert {path.name for path in tmp_path.iterdir()} == {"clientes.csv", "rotos.csv"}


def test_a_refused_row_ends_with_one_and_the_path_of_its_file(
    company: Company, file: Writer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = file(BROKEN)
    assert hilo_import("customers", path) == 1
    assert not Customer.objects.exists()
    assert str(tmp_path / "clientes.refused.csv") in capsys.readouterr().err
    assert hilo_import("customers", path, "--skip-refused") == 0
    assert Customer.objects.get().name == "Bodegas Lora"
    assert (tmp_path / "clientes.refused-2.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--map", "Nada=name"], "no column “Nada”"),
        (["--map", "Nombre=color"], "is no field of these"),
        (["--map", "Nombre="], "--map"),
        (["--owner", "nadie@envasa.example"], "Nobody here has the address"),
        (["--delegation", "atlantis"], "There is no delegation “atlantis”"),
    ],
)
def test_an_option_that_cannot_be_used_ends_with_two(
    company: Company,
    file: Writer,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    sentence: str,
) -> None:
    assert hilo_import("customers", file(GOOD), *arguments) == 2
    assert sentence in capsys.readouterr().err
    assert not Customer.objects.exists()


def test_a_file_that_is_not_there_ends_with_two(company: Company, tmp_path: Path) -> None:
    assert hilo_import("customers", tmp_path / "nada.csv") == 2


def test_a_correction_is_remembered_for_the_same_columns(
    company: Company, file: Writer, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = "Código;Quién;Dónde\n1;Bodegas Lora;Haro\n"
    assert hilo_import("customers", file(odd), "--map", "Quién=name", "--map", "Dónde=city") == 0
    capsys.readouterr()
    swapped = "Dónde;Código;Quién\nLogroño;1;Bodegas Lora\n"
    assert hilo_import("customers", file(swapped, "otra.csv")) == 0
    assert "Columns, as last time:" in capsys.readouterr().out
    assert Customer.objects.get().city == "Logroño"


def test_owner_and_delegation_can_be_said(company: Company, file: Writer) -> None:
    seller = company.people["sales"]
    arguments = ["--owner", seller.email.upper(), "--delegation", "sevilla"]
    assert hilo_import("customers", file(GOOD), *arguments) == 0
    customer = Customer.objects.order_by("pk")[0]
    assert (customer.keeper, customer.delegation) == (seller, company.sevilla)


def test_a_name_from_a_file_cannot_colour_the_terminal(
    company: Company, file: Writer, capsys: pytest.CaptureFixture[str]
) -> None:
    hilo_import("customers", file("Nombre;\x1b[31mRojo\nBodegas Lora;x\n"), "--dry-run")
    assert "\x1b" not in capsys.readouterr().out


def test_salesforces_own_files(company: Company, exports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seller = ["--source", "salesforce", "--owner", company.people["sales"].email]
    assert hilo_import("threads", exports / OPPORTUNITIES, *seller, "--dry-run") == 1
    assert "import the customers first" in capsys.readouterr().out
    assert hilo_import("customers", exports / ACCOUNTS, *seller) == 0
    assert hilo_import("threads", exports / OPPORTUNITIES, *seller) == 0
    assert "left out, closed in the other system: 8" in capsys.readouterr().out
    assert Thread.objects.filter(owner=company.people["sales"]).count() == 30
    before = LedgerEvent.objects.count()
    assert hilo_import("customers", exports / ACCOUNTS, *seller) == 0
    assert hilo_import("threads", exports / OPPORTUNITIES, *seller) == 0
    assert LedgerEvent.objects.count() == before
