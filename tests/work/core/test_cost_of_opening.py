"""An import opens threads by the thousand: what one asks of the database is counted, not timed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hilo.ledger.models import LedgerEvent
from hilo.ledger.verify import verify
from hilo.work.models import StepRun, StepRunLink, TemplateVersion
from tests.factories.work import House, a_house, a_published_template, a_thread

pytestmark = pytest.mark.django_db

MOST_QUERIES = 37


@pytest.fixture
def house(db: None) -> House:
    return a_house()


def a_chain(steps: int) -> TemplateVersion:
    lines = [f"code: chain-{steps}", f"name: Cadena de {steps}", "kind: new_account", "steps:"]
    for number in range(steps):
        area = ("sales", "technical", "production")[number % 3]
        after = f"s{number - 1}" if number else ""
        lines.append(
            f"  - {{key: s{number}, name: Paso {number}, area: {area}, target: 1d, after: [{after}]}}"
        )
    return a_published_template("\n".join(lines))


def asked_to_open(house: House, version: TemplateVersion) -> int:
    a_thread(house, version)
    with CaptureQueriesContext(connection) as caught:
        a_thread(house, version)
    return len(caught)


def test_opening_a_thread_with_its_process_asks_the_database_a_known_number_of_times(house: House) -> None:
    assert asked_to_open(house, a_chain(5)) <= MOST_QUERIES


def test_a_long_process_asks_as_often_as_a_short_one(house: House) -> None:
    assert asked_to_open(house, a_chain(30)) == asked_to_open(house, a_chain(3))


def test_a_process_laid_out_at_once_has_all_its_steps_links_dates_and_events(house: House) -> None:
    thread = a_thread(house, a_chain(4))

    runs = list(StepRun.objects.filter(thread=thread))
    assert [run.name for run in runs] == ["Paso 0", "Paso 1", "Paso 2", "Paso 3"]
    assert [run.state for run in runs] == ["running", "planned", "planned", "planned"]
    dates = [run.due_at for run in runs if run.due_at is not None]
    assert dates == sorted(dates) and len(set(dates)) == 4
    links = StepRunLink.objects.filter(after__thread=thread).order_by("after__position")
    assert [(link.before, link.after) for link in links] == list(pairwise(runs))
    told = LedgerEvent.objects.filter(thread_id=thread.pk).order_by("pk").values_list("kind", "subject_id")
    assert list(told) == [
        ("thread.opened", thread.pk),
        *[("step.planned", run.pk) for run in runs],
        ("step.started", runs[0].pk),
    ]
    assert verify().holds
