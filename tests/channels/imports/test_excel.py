from __future__ import annotations

import datetime as dt
import struct
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from hilo.channels.imports import excel
from hilo.channels.imports.refused import Unreadable
from hilo.channels.imports.tables import open_table

pytestmark = pytest.mark.any_database


def workbook(path: Path, *rows: list[object], title: str = "Clientes") -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def values(path: Path) -> list[tuple[str, ...]]:
    return [row.values for row in open_table(path).rows()]


def test_whole_numbers_dates_and_flags_come_back_as_they_were_typed(tmp_path: Path) -> None:
    naive = dt.datetime(2026, 3, 5, 16, 30)  # noqa: DTZ001  (Excel knows no zones)
    path = workbook(
        tmp_path / "a.xlsx",
        ["Código", "Importe", "Fecha", "Momento", "Activo", "Nombre"],
        [1234567, 1500.5, dt.date(2026, 3, 5), naive, True, "Muñoz ‏עברית 🙂"],
        [1234567890123, 0.1 + 0.2, None, None, False, "=1+1"],
    )
    first, second = values(path)
    assert first == ("1234567", "1500.5", "2026-03-05", "2026-03-05 16:30:00", "true", "Muñoz ‏עברית 🙂")
    assert second[:2] == ("1234567890123", "0.3")


def test_a_typed_number_with_three_decimals_is_not_mistaken_for_thousands(tmp_path: Path) -> None:
    assert values(workbook(tmp_path / "a.xlsx", ["Importe"], [1.234])) == [("1.2340",)]


def test_rows_are_numbered_as_excel_shows_them(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [None], [], ["Nombre", "Ciudad"], [], ["Acme", "Jaca"])
    table = open_table(path)
    assert table.columns == ("Nombre", "Ciudad")
    assert [row.number for row in table.rows()] == [5]


def test_an_excel_file_named_csv_is_still_read_as_excel(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["Nombre"], ["Acme"]).rename(tmp_path / "a.csv")
    assert values(path) == [("Acme",)]


def test_text_named_xlsx_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("Nombre\nAcme\n")
    with pytest.raises(Unreadable, match="neither text nor Excel"):
        open_table(tmp_path / "a.xlsx")


def test_the_first_sheet_with_anything_in_it_is_read_and_the_others_named(tmp_path: Path) -> None:
    book = Workbook()
    for name in ("Datos", "Otros"):
        sheet = book.create_sheet(name)
        sheet.append(["Nombre"])
        sheet.append([name])
    book.save(tmp_path / "a.xlsx")
    table = open_table(tmp_path / "a.xlsx")
    assert [row.values for row in table.rows()] == [("Datos",)]
    assert "“Datos”" in table.notes[0]


def test_an_empty_workbook_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no sheet with anything in it"):
        open_table(workbook(tmp_path / "a.xlsx"))


@pytest.mark.parametrize("cut", [30, 400, 3000])
def test_a_damaged_workbook_is_a_sentence(tmp_path: Path, cut: int) -> None:
    path = workbook(tmp_path / "a.xlsx", ["Nombre"], ["Acme"])
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(Unreadable, match="not a sound Excel file"):
        open_table(path)


def test_a_damaged_old_workbook_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(excel.OLE_MAGIC + b"\0" * 5000)
    with pytest.raises(Unreadable, match="not a sound Excel file"):
        open_table(tmp_path / "a.xls")


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("passwords.txt", "x")
    with pytest.raises(Unreadable, match="not a sound Excel file"):
        open_table(tmp_path / "a.xlsx")


def bomb(path: Path, megabytes: int) -> Path:
    workbook(path, ["Nombre"], ["Acme"])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", b"\0" * (megabytes << 20))
    return path


def test_a_workbook_that_unpacks_to_many_times_its_size_is_refused(tmp_path: Path) -> None:
    path = bomb(tmp_path / "a.xlsx", 60)
    assert path.stat().st_size < 100_000
    with pytest.raises(Unreadable, match="grows far beyond a list of rows"):
        open_table(path)


def test_the_bytes_are_counted_and_not_believed(tmp_path: Path) -> None:
    """The zip says that its largest part unpacks to ten bytes."""
    path = bomb(tmp_path / "a.xlsx", 60)
    true, said = struct.pack("<L", 60 << 20), struct.pack("<L", 10)
    path.write_bytes(path.read_bytes().replace(true, said))
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo("xl/media/image1.png").file_size == 10
    with pytest.raises(Unreadable, match="grows far beyond a list of rows"):
        open_table(path)


def test_two_lone_cells_at_the_far_ends_of_a_sheet_are_refused_before_they_are_loaded(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "Nombre", "x"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(Unreadable, match="Delete what lies outside the table"):
        open_table(tmp_path / "a.xlsx")


def test_entities_in_the_xml_are_not_expanded(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["Nombre"], ["Acme"])
    secret = tmp_path / "secret.txt"
    secret.write_text("secreto")
    hostile = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    (holder,) = (name for name, content in parts.items() if b"Acme" in content)
    parts[holder] = (hostile + parts[holder].decode().replace("Acme", "&e;")).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    try:
        read = str(values(path))
    except Unreadable as refused:
        read = str(refused)
    assert "secreto" not in read
