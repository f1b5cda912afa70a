from __future__ import annotations

import numpy as np

from hilo.insight.encoding import encode
from hilo.insight.encoding.pairs import Paired, paired
from hilo.insight.log import NO_TIME, Codes, EventLog
from tests.insight.mapping.support import day, raw_of, taken

HOUR = 3_600_000_000


def found(*rows: tuple[str, str, str, int, str]) -> list[tuple[int, int | None]]:
    """Rows are (case, activity, person, hour, transition); what stays is (row, hour of its start)."""
    case, activity, person, hours, phase = zip(*rows, strict=True)
    result: Paired | None = paired(
        codes(case).codes, codes(activity), codes(person), np.array(hours) * HOUR, codes(phase)
    )
    if result is None:
        return []
    starts = [None if start == NO_TIME else int(start // HOUR) for start in result.start]
    return list(zip(result.kept.tolist(), starts, strict=True))


def codes(values: tuple[str, ...]) -> Codes:
    names = list(dict.fromkeys(values))
    return Codes(np.array([names.index(value) for value in values], np.int32), names)


def test_a_start_and_its_completion_become_one() -> None:
    rows = [("A", "x", "p", 1, "start"), ("A", "x", "p", 3, "complete"), ("B", "x", "p", 4, "start")]
    assert found(*rows, ("B", "x", "p", 5, "complete")) == [(1, 1), (3, 4)]


def test_repeated_activities_pair_in_their_order_and_overlaps_the_first_with_the_first() -> None:
    assert found(
        ("A", "x", "p", 1, "START"),
        ("A", "x", "p", 2, "START"),
        ("A", "x", "p", 3, "COMPLETE"),
        ("A", "x", "p", 4, "COMPLETE"),
    ) == [(2, 1), (3, 2)]


def test_one_person_s_pair_comes_before_another_s() -> None:
    assert found(
        ("A", "x", "ana", 1, "start"),
        ("A", "x", "jon", 2, "start"),
        ("A", "x", "jon", 3, "complete"),
        ("A", "x", "ana", 4, "complete"),
    ) == [(2, 2), (3, 1)]


def test_a_completion_by_somebody_else_still_finds_its_start() -> None:
    assert found(("A", "x", "ana", 1, "start"), ("A", "x", "jon", 4, "complete")) == [(1, 1)]


def test_what_finds_no_partner_stays_as_it_is() -> None:
    assert found(
        ("A", "x", "p", 1, "start"),
        ("A", "x", "p", 2, "start"),
        ("A", "x", "p", 3, "complete"),
        ("A", "y", "p", 4, "complete"),
    ) == [(0, None), (2, 2), (3, None)]


def test_a_start_and_completion_at_one_moment_pair_in_either_order() -> None:
    assert found(("A", "x", "p", 1, "complete"), ("A", "x", "p", 1, "start")) == [(0, 1)]


def test_a_completion_before_its_start_is_no_pair() -> None:
    assert found(("A", "x", "p", 1, "complete"), ("A", "x", "p", 2, "start")) == []


def test_only_completions_or_only_other_states_are_no_pairs() -> None:
    assert found(("A", "x", "p", 1, "complete"), ("A", "y", "p", 2, "complete")) == []
    assert found(("A", "x", "p", 1, "In Progress"), ("A", "x", "p", 2, "Awaiting Assignment")) == []


def lifecycle_log(*phases: str) -> EventLog:
    rows = len(phases)
    raw = raw_of(
        {
            "case": ["A"] * rows + ["B"],
            "activity": ["x"] * rows + ["y"],
            "time": [day(place) for place in range(rows + 1)],
            "lifecycle:transition": [*phases, phases[-1]],
        }
    )
    return encode(raw, taken(case="case", activity="activity", time="time", lifecycle="lifecycle:transition"))


def test_pairs_become_one_event_with_both_moments_and_it_is_said() -> None:
    log = lifecycle_log("start", "complete")
    assert len(log) == 2
    assert log.start is not None
    assert (log.time[0] - log.start[0]) // HOUR == 24
    assert log.start[1] == NO_TIME
    assert log.detail is None
    assert any("1 pair of them is one event" in str(note) for note in log.notes)


def test_a_suspension_is_something_else_than_the_activity() -> None:
    log = lifecycle_log("start", "suspend", "resume", "complete")
    names = [log.activity.names[code] for code in log.activity.codes]
    assert names == ["x (suspend)", "x (resume)", "x", "y"]


def test_any_other_lifecycle_says_the_activity_finer() -> None:
    log = lifecycle_log("In Progress", "Wait - User", "Resolved")
    assert len(log) == 4
    assert log.start is None
    assert log.detail is not None
    assert [log.detail.names[code] for code in log.detail.codes] == [
        "In Progress",
        "Wait - User",
        "Resolved",
        "Resolved",
    ]


def test_a_lifecycle_that_says_one_thing_only_says_nothing() -> None:
    assert lifecycle_log("complete", "complete").detail is None
