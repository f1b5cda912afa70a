"""Somebody means harm: by another's number, by names, by size, by what stands in a file."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from hilo.analysis import folders
from hilo.analysis.models import Diagnosis
from hilo.ledger.models import LedgerEvent
from tests.factories.analysis import LOG, a_diagnosis, a_finished_diagnosis
from tests.factories.parties import Company
from tests.web.signed_in import as_, yesterday

pytestmark = pytest.mark.django_db
CHANGES = ("columnas/", "otra-vez/", "borrar/")
READS = ("", "marcha/", "informe/", "informe.html", "informe.json")


@pytest.fixture
def theirs(company: Company) -> Diagnosis:
    return a_finished_diagnosis(company.heads["sales"], now=yesterday())


def test_who_may_see_none_learns_nothing_by_guessing_a_number(company: Company, theirs: Diagnosis) -> None:
    client = as_(company.people["sales"])
    for path in (*READS, *CHANGES):
        there = client.get(f"/diagnostico/{theirs.pk}/{path}")
        nowhere = client.get(f"/diagnostico/99999999/{path}")
        assert (there.status_code, nowhere.status_code) == (403, 403)
        assert client.post(f"/diagnostico/{theirs.pk}/{path}", {"seen": theirs.version}).status_code == 403
    assert Diagnosis.objects.get().version == theirs.version


def test_another_head_reads_it_and_changes_nothing(company: Company, theirs: Diagnosis) -> None:
    client = as_(company.heads["production"])
    before = LedgerEvent.objects.count()
    assert client.get(f"/diagnostico/{theirs.pk}/informe/").status_code == 200
    for path in CHANGES:
        answer = client.post(f"/diagnostico/{theirs.pk}/{path}", {"seen": theirs.version})
        assert answer.status_code == 403
    assert LedgerEvent.objects.count() == before and folders.folder_of(theirs.token).is_dir()


@pytest.mark.parametrize("number", ["99999999", "9" * 30, "0"])
def test_a_number_that_is_none_is_not_there(head: Client, number: str) -> None:
    for path in READS:
        assert head.get(f"/diagnostico/{number}/{path}").status_code == 404


def test_nobody_comes_in_without_signing_in(theirs: Diagnosis) -> None:
    for path in (*READS, *CHANGES):
        assert Client().get(f"/diagnostico/{theirs.pk}/{path}").status_code == 302


@pytest.mark.parametrize(
    "name", ["../../../../etc/cron.d/x.csv", "..\\..\\x.csv", "/etc/passwd", "a\u202e.csv"]
)
def test_a_file_name_leads_nowhere_else(head: Client, tmp_path: Path, name: str) -> None:
    before = set(tmp_path.parent.rglob("*"))
    file = SimpleUploadedFile("x", LOG)
    file._name = name  # what a browser would not send
    head.post("/diagnostico/nuevo/", {"log": file, "name": "x"})
    made = {path for path in set(tmp_path.parent.rglob("*")) - before if path.is_file()}
    assert len(made) == 1
    assert made.pop().is_relative_to(folders.folder_of(Diagnosis.objects.get().token) / "files")


def test_names_with_html_are_text_wherever_they_stand(head: Client, company: Company) -> None:
    file = SimpleUploadedFile("log.csv", LOG)
    head.post("/diagnostico/nuevo/", {"log": file, "name": "<script>alert(1)</script>"})
    diagnosis = Diagnosis.objects.get()
    for url in ("/diagnostico/", f"/diagnostico/{diagnosis.pk}/"):
        page = head.get(url).content.decode()
        assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page


def test_the_report_is_shut_in_a_room_of_its_own(company: Company, head: Client) -> None:
    evil = "<script>fetch('/clientes/')</script>"
    diagnosis = a_finished_diagnosis(company.heads["sales"], html=evil, now=yesterday())
    answer = head.get(f"/diagnostico/{diagnosis.pk}/informe/")
    parts = answer.headers["Content-Security-Policy"].split("; ")
    policy = {name: value for name, _space, value in (part.partition(" ") for part in parts)}
    assert policy["sandbox"] == "allow-scripts"
    assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'self'"
    assert "connect-src" not in policy and "allow-same-origin" not in policy["sandbox"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    around = head.get(f"/diagnostico/{diagnosis.pk}/").headers["Content-Security-Policy"]
    assert "unsafe-inline" not in around and "sandbox" not in around


@pytest.mark.parametrize(
    ("suffix", "kind"), [("html", "text/html; charset=utf-8"), ("json", "application/json")]
)
def test_what_is_downloaded_comes_as_a_file_under_a_harmless_name(
    company: Company, head: Client, suffix: str, kind: str
) -> None:
    name = 'x"; filename="evil.exe\r\nSet-Cookie: a=b'
    diagnosis = a_finished_diagnosis(company.heads["sales"], now=yesterday())
    Diagnosis.objects.update(name=name)
    answer = head.get(f"/diagnostico/{diagnosis.pk}/informe.{suffix}")
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment;") and ".exe" not in said and "\n" not in said
    assert said.endswith(f'.{suffix}"') and "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Type"] == kind


def test_an_uploaded_file_has_no_address(head: Client, company: Company) -> None:
    diagnosis = a_diagnosis(company.heads["sales"], now=yesterday())
    kept = folders.path_of(diagnosis.token, "files", diagnosis.files[0])
    inside = kept.relative_to(folders.root().parent)
    for url in (f"/{inside}", f"/media/{inside}", f"/static/{inside}", f"/diagnostico/{diagnosis.pk}/files/"):
        assert head.get(url).status_code == 404
    assert head.get(f"/diagnostico/{diagnosis.pk}/informe/").status_code == 404


def test_a_request_too_long_is_refused_before_it_is_read(head: Client, settings: Settings) -> None:
    settings.HILO_DIAGNOSIS = {"most_bytes": 1000, "most_option_bytes": 10}

    class Unread(BytesIO):
        def read(self, *args: object) -> bytes:
            raise AssertionError("it was read")

    answer = head.generic(
        "POST",
        "/diagnostico/nuevo/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(3 * 1024**3),
        **{"wsgi.input": Unread()},
    )
    assert answer.status_code == 413 and "hilo diagnose" in answer.content.decode()
    assert not Diagnosis.objects.exists()


def test_files_too_large_too_many_and_options_too_large_are_said(head: Client, settings: Settings) -> None:
    settings.HILO_DIAGNOSIS = {"most_bytes": 1000, "most_option_bytes": 100, "most_files": 2}
    many = [SimpleUploadedFile(f"{n}.csv", b"x") for n in range(3)]
    large = SimpleUploadedFile("large.csv", b"x" * 1001)
    option = SimpleUploadedFile("c.yaml", b"x" * 101)
    for sent, sentence in (
        ({"log": many}, "Caben como mucho 2 ficheros"),
        ({"log": large}, "Trae menos meses"),
        ({"log": SimpleUploadedFile("a.csv", LOG), "calendar": option}, "Aquí caben como mucho"),
    ):
        answer = head.post("/diagnostico/nuevo/", sent)
        assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not Diagnosis.objects.exists() and not folders.root().exists()


def test_a_form_of_another_site_uploads_nothing(company: Company) -> None:
    """The view looks at the length before the token; it does look at the token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(company.director)
    for url in ("/diagnostico/nuevo/", "/diagnostico/ejemplo/"):
        answer = client.post(url, {"log": SimpleUploadedFile("log.csv", LOG)})
        assert answer.status_code == 403
    assert not Diagnosis.objects.exists()


def test_what_a_report_is_called_is_found_by_nobody_who_may_not_see_it(company: Company) -> None:
    a_finished_diagnosis(company.director, name="Despidos en Producción", now=yesterday())
    found = as_(company.people["sales"]).get("/buscar/", {"q": "Despidos"}).content.decode()
    assert "Despidos en Producción" not in found
