"""What is written reads back as the same events, whatever the names."""

from __future__ import annotations

import gzip
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hilo.insight.log import NO_TIME, Codes, EventLog
from hilo.insight.raw import RawTable, Role
from hilo.insight.reading import read
from hilo.insight.writing import write_ocel2, write_xes
from hilo.insight.writing.attributes import cleaned

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FORMATS = [".xes", ".xes.gz", ".json", ".xml", ".sqlite"]
HARD_NAMES = [
    'Dijo "sí" & <fin>',
    "🚚 envío",
    "طلب جديد",
    "a\nb\tc",
    " con espacios ",
    "NA",
    "O'Neill; DROP",
    "case",
]


def written_and_read(log: EventLog, suffix: str) -> RawTable:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"log{suffix}"
        (write_xes if "xes" in suffix else write_ocel2)(log, path)
        return read([path])


def labels(codes: Codes) -> list[str | None]:
    names = cleaned(codes.names)
    return [names[code] if code >= 0 else None for code in codes.codes.tolist()]


def instants(micros: np.ndarray) -> list[datetime | None]:  # type: ignore[type-arg]
    return [None if each == NO_TIME else EPOCH + timedelta(microseconds=each) for each in micros.tolist()]


def assert_same_events(table: RawTable, log: EventLog) -> None:
    said: dict[str, Codes | None] = {
        "case:concept:name": Codes(log.case, log.case_names),
        "concept:name": log.activity,
        "detail": log.detail,
        "org:resource": log.person,
        "org:group": log.area,
        "site": log.site,
        "customer": log.customer,
        **log.segments,
    }
    for name, codes in said.items():
        assert values(table, name) == (labels(codes) if codes else missing(log)), name
    for name, micros in (("time:timestamp", log.time), ("start_timestamp", log.start), ("due", log.due)):
        assert values(table, name) == (missing(log) if micros is None else instants(micros)), name
    amounts = [] if log.amount is None else [None if np.isnan(each) else each for each in log.amount]
    assert values(table, "amount") == (amounts or missing(log))


def values(table: RawTable, name: str) -> list[object]:
    """A column of which no event has a value is not written."""
    if name not in table.data.column_names:
        return [None] * table.data.num_rows
    return list(table.data[name].to_pylist())


def missing(log: EventLog) -> list[None]:
    return [None] * len(log)


names = st.text(min_size=1, max_size=12).filter(
    lambda name: cleaned([name])[0] not in ("", "?")
) | st.sampled_from(HARD_NAMES)
moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 12, 31)).map(  # noqa: DTZ001
    lambda moment: (moment.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
)


@st.composite
def logs(draw: st.DrawFn) -> EventLog:
    lengths = draw(st.lists(st.integers(1, 4), min_size=1, max_size=5))
    n = sum(lengths)
    case_names = draw(st.lists(names, min_size=len(lengths), max_size=len(lengths), unique=True))

    def codes() -> Codes:
        known = draw(st.lists(names, min_size=1, max_size=4, unique=True))
        drawn = draw(st.lists(st.integers(-1, len(known) - 1), min_size=n, max_size=n))
        return Codes(np.array(drawn, np.int32), known)

    def micros() -> np.ndarray:  # type: ignore[type-arg]
        return np.array(draw(st.lists(moments | st.just(NO_TIME), min_size=n, max_size=n)), np.int64)

    def maybe[T](value: T) -> T | None:
        return draw(st.sampled_from([value, None]))

    amounts = draw(st.lists(st.floats(allow_infinity=False), min_size=n, max_size=n))
    return EventLog(
        case=np.repeat(np.arange(len(lengths), dtype=np.int32), lengths),
        case_names=case_names,
        first=np.concatenate([[0], np.cumsum(lengths)]),
        activity=codes(),
        detail=maybe(codes()),
        time=np.array(draw(st.lists(moments, min_size=n, max_size=n)), np.int64),
        row=np.arange(n),
        start=maybe(micros()),
        person=maybe(codes()),
        area=maybe(codes()),
        site=maybe(codes()),
        customer=maybe(codes()),
        due=maybe(micros()),
        amount=maybe(np.array(amounts)),
        segments={
            name: codes() for name in draw(st.sets(st.sampled_from(["Producto", "prioridad", "Canal 📞"])))
        },
    )


@pytest.mark.parametrize("suffix", FORMATS)
@settings(max_examples=40)
@given(log=logs())
def test_what_is_written_reads_back_the_same(suffix: str, log: EventLog) -> None:
    assert_same_events(written_and_read(log, suffix), log)


def small_log(*, activities: list[str], cases: list[str]) -> EventLog:
    n = len(activities) * len(cases)
    return EventLog(
        case=np.repeat(np.arange(len(cases), dtype=np.int32), len(activities)),
        case_names=cases,
        first=np.arange(0, n + 1, len(activities)),
        activity=Codes(np.tile(np.arange(len(activities), dtype=np.int32), len(cases)), activities),
        time=np.arange(n, dtype=np.int64) * 3_600_000_000,
        row=np.arange(n),
    )


@pytest.mark.parametrize("suffix", FORMATS)
def test_hard_names_survive_and_control_characters_go(suffix: str) -> None:
    log = small_log(
        activities=[*HARD_NAMES, "a\x00\x1bb", "Envio", "ENVIO", "object"], cases=["a", "a\x01", "\ufffe1"]
    )
    table = written_and_read(log, suffix)
    assert_same_events(table, log)
    assert set(table.data["case:concept:name"].to_pylist()) == {"a", "a (2)", "1"}
    assert "ab" in table.data["concept:name"].to_pylist()


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_reader_knows_the_meaning_of_what_was_written(suffix: str) -> None:
    table = written_and_read(small_log(activities=["a", "b"], cases=["1"]), suffix)
    assert table.taken == {
        Role.CASE: "case:concept:name",
        Role.ACTIVITY: "concept:name",
        Role.TIME: "time:timestamp",
    }
    assert table.remarks == ()


def test_events_of_one_moment_keep_their_order(tmp_path: Path) -> None:
    log = small_log(activities=["z", "a", "m", "b"], cases=["1", "2"])
    log.time[:] = 0
    for suffix in FORMATS:
        assert written_and_read(log, suffix).data["concept:name"].to_pylist() == ["z", "a", "m", "b"] * 2


def test_the_xes_is_well_formed_and_the_same_each_time(tmp_path: Path) -> None:
    log = small_log(activities=HARD_NAMES, cases=["1"])
    for name in ("a.xes.gz", "b.xes.gz"):
        write_xes(log, tmp_path / name)
    assert (tmp_path / "a.xes.gz").read_bytes() == (tmp_path / "b.xes.gz").read_bytes()
    root = ElementTree.fromstring(gzip.decompress((tmp_path / "a.xes.gz").read_bytes()))
    assert len(root.findall(".//{http://www.xes-standard.org/}event")) == len(HARD_NAMES)


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"ends in \.sqlite, \.json, \.xml"):
        write_ocel2(small_log(activities=["a"], cases=["1"]), tmp_path / "log.csv")
