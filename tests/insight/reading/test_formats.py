"""Excel, Parquet, XES and OCEL by hand, small enough to see."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from hilo.insight.raw import Role, Unreadable
from hilo.insight.reading import read
from tests.insight.reading.files import remarks, table_of

NAIVE = pa.timestamp("us")
ZONED = pa.timestamp("us", "UTC")


# Excel ---------------------------------------------------------------------------------------------------


def workbook(path: Path, *sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = f"Hoja{number + 1}"
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


ORDERS: list[list[object]] = [
    ["Pedido", "Paso", "Fecha", "Importe", "Urgente", "Nota"],
    [1001, "Alta", datetime(2024, 1, 2, 10, 30), 12.5, True, None],  # noqa: DTZ001
    [1002, "Envío", date(2024, 1, 3), 7, False, "00123"],
]


def test_cells_of_a_workbook_keep_their_types(tmp_path: Path) -> None:
    table = read([workbook(tmp_path / "pedidos.xlsx", ORDERS)])
    assert table.files[0].format == "xlsx"
    assert table.data.to_pydict() == {
        "Pedido": [1001, 1002],
        "Paso": ["Alta", "Envío"],
        "Fecha": [datetime(2024, 1, 2, 10, 30), datetime(2024, 1, 3)],  # noqa: DTZ001
        "Importe": [12.5, 7.0],
        "Urgente": [True, False],
        "Nota": [None, "00123"],
    }
    assert table.remarks == ()


def test_the_first_sheet_with_a_table_is_read_and_said(tmp_path: Path) -> None:
    table = read([workbook(tmp_path / "p.xlsx", [["Informe"]], ORDERS, ORDERS)])
    assert table.data.num_rows == 2
    assert remarks(table) == ["Of p.xlsx the sheet “Hoja2” was read; it has 2 more."]


def test_letterhead_above_the_titles_is_left_out(tmp_path: Path) -> None:
    table = read([workbook(tmp_path / "p.xlsx", [["Informe de pedidos"], [], *ORDERS])])
    assert table.data.column_names[0] == "Pedido"
    assert remarks(table) == ["2 rows above the titles of p.xlsx were left out."]


def test_a_workbook_without_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"No sheet of p\.xlsx holds a table"):
        read([workbook(tmp_path / "p.xlsx", [["Informe"]])])


def test_days_of_excel_are_dates_where_the_title_says_so(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Fecha", "Peso"], [45293.5, 45293], [45294, 45294]]
    table = read([workbook(tmp_path / "p.xlsx", rows)])
    assert table.data["Fecha"].to_pylist() == [datetime(2024, 1, 2, 12), datetime(2024, 1, 3)]  # noqa: DTZ001
    assert table.data["Peso"].to_pylist() == [45293, 45294]


def test_dates_written_as_text_in_a_workbook_are_read(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Caso", "Fecha"], ["a", "31/12/2024 10:00"], ["b", "01/12/2024 10:00"]]
    assert read([workbook(tmp_path / "p.xlsx", rows)]).data["Fecha"].type == NAIVE


# Parquet -------------------------------------------------------------------------------------------------


def test_parquet_keeps_its_types_and_leaves_lists_out(tmp_path: Path) -> None:
    data = pa.table(
        {
            "case": pa.array([1, 2], pa.int16()),
            "step": pa.array(["a", "b"]).dictionary_encode(),
            "when": pa.array([0, 1], pa.timestamp("ns", "Europe/Madrid")),
            "code": pa.array(["2024", "2025"]),
            "fecha": pa.array(["2024-01-02", "2024-01-03"]),
            "price": pa.array([1.5, None], pa.float32()),
            "tags": pa.array([["x"], []]),
        }
    )
    parquet.write_table(data, tmp_path / "log.bin")
    table = read([tmp_path / "log.bin"])
    assert table.files[0].format == "parquet"
    assert {field.name: field.type for field in table.data.schema} == {
        "case": pa.int64(),
        "step": pa.string(),
        "when": ZONED,
        "code": pa.string(),
        "fecha": NAIVE,
        "price": pa.float64(),
    }
    assert remarks(table) == ["log.bin has columns with lists or records in them, which were left out: tags."]


# XES -----------------------------------------------------------------------------------------------------

XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/">
<global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
<string key="origin" value="csv"/>
<trace>
 <string key="concept:name" value="007"/><int key="price" value="12"/>
 <event><string key="concept:name" value="a"/><date key="time:timestamp" value="2024-01-02T10:00:00+01:00"/>
  <float key="cost" value="1.5"/><boolean key="urgent" value="true"/><int key="n" value="3"/>
  <string key="team" value="T1"><string key="level" value="2"/></string></event>
 <event><string key="concept:name" value="b"/><date key="time:timestamp" value="2024-01-03T10:00:00.5Z"/>
  <list key="l"><values><string key="x" value="y"/></values></list></event>
</trace>
<trace><string key="concept:name" value="008"/></trace>
<trace>
 <string key="concept:name" value="009"/>
 <event><string key="concept:name" value="a"/><date key="start_timestamp" value="2024-01-02T08:00:00Z"/>
  <date key="time:timestamp" value="2024-01-02T10:00:00Z"/><string key="n" value="many"/></event>
</trace>
</log>"""


def test_xes_attributes_become_typed_columns(tmp_path: Path) -> None:
    table = table_of(tmp_path, XES, "log.xes")
    assert table.data.to_pydict() == {
        "case:concept:name": ["007", "007", "009"],
        "case:price": [12, 12, None],
        "concept:name": ["a", "b", "a"],
        "time:timestamp": [
            datetime(2024, 1, 2, 9, tzinfo=UTC),
            datetime(2024, 1, 3, 10, 0, 0, 500_000, tzinfo=UTC),
            datetime(2024, 1, 2, 10, tzinfo=UTC),
        ],
        "cost": [1.5, None, None],
        "urgent": [True, None, None],
        "n": ["3", None, "many"],
        "team": ["T1", None, None],
        "start_timestamp": [None, None, datetime(2024, 1, 2, 8, tzinfo=UTC)],
    }
    assert table.taken[Role.START] == "start_timestamp"
    assert remarks(table) == [
        "log.xes has attributes inside attributes: only the outer ones were read.",
        "1 case of log.xes has no event and was left out.",
    ]


def test_a_xes_log_with_prefixed_elements_and_another_encoding_reads(tmp_path: Path) -> None:
    prefixed = (
        XES.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns", "xmlns:x")
    )
    content = prefixed.replace("UTF-8", "ISO-8859-1").replace('"T1"', '"Técnica"').encode("latin-1")
    assert table_of(tmp_path, content, "log.xes").data["team"][0].as_py() == "Técnica"


def test_xes_years_nobody_means_are_blanked(tmp_path: Path) -> None:
    many = "".join(
        f'<event><date key="deadline" value="{year}-01-02T10:00:00Z"/></event>'
        for year in [2024] * 9 + ["0001"]
    )
    table = table_of(tmp_path, f"<log><trace>{many}</trace></log>", "log.xes")
    assert table.data["deadline"].null_count == 1
    assert "1 value of “deadline” lies in a year nobody means" in remarks(table)[0]


def test_text_of_xes_stays_text_even_when_it_looks_like_a_date(tmp_path: Path) -> None:
    event = '<event><string key="batch" value="2024-01-02"/><string key="code" value="12"/></event>'
    table = table_of(tmp_path, f"<log><trace>{event}</trace></log>", "log.xes")
    assert table.data.to_pydict() == {"batch": ["2024-01-02"], "code": ["12"]}


# OCEL ----------------------------------------------------------------------------------------------------

OCEL = {
    "objectTypes": [
        {"name": "order", "attributes": [{"name": "status", "type": "string"}]},
        {"name": "clerk", "attributes": []},
    ],
    "eventTypes": [{"name": step, "attributes": [{"name": "due", "type": "time"}]} for step in ("in", "out")],
    "objects": [
        {
            "id": f"o{n}",
            "type": "order",
            "attributes": [
                {"name": "status", "time": "2024-01-01T00:00:00Z", "value": "new"},
                {"name": "status", "time": "2024-01-02T12:00:00Z", "value": "sent"},
            ],
        }
        for n in (1, 2, 3)
    ]
    + [{"id": "Ana", "type": "clerk"}],
    "events": [
        {
            "id": f"e{n}{step}",
            "type": step,
            "time": f"2024-01-0{day}T10:00:00Z",
            "attributes": [{"name": "due", "value": "2024-02-01T00:00:00Z"}, {"name": "cost", "value": 2.5}],
            "relationships": [
                {"objectId": f"o{n}", "qualifier": "of"},
                {"objectId": f"o{n}", "qualifier": "again"},
                {"objectId": "Ana", "qualifier": "by"},
            ],
        }
        for n in (1, 2, 3)
        for day, step in ((1, "in"), (3, "out"))
    ],
}  # type: ignore[var-annotated]


def test_ocel_names_case_activity_time_and_the_other_objects(tmp_path: Path) -> None:
    table = table_of(tmp_path, json.dumps(OCEL), "log.jsonocel")
    assert table.files[0].format == "ocel2-json"
    assert table.data["case:concept:name"].to_pylist() == ["o1", "o1", "o2", "o2", "o3", "o3"]
    assert table.data["clerk"].to_pylist() == ["Ana"] * 6
    assert table.data["cost"].to_pylist() == [2.5] * 6
    assert table.data["due"].to_pylist() == [datetime(2024, 2, 1, tzinfo=UTC)] * 6
    assert table.data.num_rows == 6  # an object named twice by one event counts once


def test_an_attribute_of_a_case_is_what_it_was_then(tmp_path: Path) -> None:
    table = table_of(tmp_path, json.dumps(OCEL), "log.json")
    assert table.data["case:status"].to_pylist() == ["new", "sent"] * 3


def test_a_kind_of_object_that_is_not_there_is_refused_naming_those_that_are(tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text(json.dumps(OCEL))
    with pytest.raises(Unreadable) as refused:
        read([tmp_path / "log.json"], object_type="invoice")
    assert str(refused.value.said) == (
        "log.json has no events of “invoice”; it has order and clerk: choose one of these."
    )


def test_ocel_in_xml_reads(tmp_path: Path) -> None:
    content = """<?xml version="1.0"?><log>
    <object-types><object-type name="order"><attributes/></object-type></object-types>
    <event-types><event-type name="in"><attributes><attribute name="n" type="integer"/></attributes>
    </event-type></event-types>
    <objects><object id="o1" type="order"><attributes>
    <attribute name="size" time="1970-01-01T00:00:00Z">L</attribute></attributes>
    </object></objects>
    <events><event id="e1" type="in" time="2024-01-02T10:00:00Z"><objects>
    <relationship object-id="o1" qualifier="of"/></objects>
    <attributes><attribute name="n">3</attribute></attributes></event></events></log>"""
    table = table_of(tmp_path, content, "log.xmlocel")
    assert table.files[0].format == "ocel2-xml"
    assert table.data.drop_columns("ocel:eid").to_pydict() == {
        "case:concept:name": ["o1"],
        "concept:name": ["in"],
        "time:timestamp": [datetime(2024, 1, 2, 10, tzinfo=UTC)],
        "n": [3],
        "case:size": ["L"],
    }


def test_a_hostile_database_gets_no_more_than_reading(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    database = sqlite3.connect(path)
    database.executescript("""
        CREATE TABLE event (ocel_id, ocel_type); CREATE TABLE object (ocel_id, ocel_type);
        CREATE TABLE event_object (ocel_event_id, ocel_object_id, ocel_qualifier);
        CREATE TABLE event_map_type (ocel_type, ocel_type_map);
        CREATE TABLE object_map_type (ocel_type, ocel_type_map);
        INSERT INTO event_map_type VALUES ('a', 'x" WHERE 0; DROP TABLE event; --');
        INSERT INTO event VALUES ('e', 'a');
    """)
    database.close()
    before = path.read_bytes()
    with pytest.raises(Unreadable, match=r"cannot be read as OCEL 2\.0 \(no such table"):
        read([path])
    assert path.read_bytes() == before
