"""What stands beside Mi día: what I supervise, who stands in for whom, what I was told; in one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from hilo.parties.actor import Actor
from hilo.parties.models import Absence, Area, Customer, Notice, Person
from hilo.parties.queries.covering import A_WEEK, absences_around
from hilo.parties.queries.notices import unread_notices
from hilo.work.access import threads_visible_to
from hilo.work.models import StepRun, Thread
from hilo.work.queries.supervised import steps_away, threads_supervised
from hilo.work.queries.together import Together

MOST_SUPERVISED = 6
MOST_NOTICES = 8


@dataclass(slots=True)
class Beside:
    """Threads come with their customer, steps with holder and area, absences with both people."""

    supervised: list[Thread] = field(default_factory=list)  # the first ones, the earliest due first
    supervised_count: int = 0
    away: dict[int, list[StepRun]] = field(default_factory=dict)  # by thread: what others have of it
    absences: list[Absence] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)  # the newest unread ones
    told_on: dict[int, Thread] = field(default_factory=dict)  # threads of notices that the actor may see


def beside_my_day(actor: Actor, *, today: date) -> Beside:
    """``today`` is the day where the actor is."""
    if actor.person is None:
        return Beside()
    found = dict(zip(_PARTS, _rows(actor=actor, today=today, until=today + A_WEEK), strict=True))
    people = _by_pk(found["people"])
    areas, customers = _by_pk(found["areas"]), _by_pk([*found["customers"], *found["told_to"]])
    for thread in (*found["supervised"], *found["told_on"]):
        thread.customer = customers[thread.customer_id]
    for step in found["away"]:
        step.area = areas[step.area_id]
        step.holder = people.get(step.holder_id)
    for absence in found["absences"]:
        absence.person, absence.substitute = people[absence.person_id], people[absence.substitute_id]
    return Beside(
        supervised=sorted(found["supervised"], key=lambda each: (each.next_due, each.pk)),
        supervised_count=len({step.thread_id for step in found["away"]}),
        away=_by_thread(found["away"]),
        absences=sorted(found["absences"], key=lambda each: (each.first_day, each.pk)),
        notices=sorted(found["notices"], key=lambda each: (each.interrupts, each.created_at, each.pk))[::-1],
        told_on=_by_pk(found["told_on"]),
    )


_PARTS = ("supervised", "away", "absences", "notices", "told_on", "areas", "people", "customers", "told_to")


@Together
def _rows(*, actor: Actor, today: date, until: date) -> list[QuerySet[Any]]:
    supervised = Thread.objects.filter(pk__in=threads_supervised(actor).values("pk")[:MOST_SUPERVISED])
    notices = Notice.objects.filter(pk__in=unread_notices(actor).values("pk")[:MOST_NOTICES])
    told_on = threads_visible_to(actor).filter(pk__in=notices.values("thread_id"))
    away, absences = steps_away(actor), absences_around(actor, today, until=until)
    named = (
        Q(pk__in=away.filter(holder__isnull=False).values("holder"))
        | Q(pk__in=absences.values("person"))
        | Q(pk__in=absences.values("substitute"))
    )
    return [
        supervised,
        away.only("thread", "holder", "area", "due_at"),
        absences,
        notices,
        told_on.only("code", "title", "customer"),
        Area.objects.only("name"),
        Person.objects.filter(named).only("name"),
        Customer.objects.filter(pk__in=supervised.values("customer")).only("name"),
        Customer.objects.filter(pk__in=told_on.values("customer")).only("name"),
    ]


def _by_pk(rows: Iterable[Any]) -> dict[int, Any]:
    return {row.pk: row for row in rows}


def _by_thread(steps: Iterable[StepRun]) -> dict[int, list[StepRun]]:
    found: dict[int, list[StepRun]] = {}
    for step in steps:
        found.setdefault(step.thread_id, []).append(step)
    return found
