"""Recurrences and exposures counted from the tables agree with a slow recount over the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hilo.errors import RuleViolation
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.quality.commands.actions import end_window, judge_action
from hilo.quality.commands.causes import reopen_analysis
from hilo.quality.jobs.actions import run_action_windows
from hilo.quality.models import Analysis, Case, CorrectiveAction
from hilo.quality.queries.recurrence import causes_counted, rule_of_three, watch
from hilo.work.commands.handoffs import mark_missing, return_handoff
from hilo.work.commands.step_runs import finish_step
from hilo.work.commands.templates import draft_template, export_template, publish_version
from hilo.work.models import TemplateVersion, Thread
from tests.factories.causes import an_action, an_analysis, concluded, done, the_step, to_judge
from tests.factories.quality import make_case
from tests.factories.work import House, a_thread, accepted, an_offer, open_handoff, step, two_steps
from tests.quality.actions import recounting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
State = CorrectiveAction.State


def the_version() -> TemplateVersion:
    return TemplateVersion.objects.get(template__code="two-steps", state="published")


def a_case_now(house: House) -> Case:
    """On a thread of its own, of the same process, too small to be looked into by itself."""
    return make_case(house, a_thread(house, the_version()), impact="low", urgency="low")


def handed_over(house: House, *, finish: bool = False) -> Thread:
    """One more time through the handoff into the design, and through the design itself."""
    thread = a_thread(house, the_version())
    selling = step(thread, "sell")
    finish_step(selling, seen=selling.version, by=house.actor("sales"), now=house.at)
    handoff = an_offer(house, open_handoff(step(thread, "design")))
    accepted(house, handoff, receiver="technical")
    if finish:
        run = step(thread, "design")
        finish_step(run, seen=run.version, by=house.actor("technical"), now=house.at)
    return thread


def agree(action: CorrectiveAction, now: datetime) -> tuple[int, int]:
    action.refresh_from_db()
    counted = watch(action, now)
    slowly = (recounting.recurrences(action.pk, now), recounting.exposures(action.pk, now))
    assert (counted.recurrences, counted.exposures) == slowly
    return slowly


@pytest.fixture
def action(house: House) -> CorrectiveAction:
    """Against what got lost in the handoff from sales into the design; done now, watched for 30 days."""
    analysis = concluded(house, an_analysis(house))
    return done(house, an_action(house, analysis, window_days=30, window_exposures=0, allowed=1))


def test_an_action_just_done_has_nothing_to_count(house: House, action: CorrectiveAction) -> None:
    """Its own case came before."""
    assert agree(action, house.at) == (0, 0)


def test_same_cause_and_place_in_a_case_received_after_counts(house: House, action: CorrectiveAction) -> None:
    house.later(days=1)
    concluded(house, an_analysis(house, a_case_now(house)))
    assert agree(action, house.at) == (1, 0)


def test_another_cause_or_place_does_not_count(house: House, action: CorrectiveAction) -> None:
    house.later(days=1)
    concluded(house, an_analysis(house, a_case_now(house)), cause="capacity")
    concluded(house, an_analysis(house, a_case_now(house)), at_entry=False)
    other = a_case_now(house)
    concluded(house, an_analysis(house, other), the_step(other.thread, "sell"))
    assert agree(action, house.at) == (0, 0)


def test_the_metric_of_the_cause_alone_counts_it_anywhere(house: House, action: CorrectiveAction) -> None:
    everywhere = done(house, an_action(house, action.analysis, metric="cause", allowed=5))
    house.later(days=1)
    concluded(house, an_analysis(house, a_case_now(house)), at_entry=False)
    assert agree(everywhere, house.at) == (1, 0)
    assert agree(action, house.at) == (0, 0)


def test_a_case_received_before_but_analysed_after_does_not_count(house: House) -> None:
    first = concluded(house, an_analysis(house))
    earlier = a_case_now(house)
    house.later(hours=1)
    action = done(house, an_action(house, first))
    house.later(days=1)
    concluded(house, an_analysis(house, earlier))
    assert agree(action, house.at) == (0, 0)


def test_the_step_is_the_same_in_a_new_version_of_the_process(house: House, action: CorrectiveAction) -> None:
    house.later(days=1)
    draft = draft_template(export_template(the_version()), by=system(), now=house.at)
    publish_version(draft, seen=draft.version, by=system(), now=house.at)
    concluded(house, an_analysis(house, a_case_now(house)))
    handed_over(house)
    assert agree(action, house.at) == (1, 1)


def test_exposures_are_handoffs_offered_since_and_taken(house: House, action: CorrectiveAction) -> None:
    house.later(days=1)
    handed_over(house)
    handed_over(house, finish=True)
    only_offered = a_thread(house, the_version())
    selling = step(only_offered, "sell")
    finish_step(selling, seen=selling.version, by=house.actor("sales"), now=house.at)
    an_offer(house, open_handoff(step(only_offered, "design")))
    assert agree(action, house.at) == (0, 2)
    assert agree(action, house.at - timedelta(hours=1)) == (0, 0)


def test_exposures_of_a_step_are_its_runs_begun_since_and_over(house: House) -> None:
    running = two_steps(house)
    analysis = an_analysis(house, make_case(house, running, impact="low", urgency="low"))
    concluded(house, analysis, at_entry=False)
    house.later(hours=1)
    action = done(house, an_action(house, analysis))
    house.later(days=1)
    handed_over(house, finish=True)
    handed_over(house)  # under way
    assert agree(action, house.at) == (0, 1)


def test_missing_items_are_counted_at_the_border(house: House, action: CorrectiveAction) -> None:
    border = done(house, an_action(house, action.analysis, metric="missing", allowed=9))
    house.later(days=1)
    handed_over(house)
    marked = handed_over(house)
    item = step(marked, "design").handoffs.get().items.first()
    assert item is not None
    mark_missing(item, by=house.actor("technical"), now=house.at)
    thread = a_thread(house, the_version())
    selling = step(thread, "sell")
    finish_step(selling, seen=selling.version, by=house.actor("sales"), now=house.at)
    handoff = an_offer(house, open_handoff(step(thread, "design")))
    return_handoff(
        handoff, reason="gaps", comment="Sin plano", blocking_items=[handoff.items.all()[0]],
        seen=handoff.version, by=house.actor("technical"), now=house.at,
    )  # fmt: skip
    assert agree(border, house.at) == (2, 3)


# What follows from the count


def test_more_than_allowed_opens_it_again_with_the_new_analysis(
    house: House, action: CorrectiveAction
) -> None:
    house.later(days=1)
    concluded(house, an_analysis(house, a_case_now(house)))
    action.refresh_from_db()
    assert action.state == State.WATCHING  # one is allowed
    concluded(house, an_analysis(house, a_case_now(house)))
    action.refresh_from_db()
    assert (action.state, action.reopened_count, action.done_at) == (State.OPEN, 1, None)
    assert action.due_at == house.at + (action.first_due_at - action.created_at)
    event = LedgerEvent.objects.get(kind="action.reopened")
    assert (event.facts["why"], event.facts["analysis"]) == ("recurrence", Analysis.objects.latest("pk").pk)
    assert agree(action, house.at) == (0, 0)


def test_the_count_begins_anew_when_it_is_done_again(house: House, action: CorrectiveAction) -> None:
    house.later(days=1)
    for _ in range(2):
        concluded(house, an_analysis(house, a_case_now(house)))
    house.later(days=1)
    done(house, action)
    assert agree(action, house.at) == (0, 0)


def test_it_cannot_be_called_working_when_it_came_back(house: House) -> None:
    """The analysis was concluded, opened again before the window ended, and concluded after."""
    action = to_judge(house, concluded(house, an_analysis(house)), allowed=0)
    case = make_case(
        house, a_thread(house, the_version()), impact="low", urgency="low",
        received_at=house.at - timedelta(days=3),
    )  # fmt: skip
    CorrectiveAction.objects.filter(pk=action.pk).update(allowed=1)
    concluded(house, an_analysis(house, case))
    CorrectiveAction.objects.filter(pk=action.pk).update(allowed=0)
    action.refresh_from_db()
    with pytest.raises(RuleViolation, match="came back once") as refused:
        judge_action(action, works=True, judgement="Va", by=house.actor("logistics"), now=house.at)
    assert refused.value.field == "works"
    assert agree(action, house.at) == (1, 0)


def test_what_was_judged_to_work_answers_for_what_came_in_before(house: House) -> None:
    action = to_judge(house, concluded(house, an_analysis(house)))
    before = make_case(
        house, a_thread(house, the_version()), impact="low", urgency="low",
        received_at=house.at - timedelta(days=3),
    )  # fmt: skip
    judge_action(action, works=True, judgement="Va", by=house.actor("logistics"), now=house.at)
    house.later(days=1)
    after = a_case_now(house)
    concluded(house, an_analysis(house, after))
    action.refresh_from_db()
    assert action.state == State.EFFECTIVE
    concluded(house, an_analysis(house, before))
    action.refresh_from_db()
    assert action.state == State.OPEN


def test_an_analysis_opened_again_takes_its_recurrence_back(house: House, action: CorrectiveAction) -> None:
    house.later(days=1)
    again = concluded(house, an_analysis(house, a_case_now(house)))
    reopen_analysis(again, reason="No era eso", by=house.actor("sales"), now=house.at)
    assert agree(action, house.at) == (0, 0)


# The window


def test_the_window_is_the_later_of_days_and_uses(house: House) -> None:
    action = done(
        house, an_action(house, concluded(house, an_analysis(house)), window_days=30, window_exposures=2)
    )
    house.later(days=1)
    handed_over(house)
    house.later(days=40)
    run_action_windows(house.at)
    action.refresh_from_db()
    assert action.state == State.WATCHING  # one use of two
    handed_over(house)
    house.later(hours=1)
    run_action_windows(house.at)
    run_action_windows(house.at)
    action.refresh_from_db()
    assert (action.state, action.to_judge_at) == (State.TO_JUDGE, house.at)
    assert LedgerEvent.objects.filter(kind="action.window_ended").count() == 1


def test_enough_uses_do_not_shorten_the_days(house: House) -> None:
    action = done(
        house, an_action(house, concluded(house, an_analysis(house)), window_days=30, window_exposures=1)
    )
    house.later(days=1)
    handed_over(house)
    run_action_windows(house.later(days=28))
    action.refresh_from_db()
    assert action.state == State.WATCHING
    run_action_windows(house.later(days=2))
    action.refresh_from_db()
    assert action.state == State.TO_JUDGE


def test_a_window_that_proved_the_opposite_ends_at_once(house: House, action: CorrectiveAction) -> None:
    border = done(house, an_action(house, action.analysis, metric="missing"))
    house.later(days=1)
    item = step(handed_over(house), "design").handoffs.get().items.first()
    assert item is not None
    mark_missing(item, by=house.actor("technical"), now=house.at)
    house.later(minutes=1)
    run_action_windows(house.at)
    border.refresh_from_db()
    assert border.state == State.TO_JUDGE
    with pytest.raises(RuleViolation):
        end_window(border, by=system(), now=house.at)


# Figures


def test_the_catalogue_counts_cases_by_cause(house: House) -> None:
    start = house.at - timedelta(days=1)
    one = concluded(house, an_analysis(house))
    for _ in range(2):
        concluded(house, an_analysis(house, a_case_now(house)), cause="capacity")
    an_analysis(house, a_case_now(house))  # not concluded
    counted = causes_counted(since=start, until=house.at)
    slowly: dict[str, int] = {}
    for cause, _place, cases in recounting.conclusions().values():
        slowly[cause] = slowly.get(cause, 0) + len(cases)
    assert sorted(counted.values()) == sorted(slowly.values()) == [1, 2]
    assert one.cause_id is not None and counted[one.cause_id] == 1


@pytest.mark.parametrize(
    ("exposures", "recurrences", "said"),
    [
        (0, 0, "It has not run since then: nothing can be said yet."),
        (1, 0, "One use without failure shows nothing yet."),
        (3, 0, "3 uses without failure show nothing yet."),
        (20, 0, "20 uses without failure do not prove that it cannot happen again: only that it would fail "
                "fewer than 3 in every 20 times."),
        (20, 1, "It came back once in 20 uses."),
        (20, 4, "It came back 4 times in 20 uses."),
    ],
)  # fmt: skip
def test_the_rule_of_three_in_words(exposures: int, recurrences: int, said: str) -> None:
    assert rule_of_three(exposures, recurrences=recurrences) == said
