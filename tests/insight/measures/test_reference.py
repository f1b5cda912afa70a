"""The figures of ../shared/logs/README.md, on which two independent implementations agree."""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from hilo.insight.encoding import encode
from hilo.insight.log import Codes, EventLog
from hilo.insight.mapping import guess
from hilo.insight.measures import (
    directly_follows,
    durations,
    ends,
    handovers,
    measure,
    rework,
    starts,
    variants,
)
from hilo.insight.raw import RawTable, Role
from hilo.insight.reading import read
from tests.insight.measures.logs import Row, codes_of, log_of, micros, xes_events

UNITS = ("org:group", "organization involved", "org:role", "org:resource")


@pytest.fixture(scope="module")
def incidents(shared: Path) -> EventLog:
    path = shared / "logs" / "bpic2013" / "BPI_Challenge_2013_incidents.xes.gz"
    rows = [
        Row(
            case,
            event["concept:name"],
            micros(event["time:timestamp"]),
            segments={name: event.get(name) for name in (*UNITS, "lifecycle:transition")},
        )
        for case, event in xes_events(path)
    ]
    return log_of(rows)


@pytest.fixture(scope="module")
def as_read(shared: Path) -> RawTable:
    return read([shared / "logs" / "bpic2013" / "BPI_Challenge_2013_incidents.xes.gz"])


def test_durations(incidents: EventLog) -> None:
    found = durations(incidents)
    assert (incidents.cases, len(incidents)) == (7_554, 65_533)
    assert round(found.mean, 4) == 12.0793
    assert round(found.median, 4) == 7.5491
    assert round(found.p90, 4) == 22.5555
    assert round(found.max, 2) == 771.35


def test_starts_and_ends(incidents: EventLog) -> None:
    assert starts(incidents) == {"Accepted": 6_394, "Queued": 1_156, "Completed": 4}
    assert ends(incidents) == {"Completed": 7_546, "Accepted": 8}


def test_variants(incidents: EventLog) -> None:
    found = variants(incidents)
    assert found.count == 1_511
    assert [("".join(name[0] for name in v.activities), v.count) for v in found.top[:5]] == [
        ("AAC", 1_754),
        ("AACC", 524),
        ("AAQACC", 352),
        ("AAQAACC", 334),
        ("QACC", 300),
    ]


def test_variants_of_activity_and_transition(incidents: EventLog) -> None:
    assert variants(replace(incidents, activity=_joined(incidents))).count == 2_278


def _joined(log: EventLog) -> Codes:
    transition = log.segments["lifecycle:transition"]
    pairs = zip(log.activity.codes.tolist(), transition.codes.tolist(), strict=True)
    joined = codes_of(f"{log.activity.names[a]}/{transition.names[t]}" for a, t in pairs)
    assert joined is not None
    return joined


def test_directly_follows(incidents: EventLog) -> None:
    found = directly_follows(incidents)
    assert [
        (f"{pair.source[0]}>{pair.target[0]}", pair.count, round(pair.mean_h, 3)) for pair in found[:5]
    ] == [
        ("A>A", 22_527, 29.427),
        ("Q>A", 10_729, 27.403),
        ("A>Q", 9_498, 11.646),
        ("A>C", 8_084, 48.903),
        ("C>C", 5_741, 119.094),
    ]
    assert [round(pair.median_h, 4) for pair in found[:4]] == [0.0494, 0.7231, 0.0569, 0.1343]
    assert round(found[4].median_h, 2) == 176.71
    assert [(pair.source, pair.target, pair.count) for pair in found[5:]] == [
        ("Queued", "Queued", 777),
        ("Completed", "Accepted", 462),
        ("Completed", "Queued", 113),
        ("Queued", "Completed", 38),
        ("Completed", "Unmatched", 5),
        ("Unmatched", "Accepted", 5),
    ]
    assert sum(pair.count for pair in found) == 57_979


def test_rework(incidents: EventLog) -> None:
    assert {item.activity: item.cases for item in rework(incidents)} == {
        "Accepted": 7_184,
        "Completed": 5_582,
        "Queued": 2_638,
    }


@pytest.mark.parametrize(
    ("unit", "count", "cases", "pairs", "ping_pong", "returns"),
    [
        ("org:group", 9_454, 3_820, 2_463, (2_394, 1_177), (3_286, 1_258)),
        ("organization involved", 4_350, 2_034, 106, (1_876, 883), (2_058, 891)),
        ("org:role", 5_877, 2_574, 228, (2_317, 1_121), (2_566, 1_159)),
        ("org:resource", 20_649, 5_602, 9_776, (1_783, 1_186), (3_992, 1_879)),
    ],
)
def test_handovers(
    incidents: EventLog,
    unit: str,
    count: int,
    cases: int,
    pairs: int,
    ping_pong: tuple[int, int],
    returns: tuple[int, int],
) -> None:
    found = handovers(incidents, incidents.segments[unit])
    assert (found.count, found.cases, found.ordered_pairs, len(found.pairs)) == (count, cases, pairs, pairs)
    assert sum(pair.count for pair in found.pairs) == count
    assert (found.ping_pong_count, found.ping_pong_cases) == ping_pong
    assert sum(pair.count for pair in found.ping_pong_pairs) == ping_pong[0]
    assert (found.returns_count, found.returns_cases) == returns


def test_largest_handovers(incidents: EventLog) -> None:
    lines = handovers(incidents, incidents.segments["organization involved"]).pairs[:3]
    assert [(pair.source, pair.target, pair.count) for pair in lines] == [
        ("Org line C", "Org line A2", 1_115),
        ("Org line A2", "Org line C", 665),
        ("Org line C", "Org line B", 380),
    ]
    team = handovers(incidents, incidents.segments["org:group"]).pairs[0]
    assert (team.source, team.target, team.count) == ("G96", "G97", 255)


@pytest.mark.parametrize(
    ("area", "count", "ping_pong", "returns"),
    [
        ("org:group", 9_454, 2_394, 3_286),
        ("organization involved", 4_350, 1_876, 2_058),
        ("org:role", 5_877, 2_317, 2_566),
        ("org:resource", 20_649, 1_783, 3_992),
    ],
)
def test_the_file_as_it_is_read_gives_the_same(
    as_read: RawTable, incidents: EventLog, area: str, count: int, ping_pong: int, returns: int
) -> None:
    found = guess(as_read, {Role.AREA: area})
    log = encode(found.raw, found.columns)
    figures = measure(log)
    assert figures.handovers is not None
    between = figures.handovers
    assert (between.count, between.ping_pong_count, between.returns_count) == (count, ping_pong, returns)
    assert figures.durations == durations(incidents)
    assert figures.variants == variants(incidents)
    assert figures.follows == directly_follows(incidents)
    assert (figures.starts, figures.ends) == (starts(incidents), ends(incidents))
    assert figures.rework == rework(incidents)


def test_blank_divisions_hand_nothing_over(shared: Path) -> None:
    """The same log as a person would export it: what the XES calls UNKNOWN is left blank."""
    with gzip.open(shared / "logs" / "bpic2013" / "VINST-new.csv.gz", "rt", encoding="utf-8-sig") as file:
        rows = [
            Row(
                row["SR Number"],
                row["Status"],
                micros(row["Change Date+Time"]),
                area=row["Involved ST Function Div"] or None,
            )
            for row in csv.DictReader(file)
        ]
    found = measure(log_of(rows)).handovers
    assert found is not None
    assert found.count == 3_919
    assert len({name for pair in found.pairs for name in (pair.source, pair.target)}) == 23
