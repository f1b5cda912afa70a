"""What cannot be used is refused in one sentence: what is wrong, where, and what to do."""

from __future__ import annotations

import gzip
import io
import sqlite3
import zipfile
from pathlib import Path

import pytest

from hilo.insight.raw import Unreadable
from hilo.insight.reading import Limits, read
from tests.insight.reading.files import LOG, refusal_of, remarks, table_of, written

XES = """<?xml version="1.0"?>{dtd}<log><trace><string key="concept:name" value="c1"/>
<event><string key="concept:name" value="a"/></event></trace></log>"""


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "log.csv is empty: export it again."),
        (b"\n\n  \n", "log.csv has nothing in it but blanks: export it again."),
        (
            b"case\n1\n2\n",
            "log.csv has one column only: a log needs a case, an activity and a time, in columns of their "
            "own.",
        ),
        (b"case,activity,when\n", "log.csv has columns but no rows: export it again with its data."),
        (
            b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 40,
            "log.csv is no log but a file of another kind (ELF): export the table as CSV or Excel.",
        ),
        (
            b"%PDF-1.7\n1 0 obj",
            "log.csv is no log but a file of another kind (PDF): export the table as CSV or Excel.",
        ),
        (
            bytes(range(1, 256)) * 100,
            "log.csv is no text and no format known here: export the table as CSV or Excel.",
        ),
        (
            b"<!DOCTYPE html><html><body><table></table></body></html>",
            "log.csv is a web page, whatever its name says: save it as Excel or CSV.",
        ),
        (
            b"<orders><order/></orders>",
            "log.csv is XML but neither XES nor OCEL: export the log as one of them or as CSV.",
        ),
        (b'{"orders": []}', "log.csv is JSON but no OCEL log: export it as OCEL, XES or CSV."),
        (
            b'{"events": [\n {"id": ]}',
            "log.csv is no well-formed JSON (line 2, column 9): export it again.",
        ),
        (b"PAR1 nothing else", "log.csv is a damaged Parquet file: write it again."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "log.csv cannot be opened as a workbook (damaged, or with a password): save it again as .xlsx "
            "or CSV.",
        ),
        (b"SQLite format 3\0" + b"\0" * 600, None),
        (b"PK\x03\x04 nothing else", "log.csv is a damaged zip: copy it again."),
        (zipped(), "log.csv has no file inside: pack it again."),
        (zipped(a_csv=b""), "log.csv has only empty files inside: pack it again."),
        (
            b"\x1f\x8b\x08\x00nothing",
            "log.csv is damaged and nothing in it can be unpacked: copy it again.",
        ),
    ],
)  # fmt: skip
def test_what_is_no_log_is_refused_with_the_reason(tmp_path: Path, content: bytes, said: str | None) -> None:
    refusal = refusal_of(tmp_path, content)
    if said is not None:
        assert refusal == said


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "log.sqlite") as database:
        database.execute("CREATE TABLE orders (id)")
    database.close()
    with pytest.raises(Unreadable, match=r"is a SQLite database but no OCEL 2\.0 log"):
        read([tmp_path / "log.sqlite"])


def test_a_missing_file_a_folder_and_no_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"There is no file .*nada\.csv: check its name and folder"):
        read([tmp_path / "nada.csv"])
    with pytest.raises(Unreadable, match="is a folder: name the files that are in it"):
        read([tmp_path])
    with pytest.raises(Unreadable, match="No file was given"):
        read([])


@pytest.mark.parametrize(
    "dtd",
    [
        '<!DOCTYPE log [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE log SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE log [<!ENTITY % p SYSTEM "http://example.org/x">%p;]>',
    ],
)
def test_xml_with_a_document_type_or_entities_is_refused(tmp_path: Path, dtd: str) -> None:
    assert refusal_of(tmp_path, XES.format(dtd=dtd), "log.xes") == (
        "log.xes declares a document type or entities (line 1), which a log does not need and an attack does"
        ": export it without them."
    )


def test_endless_nesting_is_refused(tmp_path: Path) -> None:
    deep = "<log>" + '<string key="a" value="b">' * 5_000
    assert "nests its elements 200 deep (line 1)" in refusal_of(tmp_path, deep, "log.xes")
    assert "nested without end" in refusal_of(tmp_path, "[" * 200_000, "log.json")


def test_xml_that_is_no_xml_says_the_line(tmp_path: Path) -> None:
    assert refusal_of(tmp_path, "<log>\n<trace>\n</log>", "log.xes") == (
        "log.xes breaks off in line 3 before its first case ends: export it again."
    )


def test_a_xes_log_that_breaks_off_gives_the_whole_cases_before(tmp_path: Path) -> None:
    whole = XES.format(dtd="").replace("</log>", "")
    table = table_of(tmp_path, whole + '<trace><string key="concept:name" value="c2"/><event>', "log.xes")
    assert table.data["case:concept:name"].to_pylist() == ["c1"]
    assert remarks(table) == ["log.xes breaks off in line 2 (no element found): the case before it was used."]


def test_a_bomb_is_stopped_by_what_comes_out_not_by_what_its_header_says(tmp_path: Path) -> None:
    bomb = gzip.compress(b"0" * (80 << 20))
    assert refusal_of(tmp_path, bomb, "log.csv.gz").startswith(
        "log.csv.gz swells to more than 0.05 GB when unpacked, so it was stopped"
    )
    assert "swells" in refusal_of(tmp_path, zipped(a_csv=b"0" * (80 << 20)), "log.zip")


def test_all_members_of_an_archive_count_together(tmp_path: Path) -> None:
    bomb = zipped(**{f"m{n}_csv": b"0" * (30 << 20) for n in range(3)})
    assert "swells" in refusal_of(tmp_path, bomb, "log.zip")


def test_a_workbook_is_counted_too(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (80 << 20))
    assert "swells" in refusal_of(tmp_path, out.getvalue(), "log.xlsx")


def test_the_limit_can_be_set(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(LOG.encode() * 100), "log.csv.gz")
    with pytest.raises(Unreadable, match="swells"):
        read([path], limits=Limits(unpacked=1_000))
    assert read([path]).data.num_rows > 0


def test_archives_within_archives_have_a_floor(tmp_path: Path) -> None:
    packed = LOG.encode()
    for _layer in range(5):
        packed = gzip.compress(packed)
    assert (
        refusal_of(tmp_path, packed, "log.gz") == "log.gz is packed over and over: unpack it yourself first."
    )


def test_files_of_different_columns_are_refused_naming_both_and_the_columns(tmp_path: Path) -> None:
    first = written(tmp_path, LOG, "a.csv")
    second = written(tmp_path, LOG.replace("activity", "step"), "b.csv")
    with pytest.raises(Unreadable) as refused:
        read([first, second])
    assert str(refused.value.said) == (
        "a.csv and b.csv do not have the same columns (only in the first: activity; only in the second: step)"
        ": give files of one kind at a time, or make their titles equal."
    )


def test_a_cut_off_gzip_gives_what_came_out_of_it(tmp_path: Path) -> None:
    rows = "".join(f"{n},Pedido {n * 7919 % 1000},2024-01-02 10:00:00\n" for n in range(20_000))
    packed = gzip.compress(f"case,activity,when\n{rows}".encode())
    table = table_of(tmp_path, packed[: len(packed) // 2], "log.csv.gz")
    assert 1_000 < table.data.num_rows < 20_000
    assert remarks(table)[0] == "log.csv.gz is cut off or damaged: what could be unpacked was used."


def test_a_zip_of_two_files_is_one_log(tmp_path: Path) -> None:
    table = table_of(tmp_path, zipped(a_csv=LOG.encode(), b_csv=LOG.encode()), "log.zip")
    assert table.data.num_rows == 6
    assert [file.name for file in table.files] == ["log.zip/a.csv", "log.zip/b.csv"]


def test_a_name_decides_nothing(tmp_path: Path) -> None:
    assert table_of(tmp_path, LOG, "log.xlsx").files[0].format == "csv"
    assert table_of(tmp_path, gzip.compress(LOG.encode()), "log.pdf").files[0].format == "csv"
    assert table_of(tmp_path, XES.format(dtd=""), "log.csv").files[0].format == "xes"
