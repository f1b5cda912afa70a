"""The reading apart: what came of it, however it ends. The reader is a stand-in that does what it is told."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from hilo.analysis import folders, running
from hilo.analysis.apart import Request
from hilo.analysis.commands.diagnoses import ask_again, delete_diagnosis
from hilo.analysis.jobs import give_up, run_diagnosis
from hilo.analysis.models import Diagnosis
from hilo.analysis.outcome import Called, Outcome, Report
from hilo.jobs.claims import FAILED
from hilo.ledger.models import LedgerEvent
from tests.analysis.conftest import Asks
from tests.factories.parties import NOW, Company, acting

pytestmark = pytest.mark.django_db
State = Diagnosis.State


def run(diagnosis: Diagnosis) -> Diagnosis:
    run_diagnosis(diagnosis.pk, diagnosis.run)
    diagnosis.refresh_from_db()
    return diagnosis


def leftovers(diagnosis: Diagnosis) -> list[str]:
    """What lies among the results besides the one report."""
    there = folders.folder_of(diagnosis.token) / "results"
    return [each.name for each in there.glob("*") if each.name != diagnosis.result]


def test_a_report_is_kept_in_both_languages_under_a_name_of_its_own(asked: Asks) -> None:
    done = run(asked("report"))
    assert (done.state, done.cases, done.events, done.findings) == (State.DONE, 2, 5, 1)
    assert done.headline == {"es": "No hay ninguna fecha.", "en": "There is no date."}
    for lang in ("es", "en"):
        path = folders.report_path(done.token, done.result, lang, "html")
        assert path.read_text(encoding="utf-8") == f"<h1>{lang}"
    assert leftovers(done) == [] and folders.look_of(done.token) is not None


def test_how_far_it_is_can_be_seen_while_it_runs(asked: Asks, monkeypatch: pytest.MonkeyPatch) -> None:
    diagnosis, seen = asked("noise"), []
    telling = running._telling

    def watched(one: Diagnosis):  # type: ignore[no-untyped-def]
        tell = telling(one)

        def tell_and_look(phase: str) -> bool:
            goes_on = tell(phase)
            row = Diagnosis.objects.get(pk=one.pk)
            seen.append((row.state, row.phase))
            return goes_on

        return tell_and_look

    monkeypatch.setattr(running, "_telling", watched)
    run(diagnosis)
    assert (State.RUNNING, "reading") in seen and seen[-1] == (State.RUNNING, "finding")
    assert diagnosis.phase == ""


def test_a_refusal_keeps_the_files_and_the_sentence(asked: Asks) -> None:
    refused = run(asked("refuse"))
    assert refused.state == State.REFUSED and refused.said["es"] == "No hay ninguna fecha."
    assert folders.path_of(refused.token, "files", refused.files[0]).is_file()
    assert leftovers(refused) == []
    assert LedgerEvent.objects.filter(kind="diagnosis.refused").count() == 1


def test_doubtful_columns_become_a_question(asked: Asks) -> None:
    assert run(asked("ask")).state == State.ASKING


def test_what_a_person_said_reaches_the_reader(asked: Asks, company: Company) -> None:
    diagnosis = run(asked("ask"))
    said = {"case": "Pedido", "area": ""}
    ask_again(diagnosis, columns=said, by=acting(company.heads["sales"]), now=NOW)
    run(diagnosis)
    look = folders.look_of(diagnosis.token)
    assert look is not None and look["was_asked"] == said


def test_a_reader_that_breaks_is_our_fault_and_said_in_the_log(
    asked: Asks, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert run(asked("crash")).state == State.FAILED
    assert "KeyError" in caplog.text


@pytest.mark.parametrize("what", ["memory", "killed"])
def test_too_large_a_log_is_said_with_what_to_do(asked: Asks, what: str) -> None:
    refused = run(asked(what))
    assert refused.state == State.REFUSED
    assert "memoria" in refused.said["es"] and "memory" in refused.said["en"]


def test_one_that_takes_too_long_is_ended(asked: Asks, settings: Settings) -> None:
    settings.HILO_DIAGNOSIS = {"longest": timedelta(seconds=1)}
    began = time.monotonic()
    refused = run(asked("sleep"))
    assert time.monotonic() - began < 30
    assert refused.state == State.REFUSED and "hilo diagnose" in refused.said["es"]


def test_the_same_run_twice_is_one_report(asked: Asks) -> None:
    first = run(asked("report")).result
    run_diagnosis(Diagnosis.objects.get().pk, 1)
    assert Diagnosis.objects.get().result == first
    assert LedgerEvent.objects.filter(kind="diagnosis.finished").count() == 1


def test_what_a_killed_worker_left_is_begun_again(asked: Asks) -> None:
    """Its row says that it runs; the task came back to the queue."""
    diagnosis = asked("report")
    Diagnosis.objects.filter(pk=diagnosis.pk).update(state=State.RUNNING, phase="measuring")
    left = folders.room_aside(diagnosis.token)
    assert run(diagnosis).state == State.DONE
    assert leftovers(diagnosis) == [left.name]  # until it is swept


def test_of_two_workers_at_the_same_run_one_reports_and_the_other_leaves_nothing(
    asked: Asks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first was frozen so long that its task was given to another."""
    diagnosis = asked("report")
    reading = running.read_apart

    def slowly(request: Request, tell: object) -> Outcome:
        monkeypatch.setattr(running, "read_apart", reading)
        run_diagnosis(diagnosis.pk, 1)
        return reading(request, tell)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "read_apart", slowly)
    run_diagnosis(diagnosis.pk, 1)
    diagnosis.refresh_from_db()
    assert diagnosis.state == State.DONE and leftovers(diagnosis) == []
    assert LedgerEvent.objects.filter(kind="diagnosis.finished").count() == 1


def test_one_deleted_while_it_is_read_leaves_nothing_behind(
    asked: Asks, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    diagnosis = asked("report")
    reading = running.read_apart
    outcomes: list[Outcome] = []

    def deleted_meanwhile(request: Request, tell: object) -> Outcome:
        by = acting(company.heads["sales"])
        delete_diagnosis(Diagnosis.objects.get(pk=diagnosis.pk), by=by, now=NOW)
        outcomes.append(reading(request, tell))  # type: ignore[arg-type]
        return outcomes[0]

    monkeypatch.setattr(running, "read_apart", deleted_meanwhile)
    run_diagnosis(diagnosis.pk, 1)
    assert isinstance(outcomes[0], Called)
    assert not folders.folder_of(diagnosis.token).exists()


def test_what_the_queue_gave_up_is_marked_as_broken_off(asked: Asks) -> None:
    lost, going = asked("report"), asked("report")
    for one in (lost, going):
        one.refresh_from_db()
    DBTaskResult.objects.filter(pk=lost.task_id).update(status=FAILED)
    give_up(timezone.now())
    lost.refresh_from_db()
    going.refresh_from_db()
    assert (lost.state, going.state) == (State.FAILED, State.WAITING)


def test_the_result_tells_how_much_was_read(asked: Asks, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("report", encoding="utf-8")
    told: list[str] = []
    outcome = running.read_apart(Request((log,), tmp_path), lambda phase: bool(told.append(phase) or True))
    assert isinstance(outcome, Report) and outcome.cases == 2
    assert told == ["reading", "finding"]
