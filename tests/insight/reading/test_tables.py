"""How tables of text are cut into rows and columns."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from hilo.insight.reading import read
from tests.insight.reading.files import HEAD, LOG, ROWS, remarks, table_of, written


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_separator_is_found(tmp_path: Path, separator: str) -> None:
    table = table_of(tmp_path, LOG.replace(",", separator))
    assert table.data.column_names == ["case", "activity", "when"]
    assert table.data["activity"].to_pylist() == ["Pedido", "Envío", "Pedido"]
    assert table.files[0].separator == separator


def test_a_separator_inside_texts_does_not_win(tmp_path: Path) -> None:
    table = table_of(tmp_path, "case;text\n1;a, b, c\n2;d, e, f\n")
    assert table.data["text"].to_pylist() == ["a, b, c", "d, e, f"]


@pytest.mark.parametrize(
    ("encoding", "stated"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
    ],
)
def test_any_unicode_is_read(tmp_path: Path, encoding: str, stated: str) -> None:
    table = table_of(tmp_path, LOG.encode(encoding))
    assert table.data.column_names[0] == "case"
    assert table.data["activity"][1].as_py() == "Envío"
    assert table.files[0].encoding == stated
    assert table.remarks == ()


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_older_western_files_are_read_and_said(tmp_path: Path, encoding: str) -> None:
    table = table_of(tmp_path, LOG.encode(encoding))
    assert table.data["activity"][1].as_py() == "Envío"
    assert remarks(table) == ["log.csv is not all UTF-8: the rest was read as cp1252."]


def test_a_cyrillic_file_is_not_taken_for_spanish(tmp_path: Path) -> None:
    rows = "\n".join(f"{n},Заказ получен от покупателя,2024-01-02" for n in range(40))
    table = table_of(tmp_path, f"{HEAD}\n{rows}\n".encode("cp1251"))
    assert table.data["activity"][0].as_py() == "Заказ получен от покупателя"


def test_an_accent_far_behind_in_an_ascii_file_is_read(tmp_path: Path) -> None:
    early = "\n".join(f"{n},Pedido,2024-01-02 10:00:00" for n in range(60_000))
    table = table_of(tmp_path, f"{HEAD}\n{early}\n9,Envío,2024-01-02 10:00:00\n".encode("cp1252"))
    assert table.data.num_rows == 60_001
    assert table.data["activity"][60_000].as_py() == "Envío"


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_any_line_end_ends_a_row(tmp_path: Path, end: str) -> None:
    table = table_of(tmp_path, LOG.replace("\n", end))
    assert table.data.num_rows == 3
    assert table.data["activity"][2].as_py() == "Pedido"


def test_line_ends_and_quotes_inside_quotes_belong_to_the_text(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'case,text,n\n1,"a\nb, ""c""",4\n2,d,5\n')
    assert table.data["text"].to_pylist() == ['a\nb, "c"', "d"]
    assert table.data["n"].to_pylist() == [4, 5]


def test_inches_are_no_quotes(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'case,text,n\n1,pantalla 24",4\n2,d,5\n')
    assert table.data["text"].to_pylist() == ['pantalla 24"', "d"]


def test_columns_of_one_name_are_numbered(tmp_path: Path) -> None:
    table = table_of(tmp_path, "case,x,x,x 2\na,1,2,3\nb,4,5,6\n")
    assert table.data.column_names == ["case", "x", "x 3", "x 2"]


def test_separators_at_the_end_of_each_row_make_no_column(tmp_path: Path) -> None:
    table = table_of(tmp_path, LOG.replace("\n", ",\n").replace("when,", "when"))
    assert table.data.column_names == ["case", "activity", "when"]
    assert (table.data.num_rows, table.files[0].refused) == (3, 0)


def test_a_row_with_blank_cells_too_many_is_kept_in_its_place(tmp_path: Path) -> None:
    table = table_of(tmp_path, "\n".join([HEAD, ROWS[0], ROWS[1] + ",,", ROWS[2]]))
    assert table.data["activity"].to_pylist() == ["Pedido", "Envío", "Pedido"]
    assert table.remarks == ()


def test_rows_of_another_width_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = [HEAD, ROWS[0], "1,Envío", ROWS[2], "2,Pedido,2024-01-04,y más,cosas", ROWS[1]]
    table = table_of(tmp_path, "\n".join(rows))
    assert table.data["case"].to_pylist() == [1, 2, 1]
    assert (table.files[0].rows, table.files[0].refused) == (3, 2)
    assert remarks(table) == [
        "2 rows of log.csv were left out because they are broken (too many cells, too few, or a quote "
        "that is never closed); the first is row 3."
    ]


def test_cells_missing_at_the_end_are_blank_where_full_rows_leave_them_blank(tmp_path: Path) -> None:
    table = table_of(tmp_path, "case,activity,note\n1,a,\n1,b\n2,a,x\n")
    assert table.data["note"].to_pylist() == [None, None, "x"]
    assert table.files[0].refused == 0


@pytest.mark.parametrize("quoted", [False, True])
def test_a_quote_that_is_never_closed_costs_its_own_row(tmp_path: Path, quoted: bool) -> None:
    rows = [f"{n},Pedido {n},2024-01-02 10:00:00" for n in range(1, 4_001)]
    if quoted:
        rows = ['"' + row.replace(",", '","') + '"' for row in rows]
        rows[1_999] = rows[1_999].replace('Pedido 2000"', "Pedido 2000")
    else:
        rows[1_999] = '2000,"Pedido 2000,2024-01-02 10:00:00'
    table = table_of(tmp_path, "\n".join([HEAD, *rows, ""]))
    kept = table.data["case"].to_pylist()
    assert kept == [n for n in range(1, 4_001) if n != 2_000]
    assert table.files[0].refused == 1
    assert "row 2,001" in remarks(table)[0]


def test_two_stray_quotes_do_not_swallow_the_rows_between_them(tmp_path: Path) -> None:
    rows = [f"{n},Pedido,2024-01-02 10:00:00" for n in range(1, 1_001)]
    rows[99] = '100,"Pedido,2024-01-02 10:00:00'
    rows[899] = '900,Pedido,"2024-01-02 10:00:00'
    table = table_of(tmp_path, "\n".join([HEAD, *rows, ""]))
    # In row 900 every cell can still be told; in row 100 the quote has taken a separator with it.
    assert table.data["case"].to_pylist() == [n for n in range(1, 1_001) if n != 100]
    assert table.files[0].refused == 1


def test_nul_bytes_are_left_out_and_said(tmp_path: Path) -> None:
    table = table_of(tmp_path, LOG.replace("Envío", "En\0vío"))
    assert table.data["activity"][1].as_py() == "Envío"
    assert remarks(table) == ["log.csv has NUL bytes in it, which were left out; see to its export."]


def test_rows_above_the_titles_are_no_data(tmp_path: Path) -> None:
    table = table_of(tmp_path, f"Informe de pedidos\nGenerado el 2024-05-01\n\n{LOG}")
    assert table.data.column_names == ["case", "activity", "when"]
    assert table.data.num_rows == 3


def test_excels_own_line_about_the_separator_is_no_title(tmp_path: Path) -> None:
    table = table_of(tmp_path, "sep=;\n" + LOG.replace(",", ";"))
    assert table.data.column_names == ["case", "activity", "when"]


def test_a_file_without_titles_calls_its_columns_by_place(tmp_path: Path) -> None:
    table = table_of(tmp_path, "\n".join(ROWS))
    assert table.data.column_names == ["column 1", "column 2", "column 3"]
    assert table.data.num_rows == 3
    assert remarks(table) == ["log.csv has no titles over its columns, so they are called by their place."]


def test_na_is_a_text_and_a_question_mark_or_nothing_is_missing(tmp_path: Path) -> None:
    table = table_of(tmp_path, "case,team\nNA,?\nNA,NA\n1,\nNA,null\n")
    assert table.data["case"].to_pylist() == ["NA", "NA", "1", "NA"]
    assert table.data["team"].to_pylist() == [None, "NA", None, "null"]


def test_several_files_are_one_log_matched_by_titles(tmp_path: Path) -> None:
    first = written(tmp_path, LOG, "enero.csv")
    second = written(tmp_path, "when;case;activity\n2024-02-01 08:00:00;3;Pedido\n", "febrero.csv")
    table = read([first, second])
    assert table.data["case"].to_pylist() == [1, 1, 2, 3]
    assert table.data["when"].type == pa.timestamp("us")
    assert [(file.name, file.rows, file.first) for file in table.files] == [
        ("enero.csv", 3, 0),
        ("febrero.csv", 1, 3),
    ]


def test_columns_of_few_values_can_stay_codes(tmp_path: Path) -> None:
    rows = "\n".join(f"{n},Pedido,2024-01-02" for n in range(100))
    table = read([written(tmp_path, f"{HEAD}\n{rows}\n")], keep_codes=True)
    assert pa.types.is_dictionary(table.data["activity"].type)
    assert table.data["activity"].to_pylist() == ["Pedido"] * 100


def test_a_title_longer_than_the_data_is_kept(tmp_path: Path) -> None:
    table = table_of(tmp_path, "case,activity,when,note\n1,a,2024-01-02,\n2,b,2024-01-02,\n")
    assert table.data["note"].to_pylist() == [None, None]


@pytest.mark.parametrize(
    "broken", ['x,"sin cerrar,2024-01-02', "x,y", 'x,"a","b","c",d', "x,\x00\xff\xfe,2024-01-02,z"]
)
def test_a_broken_row_in_the_midst_of_a_large_file_costs_itself_alone(tmp_path: Path, broken: str) -> None:
    """Large enough for several blocks, with quoted line ends near their borders."""
    row = '{n},"Pedido, con ""comillas""\ny dos líneas",2024-01-02 10:00:00 {pad}\n'
    rows = [row.format(n=n, pad="x" * 200) for n in range(80_000)]
    rows.insert(40_000, broken + "\n")
    table = table_of(tmp_path, f"{HEAD}\n{''.join(rows)}")
    assert table.data["case"].to_pylist() == list(range(80_000))
    assert set(table.data["activity"].to_pylist()) == {'Pedido, con "comillas"\ny dos líneas'}
    assert table.files[0].refused == 1
    assert "row 40,002" in " ".join(remarks(table))


def test_a_large_file_is_not_held_twice(tmp_path: Path) -> None:
    """Read in blocks: what is in memory at once stays near what the columns take at the end."""
    rows = "".join(f"c{n // 8},Pedido {n % 7},2024-01-02 10:00:{n % 60:02d}\n" for n in range(1_000_000))
    path = written(tmp_path, f"{HEAD}\n{rows}")
    del rows
    pa.default_memory_pool().release_unused()
    before = pa.total_allocated_bytes()
    table = read([path], keep_codes=True)
    assert table.data.num_rows == 1_000_000
    assert pa.total_allocated_bytes() - before < 1.2 * table.data.nbytes
