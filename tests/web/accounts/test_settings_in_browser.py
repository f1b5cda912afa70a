"""Single sign-on and modules in a browser: nothing for axe to find, nothing sticking out, keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from hilo.parties.models import Person
from hilo.parties.modules import forget, is_on
from hilo.work.commands.templates import seed_templates
from tests.factories.parties import Company, a_company, acting
from tests.support.axe import axe_faults, overflow_faults
from tests.support.browser import OpenPage, PageAs
from tests.web.handoffs.shots import shoot
from tests.web.signed_in import yesterday

pytestmark = [pytest.mark.browser, pytest.mark.any_database, pytest.mark.django_db(transaction=True)]
LOOKS = [
    pytest.param(width, dark, id=f"{width}-{'dark' if dark else 'light'}")
    for width in (1440, 390)
    for dark in (False, True)
]
SIGN_ON, MODULES = "/ajustes/entrada/", "/ajustes/modulos/"
LONG = "https://identidad.una-empresa-de-nombre-muy-largo.example/realms/la-casa-entera-y-sus-delegaciones"


@pytest.fixture
def company() -> Company:
    made = a_company(now=yesterday())
    seed_templates(by=acting(made.administrator), now=yesterday())
    return made


def set_up(company: Company) -> None:
    from hilo.parties.commands.single_sign_on import set_up_single_sign_on

    set_up_single_sign_on(
        name="Acceso de Envasadoras Levante y Ebro", server_url=LONG, issuer=LONG,
        end_session_url=f"{LONG}/fin", client_id="hilo-produccion-0123456789abcdef0123456789",
        secret="s3creto", domains="envasa.example, ebro.example", area=company.areas["sales"],
        delegation=company.zaragoza, is_on=True, by=acting(company.administrator), now=yesterday(),
    )  # fmt: skip


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_the_settings_are_without_fault(page_as: PageAs, company: Company, width: int, dark: bool) -> None:
    page = page_as(company.administrator, width=width, dark=dark)

    def look(name: str) -> None:
        page.wait_for_load_state("networkidle")
        shoot(page, f"{name}-{width}-{'dark' if dark else 'light'}")
        assert page.locator("h1").count() == 1, name
        assert [*axe_faults(page), *overflow_faults(page)] == [], name

    page.goto(SIGN_ON)
    look("sign-on-empty")
    page.locator("form.h-form button.btn-primary").click()
    expect(page.locator(".is-invalid, [aria-invalid=true]").first).to_be_visible()
    look("sign-on-refused")
    set_up(company)
    page.goto(SIGN_ON)
    look("sign-on-set-up")
    page.goto(MODULES)
    look("modules")
    page.goto("/mi-cuenta/sesiones/")
    look("sessions")
    page.goto("/ajustes/procesos/supply/1/nombre/")
    look("rename-process")


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_the_door_with_a_provider_is_without_fault(
    open_page: OpenPage, company: Company, width: int, dark: bool
) -> None:
    set_up(company)
    page = open_page(width=width, dark=dark)
    page.goto("/entrar/")
    expect(page.get_by_text("Acceso de Envasadoras").first).to_be_visible()
    shoot(page, f"door-{width}-{'dark' if dark else 'light'}")
    assert [*axe_faults(page), *overflow_faults(page)] == []


def test_who_may_not_switch_reads_the_modules_without_a_button(page_as: PageAs, company: Company) -> None:
    page = page_as(company.people["sales"])
    page.goto(MODULES)
    expect(page.get_by_text("Las puede cambiar quien administra Hilo")).to_be_visible()
    assert page.locator("main").get_by_role("button").count() == 0
    assert [*axe_faults(page), *overflow_faults(page)] == []


def test_a_module_is_switched_with_the_keyboard_alone(page_as: PageAs, company: Company) -> None:
    person: Person = company.administrator
    page = page_as(person)
    page.goto(MODULES)
    button = page.locator(f"form[action='{MODULES}diagnosis/'] button")
    expect(button).to_contain_text("Desactivar")
    for _press in range(60):
        if button.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(button).to_contain_text("Activar")
    forget()
    assert not is_on("diagnosis")
    assert axe_faults(page) == []
