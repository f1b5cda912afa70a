"""The page: a log by upload or the example by one click; every state says what it is and what to do."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from hilo.analysis import folders
from hilo.analysis.models import Diagnosis
from hilo.analysis.running import run_one
from hilo.ledger.models import LedgerEvent
from tests.factories.analysis import (
    LOG,
    a_diagnosis,
    a_finished_diagnosis,
    ask,
    fail,
    finish,
    refuse,
    with_look,
)
from tests.factories.parties import Company
from tests.web.signed_in import as_, yesterday

pytestmark = pytest.mark.django_db
State = Diagnosis.State


def upload(client: Client, *logs: tuple[str, bytes], **facts: Any) -> Any:
    files = [SimpleUploadedFile(name, content) for name, content in logs or [("Pedidos 2026.csv", LOG)]]
    return client.post("/diagnostico/nuevo/", {"log": files, "ticket": str(uuid4()), **facts})


def page_of(client: Client, diagnosis: Diagnosis) -> str:
    return client.get(f"/diagnostico/{diagnosis.pk}/").content.decode()


# Asking ---------------------------------------------------------------------------------------------------


def test_the_empty_page_says_what_a_log_is_and_offers_both_ways(head: Client) -> None:
    page = head.get("/diagnostico/").content.decode()
    assert "¿Dónde se os cae el trabajo entre áreas?" in page
    assert "una fila por cada paso" in page and "últimos seis o doce meses" in page
    assert 'href="/diagnostico/nuevo/"' in page and "Ver un ejemplo" in page


def test_a_log_is_uploaded_and_waits_under_the_name_of_its_file(head: Client, company: Company) -> None:
    answer = upload(head)
    diagnosis = Diagnosis.objects.get()
    assert answer.status_code == 302 and answer.headers["Location"] == f"/diagnostico/{diagnosis.pk}/"
    assert (diagnosis.name, diagnosis.asked_by) == ("Pedidos 2026", company.heads["sales"])
    assert folders.path_of(diagnosis.token, "files", diagnosis.files[0]).read_bytes() == LOG
    page = page_of(head, diagnosis)
    assert "Leyendo Pedidos 2026" in page and "Esperando su turno" in page
    assert 'http-equiv="refresh"' in page  # for who has no script


def test_several_files_are_one_log_and_options_lie_beside_it(head: Client) -> None:
    calendar = SimpleUploadedFile("horario.yaml", b"hours: {}")
    upload(head, ("enero.csv", LOG), ("febrero.csv", LOG), name="Invierno", calendar=calendar)
    diagnosis = Diagnosis.objects.get()
    assert diagnosis.name == "Invierno"
    assert [each["name"] for each in diagnosis.files] == ["enero.csv", "febrero.csv"]
    assert diagnosis.options["calendar"]["name"] == "horario.yaml"


def test_a_form_sent_twice_makes_one_report_and_keeps_one_copy(head: Client) -> None:
    ticket = str(uuid4())
    answers = [upload(head, ticket=ticket) for _twice in range(2)]
    diagnosis = Diagnosis.objects.get()
    assert {each.headers["Location"] for each in answers} == {f"/diagnostico/{diagnosis.pk}/"}
    assert [each.name for each in folders.root().iterdir()] == [diagnosis.token]


def test_one_click_runs_the_example_and_two_clicks_run_it_once(head: Client) -> None:
    page = head.get("/diagnostico/").content.decode()
    ticket = re.findall(r'name="ticket" value="([^"]+)"', page)[0]
    for _twice in range(2):
        assert head.post("/diagnostico/ejemplo/", {"ticket": ticket}).status_code == 302
    diagnosis = Diagnosis.objects.get()
    assert diagnosis.is_example and diagnosis.name == "Ejemplo: los pedidos de una empresa"
    assert "El ejemplo que viene con Hilo" not in page_of(head, diagnosis)  # not while it is being read


def test_the_script_that_sends_the_form_is_told_where_to_go_on(head: Client) -> None:
    file = SimpleUploadedFile("log.csv", LOG)
    answer = head.post("/diagnostico/nuevo/", {"log": file}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == f"/diagnostico/{Diagnosis.objects.get().pk}/"


@pytest.mark.parametrize(
    ("files", "sentence"),
    [([], "Elige el fichero que hay que leer"), ([("log.csv", b"")], "El fichero está vacío")],
)
def test_nothing_and_an_empty_file_are_said_beside_the_field(
    head: Client, files: list[tuple[str, bytes]], sentence: str
) -> None:
    sent = {"log": [SimpleUploadedFile(name, content) for name, content in files]}
    answer = head.post("/diagnostico/nuevo/", sent)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not Diagnosis.objects.exists() and not folders.root().exists()


# How it goes ----------------------------------------------------------------------------------------------


def test_progress_says_nothing_new_then_the_next_phase_then_where_to_look(
    head: Client, company: Company
) -> None:
    diagnosis = a_diagnosis(company.heads["sales"], now=yesterday())
    url, htmx = f"/diagnostico/{diagnosis.pk}/marcha/", {"HX-Request": "true"}
    assert head.get(url, {"seen": "0"}, headers=htmx).status_code == 204
    Diagnosis.objects.update(state=State.RUNNING, phase="measuring")
    answer = head.get(url, {"seen": "0"}, headers=htmx)
    assert re.search(
        r'is-current" aria-current="step">.*?Midiendo cuánto tarda cada cosa', answer.content.decode(), re.S
    )
    assert "?seen=4" in answer.content.decode()
    finish(diagnosis, now=yesterday())
    answer = head.get(url, {"seen": "4"}, headers=htmx)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/diagnostico/{diagnosis.pk}/")
    assert head.get(url).status_code == 302


def test_a_finished_one_shows_its_report_in_the_readers_language_in_a_frame(
    head: Client, company: Company
) -> None:
    diagnosis = a_finished_diagnosis(company.heads["sales"], now=yesterday())
    page = page_of(head, diagnosis)
    assert '<h1 class="d-anywhere">Pedidos 2026</h1>' in page
    assert "812 casos, 6.543 sucesos" in page
    assert f'<iframe class="d-report__frame" src="/diagnostico/{diagnosis.pk}/informe/"' in page
    assert 'sandbox="allow-scripts"' in page
    company.heads["sales"].language = "en"
    company.heads["sales"].save(update_fields=["language"])
    assert "15 % of orders bounce." in head.get("/diagnostico/").content.decode()
    assert head.get(f"/diagnostico/{diagnosis.pk}/informe/").getvalue() == b"<h1>informe</h1><p>en"  # type: ignore[attr-defined]


def test_doubtful_columns_of_a_finished_one_are_named_with_the_way_to_correct_them(
    head: Client, company: Company
) -> None:
    page = page_of(head, a_finished_diagnosis(company.heads["sales"], now=yesterday()))
    assert "No estamos seguros de «Fecha»" in page and "/columnas/" in page


def test_a_refusal_says_its_sentence_keeps_the_file_and_offers_another_try(
    head: Client, company: Company
) -> None:
    diagnosis = a_diagnosis(company.heads["sales"], now=yesterday())
    refuse(diagnosis, "Fila 3 de <b>pedidos.csv</b>: no hay fecha.", now=yesterday())
    page = page_of(head, diagnosis)
    assert "Fila 3 de &lt;b&gt;pedidos.csv&lt;/b&gt;: no hay fecha." in page
    assert "no hay que subir nada otra vez" in page and "pedidos.csv" in page
    assert head.post(f"/diagnostico/{diagnosis.pk}/otra-vez/", {"seen": diagnosis.version}).status_code == 302
    diagnosis.refresh_from_db()
    assert (diagnosis.state, diagnosis.run) == (State.WAITING, 2)


def test_what_broke_off_is_our_fault_and_can_be_tried_again_once(head: Client, company: Company) -> None:
    diagnosis = a_diagnosis(company.heads["sales"], now=yesterday())
    fail(diagnosis, now=yesterday())
    assert "El fallo es nuestro" in page_of(head, diagnosis)
    seen = {"seen": diagnosis.version}
    for _twice in range(2):
        assert head.post(f"/diagnostico/{diagnosis.pk}/otra-vez/", seen).status_code == 302
    assert LedgerEvent.objects.filter(kind="diagnosis.asked_again").count() == 1


def test_two_people_who_try_again_at_once_make_one_run(company: Company) -> None:
    diagnosis = a_diagnosis(company.heads["sales"], now=yesterday())
    fail(diagnosis, now=yesterday())
    for person in (company.heads["sales"], company.director):
        answer = as_(person).post(f"/diagnostico/{diagnosis.pk}/otra-vez/", {"seen": diagnosis.version})
        assert answer.status_code == 302
    assert Diagnosis.objects.get().run == 2


# Columns --------------------------------------------------------------------------------------------------


def columns_of(client: Client, url: str) -> dict[str, str]:
    """What the form would send, untouched."""
    page = client.get(url).content.decode()
    chosen = dict(re.findall(r'<select name="([^"]+)"[^>]*>.*?<option value="([^"]*)" selected', page, re.S))
    return {**chosen, "seen": re.findall(r'name="seen" value="(\d+)"', page)[0]}


def test_a_question_offers_the_guess_prefilled_with_how_sure_it_is(head: Client, company: Company) -> None:
    diagnosis = a_diagnosis(company.heads["sales"], now=yesterday())
    ask(diagnosis, now=yesterday())
    assert "Dinos qué es cada columna" in page_of(head, diagnosis)
    url = f"/diagnostico/{diagnosis.pk}/columnas/"
    page = head.get(url).content.decode()
    assert {"seguro", "dudoso"} <= set(re.findall(r"</svg>(seguro|probable|dudoso)<", page))
    assert "Pedido (1, 2)" in page and "por su nombre" in page
    sent = columns_of(head, url)
    assert (sent["case"], sent["activity"], sent["time"], sent["area"]) == (
        "Pedido",
        "Actividad",
        "Fecha",
        "",
    )
    assert head.post(url, {**sent, "area": "Equipo"}).status_code == 302
    diagnosis.refresh_from_db()
    assert diagnosis.state == State.WAITING
    assert diagnosis.columns == {"case": "Pedido", "activity": "Actividad", "time": "Fecha", "area": "Equipo"}


def test_a_finished_one_is_read_again_as_the_person_says_its_columns_are(
    head: Client, company: Company
) -> None:
    diagnosis = a_finished_diagnosis(company.heads["sales"], now=yesterday())
    url = f"/diagnostico/{diagnosis.pk}/columnas/"
    head.post(url, {**columns_of(head, url), "activity": "Equipo"})
    diagnosis.refresh_from_db()
    assert diagnosis.columns["activity"] == "Equipo" and diagnosis.run == 2
    assert diagnosis.result  # the last report stays until the next is there


def test_the_zone_of_times_that_name_none_is_said_on_uploading_and_corrected_beside_the_columns(
    head: Client, company: Company
) -> None:
    upload(head, zone="Atlantic/Canary")
    diagnosis = Diagnosis.objects.get()
    assert diagnosis.zone == "Atlantic/Canary"
    ask(diagnosis, now=yesterday())
    url = f"/diagnostico/{diagnosis.pk}/columnas/"
    page = head.get(url).content.decode()
    assert '<option value="Atlantic/Canary" selected>' in page and "Zona horaria" in page
    head.post(url, {**columns_of(head, url), "zone": "America/Bogota"})
    diagnosis.refresh_from_db()
    assert diagnosis.zone == "America/Bogota" and diagnosis.run == 2
    finish(diagnosis, now=yesterday())
    head.post(url, {**columns_of(head, url), "zone": ""})
    diagnosis.refresh_from_db()
    assert diagnosis.zone == "" and diagnosis.run == 3


def test_a_zone_that_is_none_is_refused_beside_the_field(head: Client) -> None:
    answer = upload(head, zone="Europe/Atlantis")
    assert answer.status_code == 422 and "Europe/Atlantis" in answer.content.decode()
    assert not Diagnosis.objects.exists()


def test_one_column_for_two_things_is_refused_beside_the_second(head: Client, company: Company) -> None:
    diagnosis = a_finished_diagnosis(company.heads["sales"], now=yesterday())
    url = f"/diagnostico/{diagnosis.pk}/columnas/"
    answer = head.post(url, {**columns_of(head, url), "area": "Pedido"})
    assert answer.status_code == 422 and "«Pedido» ya está elegida" in answer.content.decode()
    answer = head.post(url, {**columns_of(head, url), "case": ""})
    assert answer.status_code == 422 and "Sin esto no se puede leer nada" in answer.content.decode()
    answer = head.post(url, {**columns_of(head, url), "case": "No such column"})
    assert answer.status_code == 422
    diagnosis.refresh_from_db()
    assert diagnosis.state == State.DONE


def test_columns_sent_from_a_page_that_is_old_change_nothing_and_are_not_lost(
    head: Client, company: Company
) -> None:
    diagnosis = a_finished_diagnosis(company.heads["sales"], now=yesterday())
    url = f"/diagnostico/{diagnosis.pk}/columnas/"
    old = columns_of(head, url)
    as_(company.director).post(url, {**old, "activity": "Equipo"})
    diagnosis.refresh_from_db()
    finish(diagnosis, now=yesterday())
    answer = head.post(url, {**old, "area": "Equipo"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "Mientras elegías" in page
    assert f'name="seen" value="{Diagnosis.objects.get().version}"' in page
    assert '<option value="Equipo" selected>' in page


def test_a_calendar_can_be_replaced_and_left_out_without_uploading_the_log(
    head: Client, company: Company
) -> None:
    upload(head, calendar=SimpleUploadedFile("malo.yaml", b"?"))
    diagnosis = Diagnosis.objects.get()
    with_look(diagnosis)
    refuse(diagnosis, now=yesterday())
    url = f"/diagnostico/{diagnosis.pk}/columnas/"
    head.post(url, {**columns_of(head, url), "calendar": SimpleUploadedFile("bueno.yaml", b"hours: {}")})
    diagnosis.refresh_from_db()
    assert diagnosis.options["calendar"]["name"] == "bueno.yaml"
    refuse(diagnosis, now=yesterday())
    assert "Dejar fuera bueno.yaml" in head.get(url).content.decode()
    head.post(url, {**columns_of(head, url), "no-calendar": "on"})
    diagnosis.refresh_from_db()
    assert diagnosis.options == {}


# List, deleting, menu -------------------------------------------------------------------------------------


def test_the_list_says_who_when_how_much_and_what_came_of_it(head: Client, company: Company) -> None:
    a_finished_diagnosis(company.heads["sales"], name="Incidencias", now=yesterday())
    refuse(a_diagnosis(company.director, name="Otra cosa", now=yesterday()), now=yesterday())
    a_diagnosis(company.director, name="Ahora", now=yesterday())
    page = head.get("/diagnostico/").content.decode()
    assert "3 diagnósticos; 1 se está leyendo" in page
    for words in ("Incidencias", "El 15 % de los pedidos va y vuelve.", "812", "6.543", "Elena Directora"):
        assert words in page
    assert "No hay ninguna fecha." in page and "espera su turno" in page


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_asks_the_database_as_often_for_thirty_as_for_one(
    company: Company, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = [company.heads[code] for code in ("sales", "technical", "production")]
    for number in range(count):
        a_finished_diagnosis(people[number % 3], now=yesterday())
    client = as_(company.director)
    client.get("/diagnostico/")
    with django_assert_max_num_queries(12):
        client.get("/diagnostico/")


def test_deleting_takes_the_files_and_says_so(
    head: Client, company: Company, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    diagnosis = a_finished_diagnosis(company.heads["sales"], now=yesterday())
    with django_capture_on_commit_callbacks(execute=True):
        answer = head.post(f"/diagnostico/{diagnosis.pk}/borrar/", {"seen": diagnosis.version}, follow=True)
    assert "El informe y sus ficheros están borrados" in answer.content.decode()
    assert not Diagnosis.objects.exists() and not list(folders.root().iterdir())
    assert head.get(f"/diagnostico/{diagnosis.pk}/").status_code == 404
    assert LedgerEvent.objects.filter(kind="diagnosis.deleted").exists()


def test_the_way_there_is_shown_only_to_who_may(company: Company) -> None:
    link = 'href="/diagnostico/"'
    assert link in as_(company.heads["sales"]).get("/clientes/").content.decode()
    assert link not in as_(company.people["sales"]).get("/clientes/").content.decode()


def test_an_auditor_reads_and_is_offered_nothing_to_change(company: Company) -> None:
    diagnosis = a_finished_diagnosis(company.director, now=yesterday())
    auditor = company.people["admin"]
    auditor.is_auditor = True
    auditor.save(update_fields=["is_auditor"])
    client = as_(auditor)
    assert "/nuevo/" not in client.get("/diagnostico/").content.decode()
    page = page_of(client, diagnosis)
    assert "/informe/" in page and "/borrar/" not in page and "/columnas/" not in page


# For real -------------------------------------------------------------------------------------------------


def test_the_example_is_read_for_real(head: Client) -> None:
    head.post("/diagnostico/ejemplo/")
    diagnosis = Diagnosis.objects.get()
    run_one(diagnosis.pk, 1)
    diagnosis.refresh_from_db()
    assert diagnosis.state == State.DONE, diagnosis.said
    assert (diagnosis.cases or 0) > 100 and (diagnosis.events or 0) > 1000 and (diagnosis.findings or 0) > 0
    report = head.get(f"/diagnostico/{diagnosis.pk}/informe/").getvalue().decode()  # type: ignore[attr-defined]
    assert '<html lang="es">' in report and "<title>" in report
    data = head.get(f"/diagnostico/{diagnosis.pk}/informe.json").getvalue()  # type: ignore[attr-defined]
    assert data.startswith(b"{")
    page = page_of(head, diagnosis)
    assert "El ejemplo que viene con Hilo" in page and "seguro" in page


def test_what_is_no_log_is_refused_for_real_with_one_sentence_in_both_languages(head: Client) -> None:
    upload(head, ("carta.csv", b"%PDF-1.7 nada de nada"))
    diagnosis = Diagnosis.objects.get()
    run_one(diagnosis.pk, 1)
    diagnosis.refresh_from_db()
    assert diagnosis.state == State.REFUSED
    assert "carta.csv" in diagnosis.said["es"] and "carta.csv" in diagnosis.said["en"]
    with translation.override("es"):
        assert diagnosis.said["es"] in page_of(head, diagnosis).replace("&quot;", '"').replace("&#x27;", "'")
