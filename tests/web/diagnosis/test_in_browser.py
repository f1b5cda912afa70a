"""In a real browser: the way from an upload to the report, its frame, both themes, a phone, and no script."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from hilo.analysis.models import Diagnosis
from hilo.analysis.running import run_one
from tests.factories.analysis import LOG, a_diagnosis, a_finished_diagnosis, ask, fail, finish, refuse
from tests.factories.parties import Company, a_company
from tests.support.axe import axe_faults, overflow_faults
from tests.support.browser import PageAs
from tests.web.signed_in import yesterday

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REPORT = """<!doctype html><html lang="es"><title>Informe</title><style>body{font:16px sans-serif}</style>
<h1>Informe</h1><p id="out">nada</p><script>
let said = "el guion corre";
try { said += document.cookie || " sin galletas" } catch { said += " sin galletas" }
try { said += parent.document.title } catch { said += " sin la página" }
document.getElementById("out").textContent = said;
</script>"""


@pytest.fixture
def company(settings: Settings, tmp_path: Path) -> Company:
    settings.MEDIA_ROOT = tmp_path
    return a_company(now=yesterday())


def looked_at(page: Page, name: str, *, phone: bool = True) -> None:
    folder = os.environ.get("HILO_SHOTS")
    for width in (1440, 390) if phone else (1440,):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow_faults(page) == [], name
        assert axe_faults(page) == [], f"{name} at {width}"
        if folder:
            page.screenshot(path=str(Path(folder) / f"diagnosis-{name}-{width}.png"), full_page=True)


def test_from_the_upload_to_the_report(company: Company, page_as: PageAs, tmp_path: Path) -> None:
    page = page_as(company.heads["sales"])
    page.goto("/diagnostico/")
    looked_at(page, "empty")
    page.get_by_role("link", name="Leer un registro").click()
    page.get_by_text("Más opciones").click()
    looked_at(page, "upload")
    page.get_by_role("button", name="Leerlo").click()
    page.get_by_role("alert").get_by_text("Elige el fichero que hay que leer").wait_for()
    log = tmp_path / "Pedidos 2026.csv"
    log.write_bytes(LOG)
    page.set_input_files("input[name=log]", log)
    expect(page.get_by_label("Nombre del informe")).to_have_value("Pedidos 2026")
    page.get_by_role("button", name="Leerlo").click()
    page.get_by_role("heading", name="Leyendo Pedidos 2026").wait_for()
    looked_at(page, "waiting")
    diagnosis = Diagnosis.objects.get()
    Diagnosis.objects.update(state=Diagnosis.State.RUNNING, phase="measuring")
    expect(page.locator("[aria-current=step]")).to_have_text("Midiendo cuánto tarda cada cosa")
    finish(diagnosis, now=yesterday(), html=REPORT)
    page.get_by_role("heading", name="Pedidos 2026", exact=True).wait_for()
    frame = page.frame_locator("iframe")
    expect(frame.locator("#out")).to_have_text("el guion corre sin galletas sin la página")
    looked_at(page, "done")


def test_every_state_by_day_and_by_night(company: Company, page_as: PageAs) -> None:
    head = company.heads["sales"]
    asking, refused, broken = (a_diagnosis(head, name=name, now=yesterday()) for name in "ABC")
    ask(asking, now=yesterday())
    refuse(refused, f"Fila 3 de {'pedidos_' * 20}.csv: no hay ninguna fecha.", now=yesterday())
    fail(broken, now=yesterday())
    done = a_finished_diagnosis(head, name="Incidencias de verano", now=yesterday(), html=REPORT)
    a_diagnosis(head, name="x" * 120, now=yesterday())
    for dark in (False, True):
        page = page_as(head, dark=dark)
        for name, path in (
            ("list", ""),
            ("asking", f"{asking.pk}/"),
            ("columns", f"{asking.pk}/columnas/"),
            ("refused", f"{refused.pk}/"),
            ("failed", f"{broken.pk}/"),
            ("report", f"{done.pk}/"),
        ):
            page.goto(f"/diagnostico/{path}")
            looked_at(page, f"{name}-{'dark' if dark else 'light'}")


def test_without_a_script_it_is_uploaded_and_followed_all_the_same(
    company: Company, page_as: PageAs, tmp_path: Path
) -> None:
    page = page_as(company.heads["sales"], scripts=False)
    page.goto("/diagnostico/nuevo/")
    log = tmp_path / "enero.csv"
    log.write_bytes(LOG)
    page.set_input_files("input[name=log]", log)
    page.get_by_role("button", name="Leerlo").click()
    page.get_by_role("heading", name="Leyendo enero").wait_for()
    finish(Diagnosis.objects.get(), now=yesterday())
    page.get_by_role("heading", name="enero", exact=True).wait_for()


def test_too_large_a_file_is_said_before_it_is_sent(
    company: Company, page_as: PageAs, tmp_path: Path, settings: Settings
) -> None:
    settings.HILO_DIAGNOSIS = {"most_bytes": 100}
    page = page_as(company.heads["sales"])
    page.goto("/diagnostico/nuevo/")
    log = tmp_path / "grande.csv"
    log.write_bytes(b"x" * 101)
    page.set_input_files("input[name=log]", log)
    page.get_by_role("button", name="Leerlo").click()
    said = page.eval_on_selector("input[name=log]", "one => one.validationMessage")
    assert "Trae menos meses" in said
    assert not Diagnosis.objects.exists()


def test_the_example_for_real_opens_in_its_frame_and_on_its_own(company: Company, page_as: PageAs) -> None:
    """No page of this test may break its own policy or ask for anything elsewhere: the fixture watches."""
    page = page_as(company.heads["sales"])
    page.goto("/diagnostico/")
    page.get_by_role("button", name="Ver un ejemplo").click()
    page.get_by_text("Esperando su turno").wait_for()
    diagnosis = Diagnosis.objects.get()
    run_one(diagnosis.pk, 1)
    diagnosis.refresh_from_db()
    page.get_by_role("heading", name=diagnosis.name, exact=True).wait_for()
    page.frame_locator("iframe").locator("h1").wait_for()
    looked_at(page, "example")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Abrirlo aparte").click()
    opened.value.locator("h1").wait_for()
    assert opened.value.evaluate("self.origin") == "null"
