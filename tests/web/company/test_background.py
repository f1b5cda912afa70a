"""The administrator sees what the queue holds, which clocks stand still, and tries again what failed."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from hilo.jobs.claims import FAILED, READY
from hilo.jobs.health import clocks_health
from hilo.jobs.models import Slot, WorkerBeat
from hilo.jobs.registry import PERIODIC_JOBS
from hilo.web.company.background import JOB_WORDS
from tests.factories.parties import Company, a_company, give_authority

pytestmark = pytest.mark.django_db
PAGE = "/ajustes/trabajo/"


def failed_task() -> DBTaskResult:
    return DBTaskResult.objects.create(
        id=uuid.uuid4(),
        task_path="hilo.channels.jobs.send_mail",
        args_kwargs={"args": [], "kwargs": {}},
        status=FAILED,
        finished_at=timezone.now(),
        worker_ids=["a", "b", "c"],
        exception_class_path="builtins.OSError",
        traceback="Traceback: <script>no</script>",
        backend_name="default",
        queue_name="default",
        priority=0,
    )


@pytest.fixture
def company() -> Company:
    return a_company()


@pytest.fixture
def admin(client: Client, company: Company) -> Client:
    client.force_login(company.administrator)
    return client


def test_without_a_worker_the_page_says_that_everything_stands_still(admin: Client) -> None:
    page = admin.get(PAGE).content.decode()
    assert "Nadie hace el trabajo de fondo" in page and "hilo worker" in page
    assert "Relojes de hilos, compromisos y traspasos" in page and "parado" in page


def test_a_failed_task_tells_its_story_and_is_tried_again_once(admin: Client) -> None:
    task = failed_task()
    page = admin.get(PAGE).content.decode()
    assert "send_mail" in page and "3 intentos" in page and "&lt;script&gt;" in page

    assert (
        admin.post(f"{PAGE}{task.id}/otra-vez/", follow=True).content.decode().count("Se intenta otra vez")
        == 1
    )
    task.refresh_from_db()
    assert task.status == READY and task.worker_ids == []
    assert "ya no está" in admin.post(f"{PAGE}{task.id}/otra-vez/", follow=True).content.decode()
    assert admin.post(f"{PAGE}no-such-task/otra-vez/").status_code == 404


def test_only_an_administrator_tries_again_and_an_auditor_looks(client: Client, company: Company) -> None:
    task = failed_task()
    client.force_login(give_authority(company.people["sales"], auditor=True))
    assert "Intentarlo otra vez" not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}{task.id}/otra-vez/").status_code == 403
    client.force_login(company.people["technical"])
    assert client.get(PAGE).status_code == 403
    task.refresh_from_db()
    assert task.status == FAILED


def test_a_clock_is_late_when_a_slot_passed_and_nothing_was_started() -> None:
    now = timezone.now()
    for name, job in PERIODIC_JOBS.items():
        Slot.objects.create(name=name, moment=job.schedule.newest_slot(now))
    assert [clock.name for clock in clocks_health(now=now) if clock.is_late] == []
    later = clocks_health(now=now + timedelta(minutes=30))
    assert "work.clocks" in {clock.name for clock in later if clock.is_late}


def test_a_worker_that_is_alive_and_clocks_that_run_are_good_news(admin: Client) -> None:
    now = timezone.now()
    WorkerBeat.objects.create(name="w", host="nube", pid=7, started_at=now, last_beat_at=now)
    for name, job in PERIODIC_JOBS.items():
        Slot.objects.create(name=name, moment=job.schedule.newest_slot(now))
    page = admin.get(PAGE).content.decode()
    assert "El trabajo de fondo va bien" in page and "parado" not in page


def test_every_periodic_job_says_in_words_what_it_is_for() -> None:
    ours = {name for name, job in PERIODIC_JOBS.items() if job.func.__module__.startswith("hilo.")}
    assert ours == set(JOB_WORDS)


def test_a_clock_that_has_not_run_here_names_no_moment(admin: Client) -> None:
    Slot.objects.create(name="quality.actions", moment=timezone.now())
    page = admin.get(PAGE).content.decode()
    row = page.split("Plazos de las acciones correctivas")[1].split("</tr>")[0]
    assert "nunca" in row
