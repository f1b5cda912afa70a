"""The real exports beside the project: what each column is (looked up by eye), and what each cannot tell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from hilo.insight.encoding import encode
from hilo.insight.log import Codes, EventLog
from hilo.insight.mapping import Guess, guess
from hilo.insight.notes import notes_of
from hilo.insight.raw import RawTable, Role, Unreadable
from hilo.insight.reading import read
from hilo.insight.speaking import speak

VINST = "bpic2013/VINST-new.csv.gz"
BPIC = "bpic2013/BPI_Challenge_2013_incidents.xes.gz"
DESK = "helpdesk/helpdesk_full.csv.gz"
DESK_XES = "helpdesk/helpdesk_pm4py.xes.gz"
PERMITS = "receipt/receipt.csv.gz"
PERMITS_XES = "receipt/receipt.xes.gz"
FACTORY = "production/Production.csv.gz"
ORDERS = "olist/olist_orders_dataset.csv.gz"
REVIEWS = "olist/olist_order_reviews_dataset.csv.gz"
SCMS = "scms/SCMS_Delivery_History_Dataset.csv.gz"
LOGISTICS = "ocel/logistics_ocpa.sqlite"
RECRUITING = "ocel/recruiting-red.jsonocel.gz"

XES = {"case": "case:concept:name", "activity": "concept:name", "time": "time:timestamp"}
STEP = {"activity": "activity", "time": "time"}


@dataclass(frozen=True)
class Expected:
    columns: dict[str, str]
    cases: int
    events: int
    activities: int


EXPECTED = {
    VINST: Expected(
        {
            "case": "SR Number",
            "activity": "Status",
            "time": "Change Date+Time",
            "lifecycle": "Sub Status",
            "person": "Owner First Name",
            "area": "Involved ST",
            "site": "Country",
        },
        7554,
        65533,
        4,
    ),
    BPIC: Expected(
        XES
        | {
            "lifecycle": "lifecycle:transition",
            "person": "org:resource",
            "area": "org:group",
            "site": "organization country",
        },
        7554,
        65533,
        4,
    ),
    DESK: Expected(
        {
            "case": "Case ID",
            "activity": "Activity",
            "time": "Complete Timestamp",
            "person": "Resource",
            "customer": "customer",
            "area": "workgroup",
        },
        4580,
        21348,
        14,
    ),
    DESK_XES: Expected(
        XES | {"person": "org:resource", "customer": "customer", "area": "workgroup"}, 4580, 21348, 14
    ),
    PERMITS: Expected(
        XES
        | {
            "lifecycle": "lifecycle:transition",
            "person": "org:resource",
            "area": "org:group",
            "due": "case:deadline",
        },
        1434,
        8577,
        27,
    ),
    FACTORY: Expected(
        {
            "case": "caseid",
            "activity": "task",
            "start": "start_timestamp",
            "time": "end_timestamp",
            "person": "user",
        },
        225,
        4503,
        24,
    ),
    ORDERS: Expected(
        STEP | {"case": "order_id", "due": "order_estimated_delivery_date", "customer": "customer_id"},
        8135,
        27647,
        4,
    ),
    REVIEWS: Expected(STEP | {"case": "order_id"}, 8135, 16430, 2),  # two dates a row; 20 stand twice
    RECRUITING: Expected(XES, 916, 6607, 12),
    LOGISTICS: Expected(XES, 510, 5336, 7),
}
EXPECTED[PERMITS_XES] = EXPECTED[PERMITS]


@lru_cache
def guessed(path: Path) -> Guess:
    return guess(read([path]))


@lru_cache
def encoded(path: Path) -> EventLog:
    found = guessed(path)
    return encode(found.raw, found.columns)


@lru_cache
def said_of(path: Path) -> str:
    found, log = guessed(path), encoded(path)
    return "\n".join(speak(one, "en") for one in notes_of(found.raw, log, found.columns))


def count(codes: Codes | None) -> int:
    return 0 if codes is None else len(np.unique(codes.codes[codes.codes >= 0]))


@pytest.mark.parametrize("name", EXPECTED)
def test_columns_are_what_they_look_like_to_a_reader(shared: Path, name: str) -> None:
    expected, found, log = EXPECTED[name], guessed(shared / "logs" / name), encoded(shared / "logs" / name)
    assert {str(role): one.column for role, one in found.columns.items()} == expected.columns
    assert (log.cases, len(log), count(log.activity)) == (
        expected.cases,
        expected.events,
        expected.activities,
    )


def test_delivery_lines_are_cases_whose_dates_are_steps(shared: Path) -> None:
    found = guessed(shared / "logs" / SCMS)
    columns = {str(role): one.column for role, one in found.columns.items()}
    assert columns == STEP | {
        "case": "ID",
        "due": "Scheduled Delivery Date",
        "site": "Country",
        "amount": "Line Item Value",
    }
    log = encoded(shared / "logs" / SCMS)
    assert log.cases == 10324
    assert {"Delivered to Client", "Delivery Recorded"} <= set(log.activity.names)
    assert {"Product Group", "Shipment Mode"} <= set(log.segments)


@pytest.mark.parametrize(
    ("name", "people", "areas", "sites", "customers"),
    [
        (VINST, 1440, 649, 23, 0),
        (BPIC, 1440, 649, 23, 0),
        (DESK, 22, 4, 0, 397),
        (DESK_XES, 22, 4, 0, 397),
        (PERMITS, 48, 10, 0, 0),
        (FACTORY, 46, 0, 0, 0),
    ],
)
def test_people_areas_sites_and_customers_are_counted(
    shared: Path, name: str, people: int, areas: int, sites: int, customers: int
) -> None:
    log = encoded(shared / "logs" / name)
    assert tuple(map(count, (log.person, log.area, log.site, log.customer))) == (
        people,
        areas,
        sites,
        customers,
    )


def test_both_copies_of_the_volvo_log_tell_the_same(shared: Path) -> None:
    one, other = encoded(shared / "logs" / VINST), encoded(shared / "logs" / BPIC)
    a, b = by_case_name(one), by_case_name(other)
    assert (one.time[a] == other.time[b]).all()
    assert words(one.activity, a) == words(other.activity, b)
    assert moves(one, a) == moves(other, b) == 9454


def by_case_name(log: EventLog) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    names = np.array([name.removeprefix("1-") for name in log.case_names])
    return np.lexsort((np.arange(len(log)), names[log.case]))


def words(codes: Codes, order: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[str]:
    return [codes.names[code] for code in codes.codes[order]]


def moves(log: EventLog, order: np.ndarray[tuple[int], np.dtype[np.int64]]) -> int:
    assert log.area is not None
    area, case = log.area.codes[order], log.case[order]
    return int(((area[1:] != area[:-1]) & (case[1:] == case[:-1])).sum())


def test_the_volvo_log_asks_which_of_its_areas_and_labels_is_meant(shared: Path) -> None:
    found = guessed(shared / "logs" / VINST)
    asked = {ask.role: [column for column, _score in ask.candidates] for ask in found.asks}
    assert asked[Role.ACTIVITY][:2] == ["Status", "Activity"]
    assert asked[Role.AREA][:2] == ["Involved ST", "Involved Org line 3"]
    assert set(asked) == {Role.ACTIVITY, Role.AREA}


def test_no_rows_of_the_volvo_log_are_paired_as_start_and_completion(shared: Path) -> None:
    log = encoded(shared / "logs" / BPIC)
    assert log.start is None
    assert count(log.detail) == 13


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("olist_customers_dataset", "no column of dates"),
        ("olist_order_payments_dataset", "no column of dates"),
        ("olist_products_dataset", "no column of dates"),
        ("olist_sellers_dataset", "no column of dates"),
        ("product_category_name_translation", "no column of dates"),
        ("olist_order_items_dataset", "no column says what was done"),
    ],
)
def test_tables_that_are_no_logs_say_what_is_missing(shared: Path, name: str, missing: str) -> None:
    with pytest.raises(Unreadable, match=missing):
        guess(read([shared / "logs" / "olist" / f"{name}.csv.gz"]))


# What they cannot tell -------------------------------------------------------------------------------------

SAYS = {
    "collected by end date": [VINST, BPIC],
    "have the same time as the one before": [DESK, DESK_XES, FACTORY, ORDERS, SCMS, LOGISTICS],
    "127 rows repeat another in every column": [DESK, DESK_XES],
    "repeat another in every column": [DESK, DESK_XES, FACTORY],
    "have a day and no hour": [SCMS, REVIEWS],
    "The times say no zone": [DESK, FACTORY, ORDERS, REVIEWS, SCMS, LOGISTICS],
    "filled in backwards": [VINST, DESK, PERMITS, PERMITS_XES, ORDERS, REVIEWS],
    "“SR Latest Impact” stands on every event": [VINST],
    "“case:enddate” stands on every event": [PERMITS, PERMITS_XES],
    "The area hardly ever changes": [DESK, DESK_XES],
    "the same person stands on both events": [VINST, BPIC, PERMITS, PERMITS_XES],
    "have another order_status than “delivered”": [ORDERS],
    "a customer of its own": [ORDERS],
    "its dates became a step": [ORDERS, REVIEWS, SCMS],
    "only a promise or an estimate": [ORDERS, SCMS],
}
LOGS = [*EXPECTED, SCMS]


@pytest.mark.parametrize("sentence", SAYS)
def test_each_known_defect_is_said_of_the_logs_that_have_it_and_of_no_other(
    shared: Path, sentence: str
) -> None:
    saying = [name for name in LOGS if sentence in said_of(shared / "logs" / name)]
    assert sorted(saying) == sorted(SAYS[sentence])


def test_what_is_missing_is_said_only_where_it_is(shared: Path) -> None:
    factory, volvo = said_of(shared / "logs" / FACTORY), said_of(shared / "logs" / VINST)
    assert "There are no start times" not in factory
    assert "There are no start times" in volvo
    assert "No column says the area" in factory
    assert "No column says the area" not in volvo
    assert "There are no due dates" not in said_of(shared / "logs" / PERMITS)
    assert "No column says the customer" not in said_of(shared / "logs" / DESK)


def test_copies_of_the_help_desk_with_another_zone_are_told_from_each_other(shared: Path) -> None:
    both = joined(read([shared / "logs" / DESK]), read([shared / "logs" / DESK_XES]))
    found = guess(both)
    log = encode(found.raw, found.columns, zone="Europe/Rome")
    said = "\n".join(speak(one, "en") for one in notes_of(found.raw, log, found.columns))
    assert "helpdesk_full.csv.gz and helpdesk_pm4py.xes.gz are copies of one log" in said
    assert "differ by 2 h" in said or "differ by 1 h" in said


def joined(one: RawTable, other: RawTable) -> RawTable:
    """Both under the first one's column names; the second's times written as Rome's clock would show them."""
    names = ["Case ID", "Activity", "Complete Timestamp"]
    a = one.data.select(names)
    b = other.data.select(["case:concept:name", "concept:name", "time:timestamp"]).rename_columns(names)
    shifted = (b["Complete Timestamp"].cast(pa.int64()).to_numpy() + 2 * 3_600_000_000).astype(np.int64)
    b = b.set_column(2, names[2], pa.array(shifted).cast(pa.timestamp("us")))
    files = (one.files[0], replace(other.files[0], first=a.num_rows))
    return RawTable(pa.concat_tables([a, b]), files)
