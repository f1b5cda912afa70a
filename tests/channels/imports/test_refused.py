from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from hilo.channels.imports import Intake, RefusedRow, Source, What, guess_mapping, open_table, write_refused
from hilo.channels.imports.refused import Unreadable, guarded, unguarded
from tests.channels.imports.conftest import Writer

pytestmark = pytest.mark.any_database


@given(st.text(st.sampled_from("'=+-@\t\r\nañ1＝ "), max_size=6))
def test_no_written_cell_runs_as_a_formula_and_each_is_read_back(cell: str) -> None:
    assert guarded(cell)[:1] not in tuple("=+-@\t\r\n＝＋－＠")
    assert unguarded(guarded(cell)) == cell


def refuse(path: Path, what: What = What.CUSTOMERS) -> Path:
    table = open_table(path)
    check = Intake(table, guess_mapping(table, what, Source.CSV)).check()
    return write_refused(table, check.refused)


def test_refused_rows_are_written_with_their_reason_and_all_their_columns(file: Writer) -> None:
    path = refuse(file("Nombre;Otra\nAcme;x\n;=SUM(A1)\nEnvasa;y;z\n"))
    assert path.name == "clientes.refused.csv"
    with path.open(encoding="utf-8-sig", newline="") as handle:
        assert list(csv.reader(handle, delimiter=";")) == [
            ["reason (Hilo)", "Nombre", "Otra"],
            ["Row 3, column “Nombre”: it is empty: write something.", "", "'=SUM(A1)"],
            [
                "Row 4 of clientes.csv has 3 cells where the column names are 2:"
                " a separator or a quotation mark is missing or too many.",
                "Envasa",
                "y",
                "z",
            ],
        ]


def test_the_corrected_file_is_imported_as_it_is(file: Writer) -> None:
    path = refuse(file("Nombre;Nota;Teléfono\n;=SUM(A1);+34 976 12 34 56\n"))
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace('""', '"Acme"', 1), encoding="utf-8-sig")
    table = open_table(path)
    assert table.columns == ("Nombre", "Nota", "Teléfono")
    assert [row.values for row in table.rows()] == [("Acme", "=SUM(A1)", "+34 976 12 34 56")]


def test_a_ragged_row_left_uncorrected_is_refused_again(file: Writer) -> None:
    again = open_table(refuse(file("A,Nombre\n1,Acme\n2\n3,b,c\n")))
    assert [(row.values, bool(row.trouble)) for row in again.rows()] == [
        (("2",), True),
        (("3", "b", "c"), True),
    ]


def test_apostrophes_of_an_ordinary_file_are_left_alone(file: Writer) -> None:
    assert [row.values for row in open_table(file("Nombre,X\n'=1,a\n")).rows()] == [("'=1", "a")]


def test_a_file_somebody_may_be_correcting_is_never_overwritten(file: Writer) -> None:
    path = file("Nombre,X\n,1\n")
    assert [refuse(path).name, refuse(path).name] == ["clientes.refused.csv", "clientes.refused-2.csv"]
    assert refuse(path.with_name("clientes.refused.csv")).name == "clientes.refused-3.csv"


def test_all_reasons_of_a_row_stand_in_its_one_line(file: Writer) -> None:
    table = open_table(file("Nombre,X\nAcme,1\n"))
    path = write_refused(table, [RefusedRow(2, "Nombre", "One."), RefusedRow(2, "X", "Two.")])
    assert "One. Two." in path.read_text(encoding="utf-8-sig")


def test_a_folder_that_takes_no_file_is_a_sentence(file: Writer, tmp_path: Path) -> None:
    table = open_table(file("Nombre,X\nAcme,1\n"))
    with pytest.raises(Unreadable, match="Choose a folder you may write to"):
        write_refused(table, [RefusedRow(2, "", "No.")], tmp_path / "nowhere")


def test_a_file_written_in_spanish_is_read_back_in_english(file: Writer) -> None:
    with translation.override("es"):
        path = refuse(file("Nombre,X\n,1\n"))
    assert path.name == "clientes.rechazadas.csv"
    assert open_table(path).columns == ("Nombre", "X")
