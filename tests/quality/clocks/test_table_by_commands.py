"""Some rows of every kind once more: lived through by commands, in a company, and read from the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import groupby

import pytest
from django.db import transaction

from hilo.businesstime import WorkingTime
from hilo.errors import RuleViolation
from hilo.parties.actor import system
from hilo.parties.commands.calendars import change_calendar
from hilo.parties.models import Customer
from hilo.quality.clocks import Standing
from hilo.quality.commands.cases import change_severity
from hilo.quality.commands.closing import close_case, refuse_solution, reopen_case, verify_solution
from hilo.quality.commands.pausing import pause_response, resume_response
from hilo.quality.commands.policies import Targets, change_case_policy, set_legal_deadline
from hilo.quality.commands.telling import tell_decision
from hilo.quality.jobs.clocks import run_case_clocks
from hilo.quality.models import Case, ClockPause, Level
from hilo.quality.queries.clocks import clocks_of, news_due_by_policy
from hilo.work.commands.conversation import tell_customer, write_note
from hilo.work.models import Note
from tests.factories.quality import acknowledged, leader, make_case, responded
from tests.factories.quality import told as told_now
from tests.factories.work import House, a_house, a_thread
from tests.quality.clocks.paper import MICROSECOND, Happening, Row, rules, table

NEW_YEAR = datetime(2026, 1, 1, 6, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EVERY = 10


def sample() -> list[Row]:
    """Every tenth row of each kind, and its first."""
    rows = sorted((row for row in table() if can_be_said(row)), key=lambda row: row.kind)
    return [row for _kind, same in groupby(rows, lambda row: row.kind) for row in list(same)[::EVERY]]


def can_be_said(row: Row) -> bool:
    """The command refuses news for a moment when nobody works: only the paper holds such a date."""
    hours = WorkingTime(rules(row.calendar))
    promised = [each.until for each in row.happenings if each.what == "told" and each.until]
    return all(hours.is_open(moment) or hours.previous_close(moment) == moment for moment in promised)


@pytest.mark.django_db
def test_a_case_lived_through_by_commands_shows_what_was_worked_out_on_paper(
    subtests: pytest.Subtests,
) -> None:
    house = a_house(now=NEW_YEAR)
    rows = sample()
    assert len(rows) > 50 and {row.kind for row in rows} == {row.kind for row in table()}
    for row in rows:
        with subtests.test(row=str(row)), transaction.atomic():
            compare(house, row)
            transaction.set_rollback(True)


def compare(house: House, row: Row) -> None:
    case = lived_through(house, row)
    if row.kind == "news by policy":
        assert news_due_by_policy(case, since=row.start) == row.due
        return
    found: Standing | None = getattr(clocks_of([case], row.at)[case.pk], row.clock)
    assert found is not None
    assert (found.state, found.due, found.used) == (row.state, row.due, row.used * MINUTE), row.reasoning
    if row.left is None:
        assert found.was_late is row.late, row.reasoning
    else:
        assert (found.left + MICROSECOND) // MINUTE == row.left, row.reasoning


def lived_through(house: House, row: Row) -> Case:
    house.at = row.start
    change_calendar(house.company.calendar, rules=rules(row.calendar), by=system(), now=row.start)
    levels = a_policy_for(house, row)
    if row.clock == "legal":
        a_legal_deadline(house, row)
    case = make_case(house, a_thread(house), impact=Level.LOW, urgency=Level.LOW)
    for happening in sorted(row.happenings, key=lambda each: each.at):
        if happening.at <= row.at:
            house.at = happening.at
            LIVED[happening.what](house, case, happening, row, levels)
            case.refresh_from_db()
    return case


def a_policy_for(house: House, row: Row) -> dict[int, Level]:
    """Impact alone decides the severity; low is the row's target, the others are what it becomes."""
    targets = {row.amount if row.target else 480: Level.LOW}
    for happening in row.happenings:
        if happening.what == "severity" and happening.target not in targets:
            targets[happening.target] = (Level.MEDIUM, Level.HIGH)[len(targets) - 1]
    minutes = {level: target for target, level in targets.items()}
    change_case_policy(
        severity={f"{impact}:{urgency}": impact for impact in Level for urgency in Level},
        rules=[targets_of(level, tier, minutes.get(level, 480)) for level in Level for tier in Customer.Tier],
        second_failure_days=365,
        stuck_working_days=15,
        slow_factor=2,
        seen_number=1,
        by=system(),
        now=row.start,
    )
    return targets


def targets_of(level: str, tier: str, minutes: int) -> Targets:
    return Targets(
        severity=level,
        tier=tier,
        acknowledge_minutes=minutes,
        response_minutes=minutes,
        news_minutes=minutes,
        head_after_minutes=120,
        director_after_minutes=480,
    )


def a_legal_deadline(house: House, row: Row) -> None:
    Customer.objects.update(kind=Customer.Kind.COMPANY)
    unit = "working" if "working" in row.target else "days"
    facts = {"days": row.amount, "unit": unit, "source": "Contrato"}
    set_legal_deadline(customer_kind="company", **facts, by=system(), now=row.start)  # type: ignore[arg-type]


def paused(house: House, case: Case, what: Happening, row: Row, levels: dict[int, Level]) -> None:
    """One that the rules refuse (it overlaps, it comes too late) is put in all the same, as by an import."""
    assert what.until is not None
    facts = {"reason": "Esperamos su muestra", "until": what.until}
    try:
        pause_response(case, **facts, seen=case.version, by=leader(house, case), now=what.at)  # type: ignore[arg-type]
    except RuleViolation:
        assert row.kind in ("pause", "pause overlapping", "long story")
        ClockPause.objects.create(case=case, author=case.owner, **facts, paused_at=what.at)
    if what.resumed and what.resumed <= row.at:
        goes_on_again(house, case, what, row)


def goes_on_again(house: House, case: Case, what: Happening, row: Row) -> None:
    assert what.until is not None and what.resumed is not None
    if what.resumed >= what.until:  # by the job, in time or late
        run_case_clocks(what.resumed)
    elif "overlapping" in row.kind or row.kind == "long story":
        ClockPause.objects.filter(case=case, paused_at=what.at).update(resumed_at=what.resumed)
    else:
        case.refresh_from_db()
        resume_response(case, seen=case.version, by=leader(house, case), now=what.resumed)


def stopped(house: House, case: Case, what: Happening, row: Row, levels: dict[int, Level]) -> None:
    (acknowledged if row.clock == "acknowledge" else responded)(house, case)


def begun_anew(house: House, case: Case, what: Happening, row: Row, levels: dict[int, Level]) -> None:
    """Every third time the case was closed in between."""
    assert case.contact is not None
    facts = {"contact": case.contact, "reason": "Sigue igual", "by": leader(house, case), "now": what.at}
    if row.number % 3 == 0:
        close(house, case)
        reopen_case(case, **facts, seen=case.version)  # type: ignore[arg-type]
    else:
        refuse_solution(case, **facts, seen=case.version)  # type: ignore[arg-type]


def close(house: House, case: Case) -> None:
    """After its answer: decided, verified, closed."""
    assert case.contact is not None
    tell_decision(case, outcome=Case.Outcome.UPHELD, text="Sí", **told_now(house, case))
    verify_solution(
        case,
        contact=case.contact,
        how="Por teléfono",
        seen=case.version,
        by=leader(house, case),
        now=house.at,
    )
    close_case(case, seen=case.version, by=leader(house, case), now=house.at)


def weighed_anew(house: House, case: Case, what: Happening, row: Row, levels: dict[int, Level]) -> None:
    change_severity(
        case,
        impact=levels[what.target],
        urgency=Level.LOW,
        reason="Ha cambiado",
        seen=case.version,
        by=leader(house, case),
        now=what.at,
    )


def other_hours(house: House, case: Case, what: Happening, row: Row, levels: dict[int, Level]) -> None:
    change_calendar(house.company.calendar, rules=rules(what.calendar), by=system(), now=what.at)


def thanked(house: House, case: Case, what: Happening, row: Row, levels: dict[int, Level]) -> None:
    write_note(
        case.thread,
        text="Gracias",
        kind=Note.Kind.CUSTOMER,
        contact=case.contact,
        by=leader(house, case),
        now=what.at,
    )


def told(house: House, case: Case, what: Happening, row: Row, levels: dict[int, Level]) -> None:
    assert case.contact is not None
    tell_customer(
        case.thread,
        text="Seguimos en ello",
        contacts=[case.contact],
        channel="call",
        next_news_at=what.until,
        by=leader(house, case),
        now=what.at,
    )


LIVED: dict[str, Callable[[House, Case, Happening, Row, dict[int, Level]], None]] = {
    "pause": paused,
    "stop": stopped,
    "reopen": begun_anew,
    "severity": weighed_anew,
    "calendar": other_hours,
    "thanks": thanked,
    "told": told,
}
