"""An action: planned with a checker, extended by decision, done, watched, judged, opened again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.parties.commands.absences import plan_absence
from hilo.parties.commands.leaving import leave_company
from hilo.parties.models import Person
from hilo.quality.commands.actions import (
    drop_action,
    end_window,
    extend_action,
    finish_action,
    judge_action,
)
from hilo.quality.models import CorrectiveAction
from hilo.work.owed import owed_by
from tests.factories.causes import an_action, an_analysis, concluded, done, to_judge
from tests.factories.parties import a_person, acting
from tests.factories.work import House

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
State = CorrectiveAction.State


def owed(house: House, who: str) -> list[tuple[str, int]]:
    rows = owed_by(house.actor(who), now=house.at)
    return [(row.kind, row.id) for row in rows if row.type == "action"]


# Planning


def test_the_checker_is_not_the_owner(house: House) -> None:
    analysis = an_analysis(house)
    with pytest.raises(RuleViolation, match="cannot be the one who checks") as refused:
        an_action(house, analysis, checker=house.person("sales"))
    assert refused.value.field == "checker"
    action = an_action(house, analysis)
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectiveAction.objects.filter(pk=action.pk).update(checker=action.owner)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"text": ""}, "text"),
        ({"criterion": " "}, "criterion"),
        ({"metric": "guilt"}, "metric"),
        ({"kind": "training"}, "kind"),
        ({"window_days": 0}, "window_days"),
        ({"window_exposures": -1}, "window_exposures"),
        ({"allowed": 5_000}, "allowed"),
        ({"metric": "missing"}, "metric"),  # no border is marked yet
    ],
)
def test_an_action_without_what_it_needs_is_refused(house: House, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        an_action(house, an_analysis(house), **facts)
    assert refused.value.field == field


def test_an_action_is_due_in_the_future_and_of_people_who_are_here(house: House) -> None:
    analysis = an_analysis(house)
    with pytest.raises(RuleViolation, match="still to come"):
        an_action(house, analysis, due_at=house.at)
    gone = a_person(area=house.area("sales"), delegation=house.company.zaragoza)
    leave_company(gone, by=acting(house.company.administrator), now=house.at)
    with pytest.raises(RuleViolation, match="no longer works here"):
        an_action(house, analysis, checker=gone)


# Doing


def test_it_is_the_owners_until_done_and_the_checkers_when_the_window_has_ended(house: House) -> None:
    analysis = concluded(house, an_analysis(house))
    action = an_action(house, analysis, window_days=30, window_exposures=0)
    assert owed(house, "sales") == [("do_action", action.pk)]
    assert owed(house, "logistics") == []
    with pytest.raises(NotAllowed, match="does this"):
        finish_action(action, how="Hecho", by=house.actor("technical"), now=house.at)
    done(house, action)
    assert owed(house, "sales") == owed(house, "logistics") == []
    house.later(days=31)
    end_window(action, by=system(), now=house.at)
    assert owed(house, "logistics") == [("judge_action", action.pk)]


def test_the_head_of_its_area_may_say_that_it_is_done(house: House) -> None:
    action = an_action(house, an_analysis(house))
    finish_action(action, how="Hecho", by=house.head("sales"), now=house.at)
    assert action.state == State.WATCHING
    with pytest.raises(RuleViolation, match="done or dropped already"):
        finish_action(action, how="Otra vez", by=house.head("sales"), now=house.at)


def test_a_later_date_is_a_decision_of_its_own(house: House) -> None:
    action = an_action(house, an_analysis(house))
    first = action.due_at
    later = first + timedelta(days=7)
    with pytest.raises(RuleViolation, match="why it needs longer"):
        extend_action(action, due_at=later, reason="", by=house.actor("sales"), now=house.at)
    with pytest.raises(RuleViolation, match="later date"):
        extend_action(action, due_at=first, reason="Faltan datos", by=house.actor("sales"), now=house.at)
    extend_action(action, due_at=later, reason="Faltan datos", by=house.actor("logistics"), now=house.at)
    assert (action.first_due_at, action.due_at) == (first, later)
    extension = action.extensions.get()
    assert (extension.old, extension.new, extension.author) == (first, later, house.person("logistics"))
    done(house, action)
    with pytest.raises(RuleViolation, match="done or dropped already"):
        extend_action(
            action, due_at=later + timedelta(1), reason="Más", by=house.actor("sales"), now=house.at
        )


def test_the_window_ends_by_the_clock_and_not_before(house: House) -> None:
    analysis = concluded(house, an_analysis(house))
    action = done(house, an_action(house, analysis, window_days=30, window_exposures=0))
    with pytest.raises(RuleViolation, match="still being watched"):
        end_window(action, by=system(), now=house.later(days=29))
    with pytest.raises(RuleViolation, match="by the clock alone"):
        end_window(action, by=house.actor("sales"), now=house.later(days=2))
    with pytest.raises(RuleViolation, match="still being watched: judge it when"):
        judge_action(action, works=True, judgement="Va", by=house.actor("logistics"), now=house.at)
    end_window(action, by=system(), now=house.at)
    assert (action.state, action.to_judge_at) == (State.TO_JUDGE, house.at)
    with pytest.raises(RuleViolation, match="not being watched"):
        end_window(action, by=system(), now=house.at)


# Judging


def test_only_the_checker_judges_not_even_who_does_it_in_their_stead(house: House) -> None:
    action = to_judge(house, concluded(house, an_analysis(house)))
    for who in ("sales", "technical"):
        with pytest.raises(NotAllowed, match="checks this"):
            judge_action(action, works=True, judgement="Va", by=house.actor(who), now=house.at)
    today = house.at.date()
    plan_absence(
        house.person("logistics"),
        substitute=house.person("sales"),
        first_day=today,
        last_day=today + timedelta(days=3),
        by=house.head("logistics"),
        now=house.at,
    )
    with pytest.raises(NotAllowed, match="checks this"):
        judge_action(action, works=True, judgement="Va", by=house.actor("sales"), now=house.at)


def test_working_is_judged_with_the_figures_of_that_moment(house: House) -> None:
    action = to_judge(house, concluded(house, an_analysis(house)))
    with pytest.raises(RuleViolation, match="what you looked at"):
        judge_action(action, works=True, judgement="", by=house.actor("logistics"), now=house.at)
    judge_action(action, works=True, judgement="Mirados todos", by=house.actor("logistics"), now=house.at)
    assert (action.state, action.recurrences, action.exposures) == (State.EFFECTIVE, 0, 0)
    with pytest.raises(RuleViolation, match="not waiting to be judged"):
        judge_action(action, works=True, judgement="Otra vez", by=house.actor("logistics"), now=house.at)


def test_not_working_opens_it_again_with_a_new_date(house: House) -> None:
    action = to_judge(house, concluded(house, an_analysis(house)))
    by, due = house.actor("logistics"), house.at + timedelta(days=10)
    with pytest.raises(RuleViolation, match="done differently"):
        judge_action(action, works=False, judgement="Nadie la usa", by=by, now=house.at)
    judge_action(action, works=False, judgement="Nadie la usa", due_at=due, by=by, now=house.at)
    assert (action.state, action.reopened_count, action.due_at, action.done_at) == (State.OPEN, 1, due, None)
    story = LedgerEvent.objects.filter(subject_type="action", subject_id=action.pk).order_by("seq")
    assert list(story.values_list("kind", flat=True)) == [
        "action.planned", "action.done", "action.window_ended", "action.judged", "action.reopened",
    ]  # fmt: skip
    assert owed(house, "sales") == [("do_action", action.pk)]


def test_not_working_can_be_said_before_the_window_ends(house: House) -> None:
    action = done(house, an_action(house, concluded(house, an_analysis(house))))
    due = house.at + timedelta(days=10)
    judge_action(
        action, works=False, judgement="Nadie la usa", due_at=due, by=house.actor("logistics"), now=house.at
    )
    assert action.state == State.OPEN


def test_dropping_is_not_for_who_does_it(house: House) -> None:
    analysis = an_analysis(house, who="aftersales")
    action = an_action(house, analysis)
    with pytest.raises(NotAllowed, match="who checks it"):
        drop_action(action, reason="No hace falta", by=house.actor("sales"), now=house.at)
    with pytest.raises(NotAllowed):
        drop_action(action, reason="No hace falta", by=house.actor("technical"), now=house.at)
    with pytest.raises(RuleViolation, match="Say why"):
        drop_action(action, reason=" ", by=house.actor("logistics"), now=house.at)
    drop_action(action, reason="Se quita el paso", by=house.actor("aftersales"), now=house.at)
    assert action.state == State.DROPPED
    with pytest.raises(RuleViolation, match="judged or dropped already"):
        drop_action(action, reason="Otra vez", by=house.actor("logistics"), now=house.at)


# When somebody leaves


def test_both_sides_pass_to_the_caretaker_but_never_to_one_person(house: House) -> None:
    """The head of sales checks what a seller does: when the seller leaves, somebody else takes it."""
    action = an_action(house, an_analysis(house), checker=house.company.heads["sales"])
    leave_company(house.person("sales"), by=acting(house.company.administrator), now=house.at)
    action.refresh_from_db()
    assert action.owner != action.checker == house.company.heads["sales"]
    assert action.owner.is_active
    event = LedgerEvent.objects.get(kind="action.passed")
    assert (event.facts["side"], event.facts["new"]) == ("owner", action.owner_id)


@pytest.mark.parametrize(("leaver", "side"), [("sales", "owner"), ("logistics", "checker")])
def test_a_side_passes_to_the_head(house: House, leaver: str, side: str) -> None:
    action = an_action(house, an_analysis(house, who="aftersales"))
    leave_company(house.person(leaver), by=acting(house.company.administrator), now=house.at)
    action.refresh_from_db()
    assert getattr(action, side) == house.company.heads[leaver]
    assert not CorrectiveAction.objects.filter(owner__in=Person.objects.filter(is_active=False)).exists()
