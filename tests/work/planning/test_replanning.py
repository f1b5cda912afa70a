"""Moving a date of a plan: what follows is saved with it, refusals are sentences, undoing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hilo.errors import NotAllowed, RuleViolation, Stale
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import Actor
from hilo.parties.queries.calendars import clock_of, close_of, day_of
from hilo.work.commands.conversation import tell_customer
from hilo.work.commands.pausing import pause_thread
from hilo.work.commands.promised_dates import Telling
from hilo.work.commands.promises import make_promise
from hilo.work.commands.replanning import replan_step, undo_replan
from hilo.work.commands.reviews import plan_review
from hilo.work.commands.step_runs import finish_step
from hilo.work.models import PlanMove, Promise, ReserveUse, StepRun, Thread, Update
from hilo.work.planned import foresee_on
from hilo.work.planning import Edge
from tests.factories.parties import a_person, acting
from tests.factories.planning import Scene, a_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return a_scene(promised_days_after=14)


def days_on(run: StepRun, days: int) -> datetime:
    assert run.due_at is not None
    clock = clock_of(run.area_id, run.delegation_id)
    return close_of(clock, clock.add_working_days(day_of(clock, run.due_at), days))


def moved(scene: Scene, key: str, days: int, *, by: Actor | None = None, **facts: object) -> PlanMove:
    run = scene.run(key)
    given: dict[str, object] = {"edge": "end", "to": days_on(run, days), "reason": "Falta el motor"}
    given |= {"seen": run.version, "by": by or scene.house.actor("sales"), "now": scene.now, **facts}
    return replan_step(run, **given)  # type: ignore[arg-type]


def dates(scene: Scene) -> dict[str, datetime | None]:
    runs = StepRun.objects.filter(thread=scene.thread).select_related("step")
    return {run.step.key: run.due_at for run in runs if run.step}


def kinds_since(event: LedgerEvent | None) -> list[str]:
    newest = event.pk if event else 0
    return list(LedgerEvent.objects.filter(pk__gt=newest).order_by("pk").values_list("kind", flat=True))


def test_a_later_end_moves_what_waits_for_it_and_uses_the_reserve_with_its_reason(scene: Scene) -> None:
    before, newest = dates(scene), LedgerEvent.objects.latest("pk")
    saved = moved(scene, "build", 3)
    after = dates(scene)
    assert {key for key in after if after[key] != before[key]} == {"build", "test", "deliver"}
    use = ReserveUse.objects.get()
    assert (use.reason, use.used_by) == ("Falta el motor", scene.owner)
    assert saved.reserve_use == use and use.minutes > 2 * 480
    assert kinds_since(newest) == ["plan.moved"]


def test_what_was_shown_is_what_is_done(scene: Scene) -> None:
    run = scene.run("build")
    seen = foresee_on(run, edge=Edge.END, to=days_on(run, 4), now=scene.now)
    moved(scene, "build", 4, shown=seen.shown)
    after = {shift.run.pk: shift.new for shift in seen.shifts}
    assert {pk: StepRun.objects.get(pk=pk).due_at for pk in after} == after
    assert ReserveUse.objects.get().minutes == seen.minutes


def test_a_start_moves_the_whole_step(scene: Scene) -> None:
    run = scene.run("buy")
    clock = clock_of(run.area_id, run.delegation_id)
    start = clock.next_open(days_on(run, 0) + timedelta(hours=1))
    moved(scene, "buy", 0, edge="start", to=start)
    assert scene.run("buy").due_at == clock.add(start, timedelta(days=4 * 8 / 24))


def test_bringing_a_step_forward_needs_no_reason(scene: Scene) -> None:
    moved(scene, "deliver", 5)
    moved(scene, "deliver", -2, reason="")
    assert ReserveUse.objects.count() == 1, "a finish that comes earlier uses nothing"


def test_without_a_reserve_the_reason_says_why_every_day_counts(scene: Scene) -> None:
    Thread.objects.filter(pk=scene.thread.pk).update(reserve_minutes=0, reserve_justification="Todo está")
    with pytest.raises(RuleViolation, match="no tiene reserva"):
        moved(scene, "build", 3, reason=" ")
    moved(scene, "build", 3)
    assert not ReserveUse.objects.exists()


# ---- refusals -------------------------------------------------------------------------------------------


def refused(scene: Scene, key: str, sentence: str, days: int = 3, **facts: object) -> None:
    before, events = dates(scene), LedgerEvent.objects.count()
    with pytest.raises(RuleViolation, match=sentence):
        moved(scene, key, days, **facts)
    assert (dates(scene), LedgerEvent.objects.count()) == (before, events)


def test_a_date_before_the_step_it_waits_for_says_when_it_could_be(scene: Scene) -> None:
    refused(scene, "deliver", "espera a «Prueba en fábrica».*como muy pronto puede ser el martes 15", days=-2)


def test_a_closed_day_says_the_next_working_moment(scene: Scene) -> None:
    saturday = datetime.fromisoformat("2026-12-12T10:00:00+00:00")
    refused(scene, "build", "no trabaja entonces. El siguiente momento laborable es el lunes 14", to=saturday)


def test_a_step_cannot_be_dragged_into_having_been_done(scene: Scene) -> None:
    yesterday = scene.now - timedelta(days=1)
    for edge in ("start", "end"):
        refused(scene, "deliver", "no empieza ni termina un paso", to=yesterday, edge=edge)
    assert scene.run("deliver").state == "planned"


def test_a_step_that_is_over_keeps_its_dates(scene: Scene) -> None:
    refused(scene, "sell", "ya terminó", to=scene.now + timedelta(days=3))


def test_the_start_of_a_step_in_hand_is_history(scene: Scene) -> None:
    by = scene.house.actor("technical")
    refused(scene, "design", "ya empezó", to=scene.now + timedelta(hours=4), edge="start", by=by)


def test_a_step_on_offer_carries_its_date_in_the_offer(scene: Scene) -> None:
    design = scene.run("design")
    finish_step(design, seen=design.version, by=scene.house.actor("technical"), now=scene.now)
    StepRun.objects.filter(pk=scene.run("build").pk).update(state="offered")
    refused(scene, "build", "está en traspaso", by=scene.house.actor("sales"))


def test_another_area_moves_nothing_of_theirs(scene: Scene) -> None:
    with pytest.raises(NotAllowed, match="responde de la fecha"):
        moved(scene, "build", 3, by=scene.house.actor("logistics"))
    with pytest.raises(NotAllowed, match="responde de la fecha"):
        moved(scene, "design", 3, by=scene.house.actor("sales"))
    moved(scene, "build", 3, by=scene.house.head("production"))


def test_somebody_of_another_delegation_moves_nothing(scene: Scene) -> None:
    company = scene.house.company
    stranger = a_person(area=company.areas["production"], delegation=company.sevilla, now=scene.now)
    with pytest.raises(NotAllowed):
        moved(scene, "build", 3, by=acting(stranger, scene.now))


def test_a_paused_thread_is_woken_first(scene: Scene) -> None:
    scene.thread.refresh_from_db()
    pause_thread(
        scene.thread, reason="Obras", until=scene.now + timedelta(days=5), seen=scene.thread.version,
        by=scene.house.actor("sales"), now=scene.now,
    )  # fmt: skip
    refused(scene, "build", "en pausa")


def test_a_stale_page_saves_nothing(scene: Scene) -> None:
    run = scene.run("build")
    seen = foresee_on(run, edge=Edge.END, to=days_on(run, 4), now=scene.now)
    moved(scene, "design", 6, reason="Más horas", by=scene.house.actor("technical"))
    with pytest.raises(Stale):
        moved(scene, "build", 0, to=days_on(run, 9), shown=seen.shown)
    with pytest.raises(Stale):
        moved(scene, "deliver", 2, seen=scene.run("deliver").version - 1)


# ---- what the customer was promised ---------------------------------------------------------------------


def telling(scene: Scene) -> Telling:
    return Telling(
        text="Serán dos días más: la llenadora llega tarde.", contacts=[scene.house.contact], channel="call"
    )


def test_a_promised_date_does_not_move_silently() -> None:
    scene = a_scene(promised_days_after=1)
    refused(scene, "deliver", "se prometió a .* Díselo con este cambio")
    moved(scene, "deliver", 3, telling=telling(scene))
    update = Update.objects.get(thread=scene.thread)
    assert update.said_at == scene.now and list(update.contacts.all()) == [scene.house.contact]
    assert Promise.objects.get().state == "open", "the promise stays until it is renegotiated or broken"


def test_a_message_nobody_needs_is_not_sent(scene: Scene) -> None:
    moved(scene, "build", 1, telling=telling(scene))
    assert not Update.objects.exists()


def test_what_moves_an_earlier_step_is_a_date_of_the_customer_as_well() -> None:
    scene = a_scene(promised_days_after=1)
    refused(scene, "build", "se prometió a .* Díselo con este cambio", days=4)
    refused(scene, "design", "Díselo", days=6, by=scene.house.actor("technical"))


def test_putting_a_date_back_breaks_no_promise_made_on_the_earlier_one(scene: Scene) -> None:
    moved(scene, "deliver", 8)
    earlier = moved(scene, "deliver", -6)
    due = scene.run("deliver").due_at
    make_promise(
        scene.thread, text="La puesta en marcha", due=due, contact=scene.house.contact,
        where="call", by=scene.house.actor("sales"), now=scene.now,
    )  # fmt: skip
    stood = dates(scene)
    with pytest.raises(RuleViolation, match="desde entonces se ha prometido a"):
        undo_replan(earlier, seen=earlier.version, by=scene.house.actor("sales"), now=scene.now)
    assert dates(scene) == stood


# ---- undoing --------------------------------------------------------------------------------------------


def undone(scene: Scene, saved: PlanMove) -> None:
    saved.refresh_from_db()
    undo_replan(saved, seen=saved.version, by=scene.house.actor("sales"), now=scene.house.later(minutes=5))


def test_undoing_puts_every_date_back_and_the_reserve(scene: Scene) -> None:
    before, saved = dates(scene), moved(scene, "build", 3)
    newest = LedgerEvent.objects.latest("pk")
    undone(scene, saved)
    assert dates(scene) == before
    assert not ReserveUse.objects.exists()
    assert kinds_since(newest) == ["plan.move_undone"]
    with pytest.raises(RuleViolation, match="ya se deshizo"):
        undone(scene, saved)


def test_what_followed_stands_in_the_way_of_undoing(scene: Scene) -> None:
    first = moved(scene, "build", 3)
    second = moved(scene, "deliver", 1)
    with pytest.raises(RuleViolation, match="se ha vuelto a mover"):
        undone(scene, first)
    tell_customer(
        scene.thread, text="Va bien", contacts=[scene.house.contact], channel="call",
        by=scene.house.actor("sales"), now=scene.now,
    )  # fmt: skip
    with pytest.raises(RuleViolation, match="ha recibido un mensaje"):
        undone(scene, second)


def test_work_that_went_on_is_not_undone_with_the_date(scene: Scene) -> None:
    saved = moved(scene, "build", 3)
    StepRun.objects.filter(pk=scene.run("test").pk).update(state="skipped", finished_at=scene.now)
    with pytest.raises(RuleViolation, match="El trabajo ha seguido"):
        undone(scene, saved)


def test_a_review_that_would_see_nothing_is_named(scene: Scene) -> None:
    run = scene.run("build")
    clock = clock_of(run.area_id, run.delegation_id)
    at = clock.next_open(days_on(run, -4) + timedelta(hours=1))
    plan_review(
        scene.thread, text="Ver el bastidor", starts_at=at, step_run=run, by=scene.house.actor("sales"),
        now=scene.now,
    )  # fmt: skip
    assert foresee_on(run, edge=Edge.END, to=days_on(run, 10), now=scene.now).reviews
    assert not foresee_on(run, edge=Edge.END, to=days_on(run, 1), now=scene.now).reviews
