"""Several people and several workers at once, as separate processes; and a worker that is killed."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from hilo.analysis import folders
from hilo.analysis.jobs import run_diagnosis
from hilo.analysis.models import Diagnosis
from hilo.ledger.models import LedgerEvent
from tests.factories.analysis import a_diagnosis, fail
from tests.factories.parties import NOW, Company, a_company
from tests.support.processes import Child, run_at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company(settings: Settings, tmp_path: Path) -> Company:
    settings.MEDIA_ROOT = tmp_path
    return a_company()


def finished() -> int:
    return LedgerEvent.objects.filter(kind="diagnosis.finished").count()


def test_one_form_from_three_windows_at_once_is_one_diagnosis(company: Company) -> None:
    call = {"person": company.director.pk, "ticket": "one form", "now": NOW.isoformat()}
    outcomes = run_at_once("tests.analysis.racing:ask", [call] * 3)
    assert sorted(bool(one.value) for one in outcomes) == [False, False, True]
    assert Diagnosis.objects.count() == DBTaskResult.objects.count() == 1


def test_of_two_people_who_ask_again_at_once_one_starts_it(company: Company) -> None:
    diagnosis = a_diagnosis(company.heads["sales"])
    fail(diagnosis)
    people = (company.heads["sales"], company.director)
    facts = {"diagnosis": diagnosis.pk, "seen": diagnosis.version, "now": NOW.isoformat()}
    calls = [{**facts, "person": person.pk} for person in people]
    outcomes = run_at_once("tests.analysis.racing:again", calls)
    assert sorted(one.succeeded for one in outcomes) == [False, True]
    assert Diagnosis.objects.get().run == 2 and DBTaskResult.objects.count() == 2


def test_of_two_workers_at_one_run_one_reports(company: Company, tmp_path: Path) -> None:
    diagnosis = a_diagnosis(company.heads["sales"], log=b"report")
    call = {"diagnosis": diagnosis.pk, "media": str(tmp_path)}
    run_at_once("tests.analysis.racing:run", [call] * 2)
    diagnosis.refresh_from_db()
    assert diagnosis.state == Diagnosis.State.DONE and finished() == 1
    results = folders.folder_of(diagnosis.token) / "results"
    assert [each.name for each in results.iterdir()] == [diagnosis.result]


def test_a_killed_worker_takes_its_reader_along_and_the_next_begins_again(
    company: Company, tmp_path: Path, asked: object
) -> None:
    trace = tmp_path / "trace"
    diagnosis = a_diagnosis(company.heads["sales"], log=f"orphan {trace}".encode())
    worker = Child("tests.analysis.racing:run", {"diagnosis": diagnosis.pk, "media": str(tmp_path)})
    worker.wait_until_ready()
    worker.go()
    wait_until(lambda: trace.is_file() and trace.read_text().isdigit())
    worker.kill()
    wait_until(lambda: trace.read_text() == "gone")
    diagnosis.refresh_from_db()
    assert diagnosis.state == Diagnosis.State.RUNNING
    folders.path_of(diagnosis.token, "files", diagnosis.files[0]).write_text("report", encoding="utf-8")
    run_diagnosis(diagnosis.pk, 1)
    diagnosis.refresh_from_db()
    assert diagnosis.state == Diagnosis.State.DONE and finished() == 1


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
