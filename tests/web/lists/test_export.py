"""The list as a file: what one may see, nothing that executes, and constant memory however many the rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from hilo.parties.actor import system
from hilo.parties.models import Person
from hilo.web.exports import Field, Row, csv_lines, excel_file, harmless
from hilo.work.commands.threads import make_confidential, open_thread
from hilo.work.models import Thread
from hilo.work.queries.exported import exported
from hilo.work.queries.thread_list import Listing, ListOrder, ListView, Narrowed
from tests.factories.work import House, a_house
from tests.web.signed_in import as_, yesterday

MADRID = ZoneInfo("Europe/Madrid")
CSV, EXCEL = "/hilos/exportar/hilos.csv", "/hilos/exportar/hilos.xlsx"
MANY = 100_000
MOST_MEGABYTES = 40  # more than before the file was begun, whatever the number of rows
NASTY = [
    '=HYPERLINK("http://x","y")',
    "=1+1",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "'=1+1",
    '"=1+1',
    '" =1+1"',
    "“=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u00a0@x",
    "\x00=1+1",
    "'\"=1+1",
]
LATER = ["Bomba;=1+1", 'Bomba,"=1+1', "Bomba\t@SUM(A1)", "Bomba\n=1+1", "Bomba|-1"]
PLAIN = ["Línea 3", "24.000 b/h", "3-4 días", "a=b", "pepe@bodega.es", "", "«Sierra»", "مصنع", "🏭"]
STARTS = set("=+-@＝＋－＠\t\r\n")
HIDES = " \u00a0\"'`“”«»\u200b\ufeff\t\r\n"


@pytest.mark.parametrize("text", NASTY)
def test_nothing_begins_as_a_formula(text: str) -> None:
    assert harmless(text).startswith("'")


@pytest.mark.parametrize("text", LATER)
def test_nothing_becomes_a_formula_behind_another_separator(text: str) -> None:
    for separator in ";,\t|\n":
        for cell in harmless(text).split(separator)[1:]:
            assert cell.lstrip(HIDES.replace("'", ""))[:1] not in STARTS


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def a_file(rows: list[Row], language: str) -> str:
    fields = [Field("A"), Field("B"), Field("C"), Field("D"), Field("E")]
    return b"".join(csv_lines(fields, rows, language=language, zone=MADRID)).decode("utf-8-sig")


MOMENT = datetime(2026, 11, 22, 8, 30, 59, tzinfo=UTC)
AS_SHOWN = MOMENT.astimezone(MADRID).replace(tzinfo=None, second=0)  # Excel knows no zones
A_ROW: Row = ["=1+1", Decimal("-1234.50"), MOMENT, date(2026, 12, 1), None]


def test_in_spanish_decimals_follow_a_comma_and_columns_a_semicolon() -> None:
    assert a_file([A_ROW], "es") == (
        '"A";"B";"C";"D";"E"\r\n"\'=1+1";-1234,50;2026-11-22 09:30;2026-12-01;\r\n'
    )


def test_in_english_it_is_the_plain_kind() -> None:
    assert a_file([A_ROW], "en").splitlines()[1] == '"\'=1+1",-1234.50,2026-11-22 09:30,2026-12-01,'


def test_excel_keeps_texts_texts_numbers_numbers_and_dates_dates() -> None:
    texts: list[Row] = [
        [text, Decimal("-1234.50"), MOMENT, date(2026, 12, 1), 7] for text in (*NASTY, "#N/A")
    ]
    fields = [Field(label) for label in "ABCDE"]
    with excel_file("Hilos", fields, texts, zone=MADRID) as file:
        data = file.read()
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=2))
    assert {cell.data_type for row in rows for cell in row[:1]} <= {"s", "inlineStr"}
    assert {(row[1].value, row[1].data_type) for row in rows} == {(-1234.5, "n")}
    assert {row[2].value for row in rows} == {AS_SHOWN}
    assert all(row[2].is_date and row[3].is_date for row in rows)
    second = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert second[1][1:] == [-1234.5, AS_SHOWN, date(2026, 12, 1), 7]
    assert b"<f>" not in _sheet_xml(data)


def _sheet_xml(data: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return b"".join(package.read(name) for name in package.namelist() if "sheet" in name)


# ---- the list -------------------------------------------------------------------------------------------


@pytest.fixture
def house() -> House:
    return a_house(now=yesterday())


def a_service(house: House, title: str, amount: int | None = None) -> Thread:
    return open_thread(
        customer=house.customer,
        title=title,
        kind="service",
        owner=house.person("sales"),
        amount=Decimal(amount) if amount is not None else None,
        by=house.actor("sales"),
        now=house.at,
    )


def read_csv(person: Person, **query: str) -> list[dict[str, str]]:
    answer = as_(person).get(CSV, query)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.mark.django_db
def test_the_file_has_the_rows_of_the_list_in_its_order(house: House) -> None:
    for title, amount in (("Barato", 10), ("Caro", 900_000), ("=1+1", None)):
        a_service(house, title, amount)
    rows = read_csv(house.person("sales"))
    assert [row["Hilo"] for row in rows] == ["Caro", "Barato", "'=1+1"]
    assert [row["Importe"] for row in rows] == ["900000,00", "10,00", ""]
    assert {row["Responsable"] for row in rows} <= {house.person("sales").name}
    assert [row["Hilo"] for row in read_csv(house.person("sales"), q="caro")] == ["Caro"]
    excel = as_(house.person("sales")).get(EXCEL)
    book = load_workbook(io.BytesIO(b"".join(excel.streaming_content)))
    assert [cell.value for cell in book.worksheets[0]["B"]] == ["Hilo", "Caro", "Barato", "=1+1"]


@pytest.mark.django_db
def test_money_stands_in_no_column_for_who_sees_none(house: House) -> None:
    a_service(house, "Caro", 987_654)
    answer = as_(house.person("production")).get(CSV)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "987654" not in text
    assert "Importe" not in text
    assert "Caro" in text


@pytest.mark.django_db
def test_a_confidential_thread_is_in_nobody_elses_file(house: House) -> None:
    secret = a_service(house, "Secreta")
    sales = house.person("sales")
    make_confidential(secret, readers=[sales], seen=secret.version, by=system(), now=timezone.now())
    assert read_csv(house.company.director) == []
    assert [row["Hilo"] for row in read_csv(sales)] == ["Secreta"]


@pytest.mark.django_db
def test_the_archive_as_a_file_names_nobody(house: House) -> None:
    answer = as_(house.person("sales")).get(CSV, {"view": "archived"})
    head = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[0]
    assert "Archivado el" in head
    assert "Responsable" not in head


@pytest.mark.django_db
def test_the_page_before_the_file_says_how_many_and_which_columns(house: House) -> None:
    a_service(house, "Uno")
    page = as_(house.person("sales")).get("/hilos/exportar/").content.decode()
    assert "Un hilo en un fichero" in page
    assert "hilos.xlsx" in page


# ---- very many ------------------------------------------------------------------------------------------


def many_threads(house: House, number: int) -> None:
    """Copies of one thread, made by the database itself."""
    first = a_service(house, "Línea", 1_000)
    table = Thread._meta.db_table
    columns = [f'"{field.column}"' for field in Thread._meta.concrete_fields if not field.primary_key]
    picked = ["'M' || n" if column == '"code"' else column for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL"
            f" SELECT n + 1 FROM numbers WHERE n < %s) SELECT {', '.join(picked)} FROM {table}, numbers"
            " WHERE id = %s",
            [number - 1, first.pk],
        )


def peak_megabytes() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    kilobytes = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kilobytes.split()[1]) / 1024


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


needs_proc = pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux's /proc")


@needs_proc
@pytest.mark.django_db
def test_a_hundred_thousand_rows_stream_in_constant_memory(house: House) -> None:
    many_threads(house, MANY)
    client = as_(house.person("sales"))
    _drained(client, CSV, first_only=True)  # what is imported once is no part of it
    forget_peak()
    before = peak_megabytes()
    with CaptureQueriesContext(connection) as caught:
        assert _drained(client, CSV) == MANY + 1
    assert peak_megabytes() - before < MOST_MEGABYTES
    assert len(caught) < 30


def _drained(client: Client, url: str, *, first_only: bool = False) -> int:
    lines = 0
    for chunk in client.get(url).streaming_content:
        lines += chunk.count(b"\r\n")
        if first_only:
            break
    return lines


def generated(number: int) -> Iterator[Row]:
    for place in range(number):
        yield [f"2026-{place}", "=1+1" if place % 7 else "Línea", Decimal(place), MOMENT, None]


@needs_proc
def test_excel_of_a_hundred_thousand_rows_is_made_in_constant_memory() -> None:
    fields = [Field(label) for label in "ABCDE"]
    excel_file("Hilos", fields, generated(10), zone=MADRID).close()
    forget_peak()
    before = peak_megabytes()
    with excel_file("Hilos", fields, generated(MANY), zone=MADRID) as file:
        assert peak_megabytes() - before < MOST_MEGABYTES
        sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)  # type: ignore[arg-type]
        assert sheet.height == MANY + 1


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_rows(house: House) -> None:
    def queries() -> int:
        listing = Listing(
            actor=house.actor("sales"),
            view=ListView.OPEN,
            narrowed=Narrowed(),
            order=ListOrder.CONSEQUENCE,
            now=timezone.now(),
        )
        with CaptureQueriesContext(connection) as caught:
            assert list(exported(listing))
        return len(caught)

    a_service(house, "Uno")
    few = queries()
    many_threads(house, 3_000)
    assert queries() == few
