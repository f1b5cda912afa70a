"""Asking for a diagnosis, once more, and taking it away: by whom, how often, and what stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from hilo.analysis import folders
from hilo.analysis.access import diagnoses_visible_to
from hilo.analysis.commands.diagnoses import (
    ask_again,
    ask_columns,
    ask_diagnosis,
    delete_diagnosis,
    finish_diagnosis,
)
from hilo.analysis.models import Diagnosis
from hilo.analysis.outcome import Report
from hilo.errors import NotAllowed, RuleViolation, Stale
from hilo.ledger.models import LedgerEvent, PrivateText
from hilo.parties.actor import system
from tests.factories.analysis import a_diagnosis, a_finished_diagnosis, fail, finish, refuse
from tests.factories.parties import NOW, Company, a_manager, acting

pytestmark = pytest.mark.django_db
State = Diagnosis.State
LATER = NOW + timedelta(minutes=5)


def kinds() -> list[str]:
    return list(
        LedgerEvent.objects.filter(subject_type="diagnosis").order_by("id").values_list("kind", flat=True)
    )


def test_what_is_asked_for_waits_for_a_worker_and_stands_in_the_ledger_sealed(company: Company) -> None:
    diagnosis = a_diagnosis(company.heads["sales"], name="Pedidos de Roca Alta")
    diagnosis.refresh_from_db()
    assert (diagnosis.state, diagnosis.run, diagnosis.files[0]["name"]) == (State.WAITING, 1, "pedidos.csv")
    task = DBTaskResult.objects.get(pk=diagnosis.task_id)
    assert task.args_kwargs["args"] == [diagnosis.pk, 1]
    event = LedgerEvent.objects.get(kind="diagnosis.asked")
    assert "Roca" not in event.payload
    assert event.facts["files"] == 1 and event.facts["size"] == diagnosis.files[0]["size"]


def test_a_form_sent_twice_is_one_diagnosis(company: Company) -> None:
    by = acting(company.heads["sales"])
    facts = {"name": "Pedidos", "ticket": "the same form", "files": [], "is_example": True}
    first, is_new = ask_diagnosis(**facts, token=folders.new_token(), by=by, now=NOW)
    second, is_new_again = ask_diagnosis(**facts, token=folders.new_token(), by=by, now=NOW)
    assert first == second and is_new and not is_new_again
    assert kinds() == ["diagnosis.asked"]
    assert DBTaskResult.objects.count() == 1


def test_the_same_form_of_somebody_else_is_another_diagnosis(company: Company) -> None:
    for person in (company.heads["sales"], company.director):
        facts = {"name": "Pedidos", "ticket": "guessed", "files": [], "is_example": True}
        ask_diagnosis(**facts, token=folders.new_token(), by=acting(person), now=NOW)
    assert Diagnosis.objects.count() == 2


@pytest.mark.parametrize("who", ["person", "auditor"])
def test_who_may_not_run_one_is_refused_before_anything_is_kept(company: Company, who: str) -> None:
    person = company.people["sales"]
    if who == "auditor":
        person.is_auditor = True
        person.save(update_fields=["is_auditor"])
    with pytest.raises(NotAllowed):
        ask_diagnosis(
            name="x",
            token=folders.new_token(),
            ticket="t",
            files=[],
            is_example=True,
            by=acting(person),
            now=NOW,
        )
    assert not Diagnosis.objects.exists() and not DBTaskResult.objects.exists()


def test_people_without_an_office_see_none_and_heads_see_all(company: Company) -> None:
    a_diagnosis(company.director)
    assert diagnoses_visible_to(acting(company.heads["sales"])).count() == 1
    assert not diagnoses_visible_to(acting(company.people["sales"])).exists()


@pytest.mark.parametrize("who", ["director", "administrator"])
def test_who_answers_for_the_house_may_change_anybodys(company: Company, who: str) -> None:
    diagnosis = a_finished_diagnosis(company.heads["sales"])
    ask_again(diagnosis, by=acting(company.people[who]), now=LATER)
    assert diagnosis.state == State.WAITING


def test_another_heads_report_can_be_read_and_not_changed(company: Company) -> None:
    diagnosis = a_finished_diagnosis(company.heads["sales"])
    other = acting(company.heads["production"])
    manager = acting(a_manager(company, company.zaragoza))
    for by in (other, manager):
        with pytest.raises(NotAllowed, match="quien lo pidió"):
            ask_again(diagnosis, by=by, now=LATER)
        with pytest.raises(NotAllowed):
            delete_diagnosis(diagnosis, by=by, now=LATER)
    diagnosis.refresh_from_db()
    assert diagnosis.state == State.DONE


def test_while_it_runs_nobody_can_ask_for_it_again(company: Company) -> None:
    head = company.heads["sales"]
    diagnosis = a_diagnosis(head)
    with pytest.raises(RuleViolation):
        ask_again(diagnosis, by=acting(head), now=LATER)
    assert kinds() == ["diagnosis.asked"]


def test_of_two_who_ask_again_at_once_one_wins(company: Company) -> None:
    diagnosis = a_diagnosis(company.heads["sales"])
    fail(diagnosis)
    seen = diagnosis.version
    other_page = Diagnosis.objects.get(pk=diagnosis.pk)
    ask_again(diagnosis, seen=seen, by=acting(company.heads["sales"]), now=LATER)
    with pytest.raises((Stale, RuleViolation)):
        ask_again(other_page, seen=seen, by=acting(company.director), now=LATER)
    assert Diagnosis.objects.get().run == 2
    assert DBTaskResult.objects.count() == 2  # one for each run


def test_what_a_person_said_of_the_columns_is_kept_for_the_next_run(company: Company) -> None:
    head = acting(company.heads["sales"])
    diagnosis = a_diagnosis(company.heads["sales"])
    ask_columns(diagnosis, run=1, by=system(), now=LATER)
    ask_again(diagnosis, columns={"case": "Pedido"}, by=head, now=LATER)
    refuse(diagnosis, now=LATER)
    ask_again(diagnosis, by=head, now=LATER)
    assert diagnosis.columns == {"case": "Pedido"}


def test_a_run_that_is_over_changes_nothing(company: Company) -> None:
    diagnosis = a_diagnosis(company.heads["sales"])
    fail(diagnosis)
    ask_again(diagnosis, by=acting(company.heads["sales"]), now=LATER)
    late = Report(cases=1, events=1, findings=0, headline={}, result=folders.new_token())
    with pytest.raises(RuleViolation):
        finish_diagnosis(diagnosis, run=1, report=late, by=system(), now=LATER)
    diagnosis.refresh_from_db()
    assert (diagnosis.state, diagnosis.result) == (State.WAITING, "")


def test_only_hilo_says_how_a_reading_ended(company: Company) -> None:
    diagnosis = a_diagnosis(company.director)
    with pytest.raises(NotAllowed):
        ask_columns(diagnosis, run=1, by=acting(company.director), now=LATER)


def test_the_last_report_stays_until_the_next_one_is_there(
    company: Company, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    diagnosis = a_finished_diagnosis(company.heads["sales"])
    first = folders.report_path(diagnosis.token, diagnosis.result, "es", "html")
    ask_again(diagnosis, by=acting(company.heads["sales"]), now=LATER)
    refuse(diagnosis, now=LATER)
    assert first.is_file() and diagnosis.result
    ask_again(diagnosis, by=acting(company.heads["sales"]), now=LATER)
    with django_capture_on_commit_callbacks(execute=True):
        finish(diagnosis, now=LATER)
    assert not first.exists()
    assert folders.report_path(diagnosis.token, diagnosis.result, "es", "html").is_file()


def test_deleting_erases_files_report_and_texts_and_leaves_the_event(
    company: Company, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    diagnosis = a_finished_diagnosis(company.heads["sales"], name="Reclamaciones de Roca Alta")
    refused = a_diagnosis(company.heads["sales"])
    pk, folder = diagnosis.pk, folders.folder_of(diagnosis.token)
    assert folder.is_dir()
    with django_capture_on_commit_callbacks(execute=True):
        delete_diagnosis(diagnosis, seen=diagnosis.version, by=acting(company.heads["sales"]), now=LATER)
    assert not folder.exists() and not Diagnosis.objects.filter(pk=pk).exists()
    texts = PrivateText.objects.filter(about_type="diagnosis", about_id=pk)
    assert texts.exists() and not texts.exclude(body="").exists()
    assert LedgerEvent.objects.filter(subject_type="diagnosis", subject_id=pk).count() == 3
    assert folders.folder_of(refused.token).is_dir()


def test_deleting_what_changed_meanwhile_is_refused(company: Company) -> None:
    diagnosis = a_diagnosis(company.heads["sales"])
    seen = diagnosis.version
    finish(diagnosis)
    with pytest.raises(Stale):
        delete_diagnosis(diagnosis, seen=seen, by=acting(company.heads["sales"]), now=LATER)
    assert Diagnosis.objects.exists()


def test_what_somebody_deleted_meanwhile_gets_a_sentence(company: Company) -> None:
    diagnosis = a_finished_diagnosis(company.heads["sales"])
    other_page = Diagnosis.objects.get(pk=diagnosis.pk)
    delete_diagnosis(diagnosis, by=acting(company.heads["sales"]), now=LATER)
    with pytest.raises(RuleViolation, match="borrado"):
        ask_again(other_page, by=acting(company.heads["sales"]), now=LATER)
