from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hilo.channels.imports.refused import Unreadable
from hilo.channels.imports.tables import open_table
from tests.channels.imports.conftest import Writer

pytestmark = pytest.mark.any_database


def values(path: Path) -> list[tuple[str, ...]]:
    return [row.values for row in open_table(path).rows()]


def refusal(path: Path) -> str:
    with pytest.raises(Unreadable) as refused:
        open_table(path)
    return str(refused.value)


@pytest.mark.parametrize(
    "encoding",
    [
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "latin-1",
        "cp1252",
        "cp850",
        "mac_roman",
    ],
)
def test_accents_survive_whatever_the_file_is_encoded_in(file: Writer, encoding: str) -> None:
    text = "Nombre;Población\nPérez e Hijos;Cádiz\nMuñoz;Logroño\nIbáñez;Ávila\n"
    table = open_table(file(text, encoding=encoding))
    assert table.columns == ("Nombre", "Población")
    assert [row.values for row in table.rows()] == [
        ("Pérez e Hijos", "Cádiz"),
        ("Muñoz", "Logroño"),
        ("Ibáñez", "Ávila"),
    ]


def test_windows_only_letters_are_read_as_windows(file: Writer) -> None:
    path = file("Nombre,Nota\nAcme,“1.000 €” – año\n", encoding="cp1252")
    assert values(path) == [("Acme", "“1.000 €” – año")]
    assert "cp1252" in open_table(path).notes[0]


def test_an_accent_after_the_first_megabyte_still_decides_the_encoding(file: Writer) -> None:
    body = "".join(f"Empresa {i},Zaragoza\n" for i in range(60_000)) + "Peñarroya,León\n"
    path = file("Nombre,Ciudad\n" + body, encoding="latin-1")
    assert values(path)[-1] == ("Peñarroya", "León")


def test_one_broken_letter_in_a_utf8_file_refuses_its_row_and_no_other(file: Writer) -> None:
    path = file(
        "Nombre,Ciudad\nMuñoz,Cádiz\nPérez,Ávila\n".encode() + b"Ib\xe1\xf1ez,Soria\nNu\xc3\xb1o,Jaca\n"
    )
    rows = list(open_table(path).rows())
    assert [row.values[0] for row in rows if not row.trouble] == ["Muñoz", "Pérez", "Nuño"]
    assert [row.number for row in rows if row.trouble] == [4]
    assert "broken letter" in rows[2].trouble


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_all_rows_agree_on(file: Writer, separator: str) -> None:
    rows = [["Nombre", "Importe", "Nota"], ["A", "1,5", "uno; dos"], ["B", "2,5", "tres | cuatro"]]
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    table = open_table(file(text.getvalue()))
    assert table.delimiter == separator
    assert [list(row.values) for row in table.rows()] == rows[1:]


def test_excels_own_separator_line_is_obeyed_and_dropped(file: Writer) -> None:
    table = open_table(file("sep=;\r\nNombre;Ciudad\r\nAcme;Jaca\r\n"))
    assert table.columns == ("Nombre", "Ciudad")
    assert [(row.number, row.values) for row in table.rows()] == [(3, ("Acme", "Jaca"))]


def test_a_file_of_one_column_is_a_list_of_names(file: Writer) -> None:
    assert values(file("Nombre\nAcme\nEnvasa\n")) == [("Acme",), ("Envasa",)]


def test_quoted_cells_hold_separators_quotes_and_line_breaks(file: Writer) -> None:
    path = file('Nombre,Nota\r\n"Acme, S.L.","dijo ""sí""\r\ny se fue"\r\nEnvasa,\r\n')
    assert values(path) == [("Acme, S.L.", 'dijo "sí"\r\ny se fue'), ("Envasa", "")]


def test_spaces_before_a_quoted_cell_are_no_part_of_it(file: Writer) -> None:
    assert values(file('"Nombre", "Ciudad"\n"Acme", "Jaca, Huesca"\n')) == [("Acme", "Jaca, Huesca")]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ending_will_do(file: Writer, ending: str) -> None:
    assert values(file(ending.join(["Nombre;Ciudad", "Acme;Jaca", ""]))) == [("Acme", "Jaca")]


def test_a_ragged_row_is_reported_by_its_number_and_keeps_its_cells(file: Writer) -> None:
    rows = list(open_table(file("A,B,C\n1,2,3\n1,2\n1,2,3,4\n\n5,6,7,,,\n")).rows())
    assert [(row.number, row.values, bool(row.trouble)) for row in rows] == [
        (2, ("1", "2", "3"), False),
        (3, ("1", "2"), True),
        (4, ("1", "2", "3", "4"), True),
        (6, ("5", "6", "7"), False),
    ]
    assert rows[1].trouble.startswith("Row 3 of clientes.csv has 2 cells where the column names are 3")


def test_a_row_with_broken_quotes_is_reported_and_the_next_ones_are_read(file: Writer) -> None:
    rows = list(open_table(file('A,B\n1,2\n"x"y,3\n4,5\n')).rows())
    assert [(row.values, bool(row.trouble)) for row in rows] == [
        (("1", "2"), False),
        (('"x"y,3',), True),
        (("4", "5"), False),
    ]
    assert "quotation mark" in rows[1].trouble


def test_a_quotation_mark_never_closed_is_no_reason_to_lose_rows_in_silence(file: Writer) -> None:
    rows = list(open_table(file('A,B\n1,2\n"open,3\n4,5\n6,7\n')).rows())
    assert [row.values for row in rows if not row.trouble] == [("1", "2")]
    assert rows[1].number == 3
    assert "4,5" in rows[1].values[0]


def test_a_quotation_mark_open_for_100_kilobytes_swallows_no_more_than_that(file: Writer) -> None:
    body = "".join(f"{i},x\n" for i in range(100_000))
    rows = list(open_table(file('A,B\n"open,1\n' + body)).rows())
    assert rows[0].trouble
    assert rows[-1].values == ("99999", "x")
    assert len(rows) > 70_000


def test_zero_bytes_inside_a_cell_refuse_that_row(file: Writer) -> None:
    rows = list(open_table(file(b"Nombre,Ciudad\nAc\x00me,Jaca\nEnvasa,Soria\n")).rows())
    assert [(row.number, bool(row.trouble)) for row in rows] == [(2, True), (3, False)]
    assert "\0" not in rows[0].values[0]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"   \n", b"\xef\xbb\xbf", b",,,\n"])
def test_an_empty_file_says_so(file: Writer, content: bytes) -> None:
    assert refusal(file(content)) == "clientes.csv is empty. Check the export and try again."


@pytest.mark.parametrize("content", ["Nombre,Ciudad", "Nombre,Ciudad\n", "Nombre,Ciudad\n\n,\n"])
def test_column_names_alone_are_nothing_to_import(file: Writer, content: str) -> None:
    assert "no rows below them" in refusal(file(content))


def test_repeated_and_missing_column_names_are_told_apart(file: Writer) -> None:
    table = open_table(file("Teléfono,Teléfono,,Nombre\n1,2,3,4\n"))
    assert table.columns == ("Teléfono", "Teléfono (2)", "(3)", "Nombre")
    assert "Teléfono" in table.notes[0]


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n1 0 obj\n<<>>\nendobj",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
        bytes(range(256)) * 20,
    ],
)
def test_a_file_that_is_no_table_is_called_that(file: Writer, content: bytes) -> None:
    assert "is not a table" in refusal(file(content))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "cannot be opened" in refusal(tmp_path / "nada.csv")
    assert "cannot be opened" in refusal(tmp_path)


def test_hundreds_of_columns_are_probably_no_table(file: Writer) -> None:
    assert "600 columns" in refusal(file(",".join(f"c{i}" for i in range(600)) + "\n1\n"))


def test_rows_can_be_read_as_often_as_wanted(file: Writer) -> None:
    table = open_table(file("A,B\n1,2\n3,4\n"))
    assert list(table.rows()) == list(table.rows())


_cells = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\r\t"), max_size=12
)  # other controls in a short file mean that it is no text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@example(rows=[["a", "b"], ["", "=1+1"]], delimiter=";")
@given(
    rows=st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(_cells, min_size=width, max_size=width), min_size=1, max_size=8)
    ),
    delimiter=st.sampled_from(",;\t|"),
)
def test_what_a_csv_writer_wrote_is_read_cell_by_cell(
    tmp_path: Path, rows: list[list[str]], delimiter: str
) -> None:
    path = tmp_path / "any.csv"
    names = [f"columna {place}" for place in range(len(rows[0]))]
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(
            [names, *rows, ["fin"] * len(names)]
        )
    read = [list(row.values) for row in open_table(path).rows()]
    assert read == [*(row for row in rows if any(map(str.strip, row))), ["fin"] * len(names)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(content=st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    try:
        for row in open_table(path).rows():
            assert row.trouble or len(row.values) == len(open_table(path).columns)
    except Unreadable as refused:
        assert str(refused).endswith(".")
