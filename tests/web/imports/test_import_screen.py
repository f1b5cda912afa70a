"""A file comes in by the browser: looked at, corrected, brought in; only by those who may, only their own."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from hilo.channels.imports import uploads
from hilo.ledger.models import LedgerEvent
from hilo.parties.models import Customer, ExternalRef, Person
from hilo.work.models import Thread
from tests.factories.parties import Company, a_company, a_manager
from tests.web.signed_in import as_, yesterday

pytestmark = pytest.mark.django_db
THREE = "Código;Nombre;Ciudad\n1;Bodegas Lora;Haro\n2;Conservas Nalón;Avilés\n3;Aceites Jándula;Jaén\n"
BROKEN = "Código;Nombre;Ciudad\n1;Bodegas Lora;Haro\n2;;Avilés\n3;Aceites Jándula;Jaén\n"


@pytest.fixture
def company(settings: Settings, tmp_path: Path) -> Company:
    settings.DATA_DIR = tmp_path
    return a_company(now=yesterday())


@pytest.fixture
def admin(company: Company) -> Client:
    return as_(company.administrator)


def sent(client: Client, text: str | bytes, name: str = "clientes.csv", **facts: str) -> str:
    """Where the upload leads; its page says why when it leads nowhere."""
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile(name, content)
    answer = client.post("/importar/", {"what": "customers", "source": "csv", "file": file, **facts})
    assert answer.status_code in (302, 422), answer.content
    return answer.headers.get("Location", "") or answer.content.decode()


def as_shown(client: Client, url: str) -> dict[str, str]:
    """What the form of the second step would send, untouched."""
    page = client.get(url).content.decode()
    fields = dict(re.findall(r'<select name="([^"]+)"[^>]*>.*?<option value="([^"]*)" selected', page, re.S))
    return fields


def brought(client: Client, url: str, **changes: str) -> tuple[int, str]:
    answer = client.post(url, {**as_shown(client, url), "do": "import", **changes}, follow=True)
    return answer.status_code, answer.content.decode()


def test_three_customers_come_in_after_a_look_and_the_file_is_gone(admin: Client, tmp_path: Path) -> None:
    url = sent(admin, THREE)
    look = admin.get(url).content.decode()
    assert "3 nuevos" in look and "Bodegas Lora · Haro" in look
    assert not Customer.objects.exists()
    status, page = brought(admin, url)
    assert status == 200 and "3 nuevos" in page
    assert set(Customer.objects.values_list("name", flat=True)) == {
        "Bodegas Lora",
        "Conservas Nalón",
        "Aceites Jándula",
    }
    assert not list(tmp_path.rglob("clientes.csv"))


def test_the_same_file_again_changes_nothing(admin: Client) -> None:
    brought(admin, sent(admin, THREE))
    before = LedgerEvent.objects.count()
    url = sent(admin, THREE)
    assert "3 iguales que la última vez" in admin.get(url).content.decode()
    brought(admin, url)
    assert LedgerEvent.objects.count() == before


def test_a_broken_row_keeps_all_out_and_its_file_can_be_corrected_and_brought(admin: Client) -> None:
    url = sent(admin, BROKEN)
    before = LedgerEvent.objects.count()
    status, page = brought(admin, url)
    assert status == 422 and "Fila 3, columna «Nombre»" in page
    assert not Customer.objects.exists() and LedgerEvent.objects.count() == before
    download = admin.get(f"{url}rechazadas/")
    assert "attachment" in download.headers["Content-Disposition"]
    refused = b"".join(download.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert len(refused.splitlines()) == 2 and '"2";"";"Avilés"' in refused
    corrected = refused.replace('"2";""', '"2";"Conservas Nalón"')
    brought(admin, sent(admin, corrected))
    assert Customer.objects.get().name == "Conservas Nalón"


def test_with_the_tick_the_other_rows_come_in_and_the_refused_ones_can_be_fetched(admin: Client) -> None:
    url = sent(admin, BROKEN)
    status, page = brought(admin, url, skip_refused="on")
    assert status == 200 and "2 nuevos" in page and "1 fila rechazada" in page
    assert Customer.objects.count() == 2
    assert admin.get(f"{url}rechazadas/").status_code == 200


def test_columns_can_be_said_and_are_remembered(admin: Client) -> None:
    odd = "Núm;Quién;Dónde\n1;Bodegas Lora;Haro\n"
    url = sent(admin, odd)
    assert admin.get(url).status_code == 200  # no name was recognised: the page asks for it
    facts = {**as_shown(admin, url), "column-1": "name", "column-2": "city"}
    owner = Person.objects.get(name="Ada Administra")
    facts |= {"owner": str(owner.pk), "delegation": str(owner.memberships.get().delegation_id)}
    look = admin.post(url, {**facts, "do": "look"}).content.decode()
    assert "1 nuevo" in look and not Customer.objects.exists()
    admin.post(url, {**facts, "do": "import"})
    assert (Customer.objects.get().name, Customer.objects.get().city) == ("Bodegas Lora", "Haro")
    again = as_shown(admin, sent(admin, odd))
    assert (again["column-1"], again["column-2"]) == ("name", "city")


def test_two_columns_for_one_field_are_refused_beside_the_second(admin: Client) -> None:
    url = sent(admin, THREE)
    facts = {**as_shown(admin, url), "column-2": "name", "do": "import"}
    answer = admin.post(url, facts)
    assert answer.status_code == 422
    assert "«Nombre» ya dice que es eso" in answer.content.decode()
    assert not Customer.objects.exists()


def test_names_with_formulas_html_and_right_to_left_letters_are_text(admin: Client) -> None:
    names = ["=HYPERLINK(1)", "<script>alert(1)</script>", "شركة النخيل", "Café 🥂"]
    url = sent(admin, "Nombre;Ciudad\n" + "\n".join(f"{name};Haro" for name in names) + "\n")
    look = admin.get(url).content.decode()
    assert "<script>alert(1)" not in look and "&lt;script&gt;alert(1)" in look
    brought(admin, url)
    assert set(Customer.objects.values_list("name", flat=True)) == set(names)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "El fichero está vacío"),
        (b"%PDF-1.7 nada", "no es una tabla"),
        (b"Nombre\n", "no hay nada que importar"),
    ],
)
def test_what_is_no_table_is_said_beside_the_file(
    admin: Client, content: bytes, sentence: str, tmp_path: Path
) -> None:
    assert sentence in sent(admin, content)
    assert not list((tmp_path / "uploads").glob("*")) if (tmp_path / "uploads").exists() else True


def test_a_file_too_large_or_too_long_is_said_with_what_to_do(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hilo.web.imports.uploading.MOST_ROWS", 2)
    assert "hilo import customers" in sent(admin, THREE)
    monkeypatch.setattr("hilo.web.imports.forms.MOST_BYTES", 10)
    assert "hilo import" in sent(admin, THREE)
    assert not Customer.objects.exists()


def test_a_file_name_leads_nowhere_else(admin: Client, tmp_path: Path) -> None:
    sent(admin, THREE, name="../../../etc/passwd\u202e.csv")
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "about.json"]
    assert [path.name for path in kept] == ["passwd.csv"]
    assert kept[0].is_relative_to(tmp_path / "uploads")
    assert uploads.harmless_name("..\\..\\c:\u202ecod.exe\n.csv") == "c__cod.exe_.csv"
    assert uploads.harmless_name("...") == "file"


@pytest.mark.parametrize("role", ["person", "head", "manager", "auditor"])
def test_who_may_not_import_sees_and_changes_nothing(company: Company, admin: Client, role: str) -> None:
    url = sent(admin, THREE)
    person = {
        "person": company.people["sales"],
        "head": company.heads["sales"],
        "manager": a_manager(company, company.zaragoza, now=yesterday()),
        "auditor": _auditor(company),
    }[role]
    before = (LedgerEvent.objects.count(), len(list(uploads.uploads_folder().iterdir())))
    client = as_(person)
    for path in ("/importar/", url, f"{url}rechazadas/"):
        assert client.get(path).status_code == 403
        assert client.post(path, {"do": "import"}).status_code == 403
    assert (LedgerEvent.objects.count(), len(list(uploads.uploads_folder().iterdir()))) == before
    assert "/importar/" not in client.get("/clientes/").content.decode()


def _auditor(company: Company) -> Person:
    person = company.people["admin"]
    person.is_auditor = True
    person.save(update_fields=["is_auditor"])
    return person


def test_another_administrators_file_is_not_there(company: Company, admin: Client) -> None:
    url = sent(admin, THREE)
    director = as_(company.director)
    assert director.get("/importar/").status_code == 200
    for path in (url, f"{url}rechazadas/"):
        assert director.get(path).status_code == 404
    assert director.post(url, {"do": "import"}).status_code == 404
    assert not Customer.objects.exists()


def test_a_file_nobody_came_back_for_is_deleted_after_a_day(
    company: Company, admin: Client, tmp_path: Path
) -> None:
    url = sent(admin, THREE)
    token = url.rstrip("/").rpartition("/")[2]
    tomorrow = timezone.now() + timedelta(hours=24, seconds=1)
    person_id = company.administrator.pk
    assert uploads.find_upload(token, person_id=person_id, now=timezone.now()) is not None
    assert uploads.find_upload(token, person_id=person_id, now=tomorrow) is None
    assert uploads.sweep_uploads(timezone.now()) == 0
    assert uploads.sweep_uploads(tomorrow) == 1
    assert not list((tmp_path / "uploads").iterdir())
    assert admin.get(url).status_code == 404


def test_an_import_sent_twice_is_done_once(admin: Client) -> None:
    url = sent(admin, THREE)
    facts = {**as_shown(admin, url), "do": "import"}
    assert admin.post(url, facts).status_code == 302
    before = LedgerEvent.objects.count()
    assert admin.post(url, facts).status_code == 200
    assert LedgerEvent.objects.count() == before and Customer.objects.count() == 3


def test_salesforces_opportunities_come_in_by_the_screen(
    admin: Client, shared: Path, company: Company
) -> None:
    folder = shared / "channels" / "crm-exports" / "salesforce"
    wanted = "001x0000002xLD0AAM"
    few = _rows(folder / "accountData.csv", f'"{wanted}"')
    brought(admin, sent(admin, few, source="salesforce"))
    deal = _rows(folder / "opportunityData.csv", "Acme - 1,200 Widgets")
    url = sent(admin, deal, what="threads", source="salesforce")
    seller = company.people["sales"]
    brought(admin, url, owner=str(seller.pk))
    thread = Thread.objects.get()
    assert (thread.title, thread.owner) == ("Acme - 1,200 Widgets", seller)
    ref = ExternalRef.objects.get(source="salesforce", kind="customer", external_id=wanted)
    assert thread.customer_id == ref.object_id


def _rows(path: Path, words: str) -> bytes:
    """The names of the columns and the first row with these words in it."""
    lines = path.read_bytes().splitlines(keepends=True)
    return lines[0] + next(line for line in lines[1:] if words.encode() in line)
