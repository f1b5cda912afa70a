"""What a finding says and never says, on small logs written by hand and one simulated."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import numpy as np
import pytest
from numpy.typing import NDArray

from hilo.insight.findings import Policy, find
from hilo.insight.findings.borders import _odd_in_row, ping_pong
from hilo.insight.findings.candidate import Candidate, Looked
from hilo.insight.findings.comparing import above_rest, above_share, typical_difference, upper_tail
from hilo.insight.findings.finding import _rank, _surviving
from hilo.insight.findings.ground import Ground, numbered, quantiles
from hilo.insight.findings.shares import Least, _of_peers
from hilo.insight.log import Codes, EventLog
from hilo.insight.report.wording import subject_of
from hilo.insight.results import Finding, Kind
from hilo.insight.speaking import speak
from tests.insight.findings.simulated_log import event_log, meanings_of
from tests.simulation.company import simulate
from tests.simulation.faults import STRENGTHS, Fault, planted
from tests.simulation.words import SPANISH

DAY = 86_400_000_000
BOUNCES = Fault("ping_pong", "strong", {"from": "engineering", "to": "purchasing", "site": "vigo"})
FAULTS = tuple(planted(kind, "strong", 3) for kind in STRENGTHS)


@pytest.fixture(scope="module")
def log() -> EventLog:
    return event_log(simulate(3, 1500, [BOUNCES]))


@pytest.fixture(scope="module")
def findings(log: EventLog) -> list[Finding]:
    return find(log, meanings_of(SPANISH))


@pytest.fixture(scope="module")
def troubled() -> tuple[EventLog, list[Finding]]:
    """A company in which everything goes wrong at once."""
    log = event_log(simulate(3, 1500, FAULTS))
    return log, find(log, meanings_of(SPANISH))


def test_a_bounce_says_how_often_against_its_peers_and_what_to_do(findings: list[Finding]) -> None:
    (found,) = findings
    assert found.where == {"from": "Oficina técnica", "to": "Compras", "site": "Vigo"}
    assert 0.2 < found.effect < 0.4
    assert found.interval[0] < found.effect < found.interval[1]
    said = speak(found.text, "es")
    assert said.startswith(f"En Vigo: {found.cases} de los ")
    assert "vuelven por donde vinieron" in said
    assert "Oficina técnica" in speak(found.on_monday, "es")


def test_evidence_names_cases_that_bounced_the_costliest_first(
    log: EventLog, findings: list[Finding]
) -> None:
    assert log.area is not None
    for name in findings[0].evidence[:20]:
        place = list(log.case_names).index(name)
        areas = [log.area.names[code] for code in log.area.codes[log.first[place] : log.first[place + 1]]]
        met = [area for area, before in zip(areas, [None, *areas], strict=False) if area != before]
        rounds = zip(met, met[1:], met[2:], strict=False)
        assert ("Oficina técnica", "Compras", "Oficina técnica") in list(rounds)


def test_money_is_that_of_the_cases_touched(log: EventLog, findings: list[Finding]) -> None:
    assert log.amount is not None
    amounts = {str(name): log.amount[log.first[case]] for case, name in enumerate(log.case_names)}
    assert len(findings[0].evidence) == findings[0].cases
    assert findings[0].money == pytest.approx(sum(amounts[name] for name in findings[0].evidence))


def test_findings_come_by_what_they_cost(troubled: tuple[EventLog, list[Finding]]) -> None:
    costs = [finding.cost_hours for finding in troubled[1] if not finding.is_of_few]
    assert len(costs) >= 8
    assert costs == sorted(costs, reverse=True)


def test_no_finding_is_about_a_person(troubled: tuple[EventLog, list[Finding]]) -> None:
    log, findings = troubled
    assert log.person is not None
    for finding in findings:
        words = [speak(said, lang) for said in (finding.text, finding.on_monday) for lang in ("es", "en")]
        assert not [name for name in log.person.names if name in " ".join([*words, *finding.where.values()])]


def test_every_sentence_is_said_in_both_languages(troubled: tuple[EventLog, list[Finding]]) -> None:
    for finding in troubled[1]:
        for said in (finding.text, finding.on_monday):
            spanish, english = speak(said, "es"), speak(said, "en")
            assert spanish != english
            assert "%(" not in spanish + english
            assert "%%" not in spanish + english


@pytest.mark.parametrize(
    "missing", ["area", "site", "customer", "due", "amount", "start", "person", "segments"]
)
def test_a_log_without_a_column_is_looked_through_all_the_same(log: EventLog, missing: str) -> None:
    without: EventLog = replace(log, **{missing: {} if missing == "segments" else None})  # type: ignore[arg-type]
    assert all(missing not in finding.where for finding in find(without, meanings_of(SPANISH)))


def test_a_log_of_three_columns_is_looked_through_for_what_three_columns_show() -> None:
    log = event_log(simulate(3, 1500, [Fault("slow_step_grew", "strong", {"activity": "build"})]))
    bare = replace(
        log, area=None, site=None, customer=None, due=None, amount=None, start=None, person=None, segments={}
    )
    assert [dict(finding.where) for finding in find(bare, meanings_of(SPANISH))] == [{"activity": "Fabricar"}]


@pytest.mark.parametrize("cases", [1, 2, 7])
def test_a_handful_of_cases_says_nothing(cases: int) -> None:
    assert find(event_log(simulate(3, cases, [BOUNCES])), meanings_of(SPANISH)) == []


@pytest.mark.parametrize("starts", [True, False])
def test_a_quarter_of_a_million_events_take_a_second_of_work(starts: bool) -> None:
    """A million in four; measured on one core, with room for a busy machine."""
    log = event_log(simulate(3, 15_000, [BOUNCES]), starts=starts)
    began = process_time()
    find(log, meanings_of(SPANISH))
    assert len(log) > 240_000
    assert process_time() - began < 1.5


@pytest.mark.parametrize("column", ["activity", "area"])
def test_a_column_with_a_name_for_nearly_every_event_is_no_trouble(log: EventLog, column: str) -> None:
    names = tuple(f"n{place}" for place in range(len(log)))
    many = replace(log, **{column: Codes(np.arange(len(log), dtype=np.int32), names)})  # type: ignore[arg-type]
    began = process_time()
    assert all(finding.kind.value in ("late", "silence") for finding in find(many, meanings_of(SPANISH)))
    assert process_time() - began < 5


def test_all_times_equal_says_nothing(log: EventLog) -> None:
    still = replace(log, time=np.zeros_like(log.time), start=None, due=None)
    assert [finding.kind.value for finding in find(still, meanings_of(SPANISH))] in ([], ["ping_pong"])


def test_dates_that_were_the_same_and_are_noted_apart_since_are_no_slower_work() -> None:
    """Deliveries of days without hours: until a week both dates are copied, and from it on they are real."""
    orders, week = 1500, 7 * DAY
    chance = np.random.default_rng(5)
    ordered = np.sort(chance.integers(0, 60 * 7, orders)) * DAY
    took = chance.integers(2, 14, orders) * DAY
    apart = ordered > 35 * week
    noted, real = (ordered + np.where(apart, took, 0), ordered + np.where(apart, 3 * took, took))
    assert find(two_dates(ordered, noted), meanings_of(SPANISH)) == []
    assert [one.kind for one in find(two_dates(ordered, real), meanings_of(SPANISH))] == [Kind.SLOW_STEP]


def two_dates(ordered: NDArray[np.int64], delivered: NDArray[np.int64]) -> EventLog:
    cases = np.arange(len(ordered))
    return EventLog(
        case=np.repeat(cases, 2).astype(np.int32),
        case_names=tuple(map(str, cases)),
        first=np.arange(len(ordered) + 1) * 2,
        activity=Codes(np.tile([0, 1], len(ordered)).astype(np.int32), ("Delivered", "Recorded")),
        time=np.column_stack([ordered, delivered]).ravel(),
        row=np.arange(2 * len(ordered)),
    )


def test_in_a_log_of_days_the_same_day_and_the_next_are_not_a_hundred_times_apart() -> None:
    days = np.arange(1500, dtype=np.int64) // 4 * DAY
    ground = Ground(two_dates(days, days + DAY), meanings_of(SPANISH), Policy())
    to_the_minute = Ground(two_dates(days, days + DAY + 60_000_000), meanings_of(SPANISH), Policy())
    assert (ground.floor_h, to_the_minute.floor_h) == (24.0, 0.25)


def test_tests_far_from_their_bound_do_not_hide_what_is_clear() -> None:
    log = event_log(simulate(3, 300))
    ground = Ground(log, meanings_of(SPANISH), Policy())
    bounce = replace(a_bounce(), p=1e-4)
    edge, far = np.linspace(0.0005, 1, 2000), np.full(1000, 0.99)
    assert _surviving(ground, [bounce], [Looked([bounce], [np.array([1e-4]), edge])]) == []
    assert _surviving(ground, [bounce], [Looked([bounce], [np.array([1e-4]), far])]) == [bounce]


def a_bounce() -> Candidate:
    troubled = Ground(event_log(simulate(3, 1500, [BOUNCES])), meanings_of(SPANISH), Policy())
    return ping_pong(troubled).candidates[0]


def test_a_stricter_policy_tells_less(log: EventLog) -> None:
    assert find(log, meanings_of(SPANISH), policy=Policy(bounced=0.5)) == []


def test_each_finding_says_what_its_cost_may_be_and_of_how_many_it_is(
    troubled: tuple[EventLog, list[Finding]],
) -> None:
    for finding in troubled[1]:
        assert (finding.cost_interval is None) == (finding.cost_hours <= 0)
        if finding.cost_interval is not None:
            assert 0 <= finding.cost_interval[0] < finding.cost_hours < finding.cost_interval[1]
        if finding.kind not in (Kind.DRIFT, Kind.GROWING_BACKLOG):
            assert finding.n is not None
            assert finding.n >= 20


def test_what_few_show_comes_after_the_rest_and_is_not_ordered_by_cost(log: EventLog) -> None:
    def found(n: int, cost: float, site: str) -> Candidate:
        return replace(a_bounce(), n=n, hours=np.array([cost]), about={"from": site, "to": "B"}, side=None)

    given = [found(25, 10.0, "A"), found(25, 900.0, "Z"), found(300, 5.0, "Y"), found(300, 50.0, "X")]
    assert [one.about["from"] for one in sorted(given, key=_rank)] == ["X", "Y", "A", "Z"]


def test_what_went_on_after_its_end_is_called_finished_too_early_in_the_headline_too() -> None:
    steps = [("Do", "Close", "Do", "Close") if case % 5 == 0 else ("Do", "Close") for case in range(200)]
    first = np.cumsum([0, *map(len, steps)])
    flat = [step for case in steps for step in case]
    log = EventLog(
        case=np.repeat(np.arange(200), [len(case) for case in steps]).astype(np.int32),
        case_names=tuple(map(str, range(200))),
        first=first,
        activity=Codes(np.array([("Do", "Close").index(step) for step in flat], np.int32), ("Do", "Close")),
        time=np.arange(len(flat), dtype=np.int64) * DAY // 10,
        row=np.arange(len(flat)),
    )
    early = next(one for one in find(log, meanings_of(SPANISH)) if one.where == {"activity": "Close"})
    assert "they were called finished too early" in speak(early.text, "en")
    assert speak(subject_of(early), "en") == "cases that were called finished too early with “Close”"
    assert "antes de tiempo" in speak(early.text, "es")
    assert "antes de tiempo" in speak(subject_of(early), "es")


# The figures beneath -------------------------------------------------------------------------------------


def test_a_share_no_larger_than_expected_has_no_score() -> None:
    k, n = np.array([2.0, 30.0, 0.0]), np.array([100.0, 100.0, 100.0])
    scores = above_share(k, n, np.full(3, 0.05))
    assert scores[0] < 0 < scores[1]
    assert scores[2] < 0


def test_scores_keep_their_level_when_nothing_is_different() -> None:
    rng = np.random.default_rng(5)
    k, rest = (rng.binomial(n, 0.05, 20_000).astype(float) for n in (200, 2000))
    ps = upper_tail(above_rest(k, np.full(20_000, 200.0), rest, np.full(20_000, 2000.0)))
    assert (ps < 0.01).mean() < 0.015
    assert (ps < 0.001).mean() < 0.002


def test_the_peers_of_a_thing_are_the_others_and_one_bad_one_moves_them_little() -> None:
    n = np.full(5, 100.0)
    base = _of_peers(np.array([2.0, 3.0, 2.0, 4.0, 60.0]), n, 20, Least(0.05, 2.0))
    assert base.tolist() == pytest.approx([0.035, 0.03, 0.035, 0.025, 0.025])


def test_a_bounce_there_and_back_and_there_counts_once() -> None:
    flags = np.array([0, 1, 1, 1, 0, 1, 0, 0, 1, 1], bool)
    assert _odd_in_row(flags).astype(int).tolist() == [0, 1, 0, 1, 0, 1, 0, 0, 1, 0]


def test_what_one_sort_shows_is_not_typical() -> None:
    sort = np.repeat(np.arange(5), 40)
    chosen = np.tile(np.repeat([True, False], 20), 5)
    one = np.where(chosen & (sort == 2), 3.0, 0.0)
    all_ = np.where(chosen, 0.5, 0.0)
    assert typical_difference(one, sort, chosen, 5) == 0.0
    assert typical_difference(all_, sort, chosen, 5) == pytest.approx(0.5)


def test_quantiles_and_numbers_agree_with_the_obvious() -> None:
    rng = np.random.default_rng(6)
    group, values = rng.integers(0, 9, 500), rng.normal(size=500)
    found = quantiles(values, group, 10, 0.5)
    for at in range(9):
        own = np.sort(values[group == at])
        assert found[at] == own[len(own) // 2]
    assert found[9] == 0
    names, place = numbered(group)
    assert names.tolist() == sorted(set(group.tolist()))
    assert (names[place] == group).all()
