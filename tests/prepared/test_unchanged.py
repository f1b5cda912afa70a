"""What the company is asked again and again is asked once for a batch of an import, and anew for the next."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hilo.errors import RuleViolation
from hilo.parties.models import Person
from hilo.parties.queries.calendars import while_no_calendar_changes
from hilo.unchanged import Remembered, while_the_company_stays_as_it_is
from hilo.work.commands.threads import open_thread
from hilo.work.models import StepRun, Thread
from tests.factories.parties import a_person
from tests.factories.work import TWO_STEPS, House, a_house, a_published_template, a_thread

pytestmark = pytest.mark.django_db
MOST_QUERIES_IN_A_BATCH = 25

_called = Remembered(lambda *, ids: Person.objects.filter(pk__in=ids).values_list("name", flat=True))


@pytest.fixture
def house() -> House:
    return a_house()


def test_the_same_question_is_asked_once_inside_and_each_time_outside(house: House) -> None:
    one, other = house.person("sales"), house.person("technical")
    with CaptureQueriesContext(connection) as inside, while_the_company_stays_as_it_is():
        assert _called(ids=[one.pk]) == _called(ids=[one.pk]) == [one.name]
        assert _called(ids={other.pk}) == [other.name]
        with while_the_company_stays_as_it_is():
            assert _called(ids=[one.pk]) == [one.name]
    with CaptureQueriesContext(connection) as outside:
        _called(ids=[one.pk])
        _called(ids=[one.pk])
    assert (len(inside), len(outside)) == (2, 2)


def test_what_changed_holds_from_the_next_batch_on(house: House) -> None:
    one = house.person("sales")
    for name in ("Marta Gil", "Marta Gil Ruiz"):
        Person.objects.filter(pk=one.pk).update(name=name)
        with while_the_company_stays_as_it_is():
            assert _called(ids=[one.pk]) == [name]


def test_threads_opened_in_a_batch_are_those_opened_one_by_one_for_fewer_statements(house: House) -> None:
    a_published_template(TWO_STEPS.replace("new_account", "service") % {"weight": "light"})
    alone = _opened(house)
    with while_the_company_stays_as_it_is(), while_no_calendar_changes():
        together = [_opened(house), _opened(house)]
        with CaptureQueriesContext(connection) as caught:
            together.append(_opened(house))
    assert len(caught) <= MOST_QUERIES_IN_A_BATCH
    assert all(_told(thread) == _told(alone) for thread in together)


def _opened(house: House) -> Thread:
    return a_thread(house)


def _told(thread: Thread) -> object:
    thread.refresh_from_db()
    runs = StepRun.objects.filter(thread=thread).order_by("position")
    facts = ("name", "state", "area_id", "delegation_id", "holder_id", "due_at", "started_at", "version")
    return [
        (thread.next_kind, thread.next_due, thread.next_news_at, thread.turn_area_id, thread.version),
        list(runs.values_list(*facts)),
        list(runs.filter(spans__isnull=False).values_list("position", "spans__kind", "spans__opened_at")),
    ]


def test_somebody_who_leaves_in_the_middle_of_a_batch_gets_nothing_more(house: House) -> None:
    leaver = a_person(area=house.area("sales"), delegation=house.company.zaragoza)
    facts = {"customer": house.customer, "kind": "service", "by": house.actor("sales"), "now": house.at}
    with while_the_company_stays_as_it_is():
        open_thread(title="Una", owner=leaver, **facts)  # type: ignore[arg-type]
        Person.objects.filter(pk=leaver.pk).update(is_active=False)
        with pytest.raises(RuleViolation):
            open_thread(title="Otra", owner=leaver, **facts)  # type: ignore[arg-type]
    assert Thread.objects.filter(owner=leaver).count() == 1
