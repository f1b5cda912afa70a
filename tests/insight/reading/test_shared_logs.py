"""Every real export reads with the rows, columns and types it has."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from hilo.insight.raw import RawTable, Role
from hilo.insight.reading import read

NAIVE = pa.timestamp("us")
ZONED = pa.timestamp("us", "UTC")

TABLES = [
    # file, rows, columns, separator, columns that are not text
    ("bpic2013/VINST-new.csv.gz", 65_533, 17, ",", {"Change Date+Time": ZONED}),
    (
        "helpdesk/helpdesk_full.csv.gz",
        21_348,
        16,
        ",",
        {"Complete Timestamp": NAIVE, "Variant index": pa.int64()},
    ),
    (
        "receipt/receipt.csv.gz",
        8_577,
        15,
        ",",
        dict.fromkeys(
            ("case:deadline", "case:enddate", "case:enddate_planned", "case:startdate", "time:timestamp"),
            ZONED,
        ),
    ),
    (
        "production/Production.csv.gz",
        4_503,
        5,
        ",",
        {"start_timestamp": NAIVE, "end_timestamp": NAIVE},
    ),
    (
        "scms/SCMS_Delivery_History_Dataset.csv.gz",
        10_324,
        33,
        "\t",
        {
            "ID": pa.int64(),
            "Scheduled Delivery Date": NAIVE,
            "Delivered to Client Date": NAIVE,
            "Delivery Recorded Date": NAIVE,
            "Unit of Measure (Per Pack)": pa.int64(),
            "Line Item Quantity": pa.int64(),
            "Line Item Value": pa.float64(),
            "Pack Price": pa.float64(),
            "Unit Price": pa.float64(),
            "Line Item Insurance (USD)": pa.float64(),
        },
    ),
    ("olist/olist_customers_dataset.csv.gz", 8_135, 5, ",", {}),
    ("olist/olist_sellers_dataset.csv.gz", 1_610, 4, ",", {}),
    ("olist/product_category_name_translation.csv.gz", 71, 2, ",", {}),
    (
        "olist/olist_order_items_dataset.csv.gz",
        8_365,
        7,
        ",",
        {
            "order_item_id": pa.int64(),
            "shipping_limit_date": NAIVE,
            "price": pa.float64(),
            "freight_value": pa.float64(),
        },
    ),
    (
        "olist/olist_order_payments_dataset.csv.gz",
        8_924,
        5,
        ",",
        {
            "payment_sequential": pa.int64(),
            "payment_installments": pa.int64(),
            "payment_value": pa.float64(),
        },
    ),
    (
        "olist/olist_order_reviews_dataset.csv.gz",
        8_225,
        7,
        ",",
        {"review_score": pa.int64(), "review_creation_date": NAIVE, "review_answer_timestamp": NAIVE},
    ),
    (
        "olist/olist_orders_dataset.csv.gz",
        8_135,
        8,
        ",",
        dict.fromkeys(
            (
                "order_purchase_timestamp",
                "order_approved_at",
                "order_delivered_carrier_date",
                "order_delivered_customer_date",
                "order_estimated_delivery_date",
            ),
            NAIVE,
        ),
    ),
]


@pytest.mark.parametrize(
    ("name", "rows", "width", "separator", "typed"), TABLES, ids=lambda each: str(each)[:40]
)
def test_a_table_keeps_its_rows_columns_and_types(
    shared: Path, name: str, rows: int, width: int, separator: str, typed: dict[str, pa.DataType]
) -> None:
    table = read([shared / "logs" / name])
    assert table.data.num_rows == rows
    assert table.data.num_columns == width
    assert other_than_text(table) == typed
    (file,) = table.files
    assert (file.name, file.format, file.rows, file.refused) == (Path(name).name, "csv", rows, 0)
    assert file.separator == separator


def other_than_text(table: RawTable) -> dict[str, pa.DataType]:
    return {field.name: field.type for field in table.data.schema if not pa.types.is_string(field.type)}


def test_the_byte_order_mark_is_no_part_of_the_first_title(shared: Path) -> None:
    table = read([shared / "logs/bpic2013/VINST-new.csv.gz"])
    assert table.data.column_names[:3] == ["SR Number", "Change Date+Time", "Status"]
    assert table.remarks == ()


def test_the_second_of_two_columns_of_one_name_is_numbered_and_said(shared: Path) -> None:
    table = read([shared / "logs/helpdesk/helpdesk_full.csv.gz"])
    assert table.data.column_names[4:7] == ["Variant", "Variant index", "Variant 2"]
    assert [str(remark) for remark in table.remarks] == [
        "helpdesk_full.csv.gz has several columns of one name; the later ones are called Variant 2."
    ]


def test_line_breaks_inside_quotes_stay_in_the_text(shared: Path) -> None:
    table = read([shared / "logs/olist/olist_order_reviews_dataset.csv.gz"])
    texts = table.data["review_comment_message"].drop_null()
    assert pc.sum(pc.match_substring(texts, "\n")).as_py() > 100


def test_dates_with_month_names_and_short_years_are_read(shared: Path) -> None:
    table = read([shared / "logs/scms/SCMS_Delivery_History_Dataset.csv.gz"])
    assert table.data["Scheduled Delivery Date"][0].as_py() == datetime(2006, 6, 2)  # noqa: DTZ001
    assert table.data["Country"][0].as_py() == "Côte d'Ivoire"


def test_zip_codes_with_leading_zeros_stay_text(shared: Path) -> None:
    table = read([shared / "logs/olist/olist_sellers_dataset.csv.gz"])
    assert "04726" in table.data["seller_zip_code_prefix"].to_pylist()


@pytest.mark.parametrize(
    ("name", "events", "cases", "taken"),
    [
        (
            "bpic2013/BPI_Challenge_2013_incidents.xes.gz",
            65_533,
            7_554,
            {Role.CASE, Role.ACTIVITY, Role.TIME, Role.PERSON, Role.LIFECYCLE},
        ),
        ("helpdesk/helpdesk_pm4py.xes.gz", 21_348, 4_580, {Role.CASE, Role.ACTIVITY, Role.TIME, Role.PERSON}),
        (
            "receipt/receipt.xes.gz",
            8_577,
            1_434,
            {Role.CASE, Role.ACTIVITY, Role.TIME, Role.PERSON, Role.LIFECYCLE},
        ),
    ],
)
def test_a_xes_log_keeps_its_events_and_cases(
    shared: Path, name: str, events: int, cases: int, taken: set[Role]
) -> None:
    table = read([shared / "logs" / name])
    assert table.data.num_rows == events
    assert pc.count_distinct(table.data["case:concept:name"]).as_py() == cases
    assert set(table.taken) == taken
    assert table.data["time:timestamp"].type == ZONED
    assert table.files[0].format == "xes"
    assert table.remarks == ()


def test_a_xes_moment_is_turned_to_utc_by_its_own_offset(shared: Path) -> None:
    table = read([shared / "logs/bpic2013/BPI_Challenge_2013_incidents.xes.gz"])
    assert table.data["time:timestamp"][0].as_py() == datetime(2010, 3, 31, 14, 59, 42, tzinfo=UTC)
    assert pc.count_distinct(table.data["org:group"]).as_py() == 649


def test_the_xes_and_the_csv_of_one_log_agree(shared: Path) -> None:
    xes = read([shared / "logs/receipt/receipt.xes.gz"]).data
    csv = read([shared / "logs/receipt/receipt.csv.gz"]).data
    shared_columns = ["case:concept:name", "concept:name", "org:resource", "time:timestamp", "case:deadline"]
    order = [
        ("case:concept:name", "ascending"),
        ("time:timestamp", "ascending"),
        ("concept:name", "ascending"),
    ]
    assert xes.select(shared_columns).sort_by(order) == csv.select(shared_columns).sort_by(order)


def test_an_object_centric_log_is_laid_flat_on_what_makes_the_best_cases(shared: Path) -> None:
    table = read([shared / "logs/ocel/logistics_ocpa.sqlite"])
    assert table.files[0].format == "ocel2-sqlite"
    assert table.data.num_rows == 5_336
    assert pc.count_distinct(table.data["case:concept:name"]).as_py() == 510
    assert table.taken == {
        Role.CASE: "case:concept:name",
        Role.ACTIVITY: "concept:name",
        Role.TIME: "time:timestamp",
    }
    said = [str(remark) for remark in table.remarks]
    assert said[0].startswith(
        "2,540 events of logistics_ocpa.sqlite name no object"
    )  # 8,727 are stored, 6,187 usable
    assert said[1] == (
        "logistics_ocpa.sqlite follows several kinds of objects; each “Container” was taken for a case. "
        "Others could be: Transport Document, Vehicle, Customer Order, Forklift and Truck."
    )


def test_another_kind_of_object_can_be_chosen_as_the_case(shared: Path) -> None:
    table = read([shared / "logs/ocel/logistics_ocpa.sqlite"], object_type="Customer Order")
    assert pc.count_distinct(table.data["case:concept:name"]).as_py() == 200


def test_an_object_centric_log_of_the_first_version_reads(shared: Path) -> None:
    table = read([shared / "logs/ocel/recruiting-red.jsonocel.gz"])
    assert table.files[0].format == "ocel1-json"
    assert table.data.num_rows == 6_607
    assert pc.count_distinct(table.data["case:concept:name"]).as_py() == 916
    assert table.data["time:timestamp"].type == ZONED
