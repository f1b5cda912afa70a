"""Passkeys with a real browser and its virtual authenticator: made, used alone, used after the password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache

from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.parties.commands.leaving import leave_company
from hilo.parties.commands.sign_in import accept_invitation, invite_person
from hilo.parties.models import Person
from tests.factories.parties import Company, a_company
from tests.support.axe import axe_faults, overflow_faults
from tests.support.browser import OpenPage, PageAs
from tests.web.signed_in import yesterday

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

pytestmark = [pytest.mark.browser, pytest.mark.any_database, pytest.mark.django_db(transaction=True)]
PASSWORD = "cabo-suelto-y-nudo"
MINE = "/mi-cuenta/llaves/"


@pytest.fixture
def company() -> Company:
    cache.clear()
    return a_company(now=yesterday())


def joined(person: Person) -> Person:
    token = invite_person(person, by=system(), now=yesterday())
    return accept_invitation(token, password=PASSWORD, now=yesterday())


class Device:
    """The finger, the face: ``agrees`` says whether its owner does."""

    def __init__(self, page: Page, *, agrees: bool = True) -> None:
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": agrees,
            "automaticPresenceSimulation": True,
        }
        made = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id: str = made["authenticatorId"]

    def keys(self) -> list[dict[str, Any]]:
        found = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        return list(found["credentials"])

    def put(self, key: dict[str, Any]) -> None:
        self.cdp.send("WebAuthn.addCredential", {"authenticatorId": self.id, "credential": key})

    def refuses(self) -> None:
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": False})


def make_passkey(page: Page, name: str = "Portátil", password: str = PASSWORD) -> None:
    page.goto(MINE)
    page.get_by_label("Cómo la llamas").last.fill(name)
    page.get_by_label("Tu contraseña").fill(password)
    page.get_by_role("button", name="Crear la llave").click()


def in_with_password(page: Page, person: Person) -> None:
    page.goto("/entrar/")
    page.get_by_label("Correo").fill(person.email)
    page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Entrar", exact=True).click()


def test_a_passkey_is_made_and_from_then_on_lets_in_without_a_password(
    company: Company, page_as: PageAs, open_page: OpenPage
) -> None:
    person = joined(company.people["sales"])
    page = page_as(person)
    device = Device(page)
    make_passkey(page)
    page.get_by_role("heading", name="códigos").first.wait_for()
    page.goto(MINE)
    page.get_by_text("Portátil").first.wait_for()
    assert LedgerEvent.objects.filter(kind="person.passkey_added", subject_id=person.pk).count() == 1
    assert "Portátil" not in LedgerEvent.objects.get(kind="person.passkey_added").payload

    other = open_page()
    Device(other).put(device.keys()[0])
    other.goto("/entrar/")
    other.get_by_role("button", name="Entrar con una llave").click()
    other.wait_for_url(lambda url: "/entrar" not in url)
    other.goto("/mi-cuenta/")
    assert other.get_by_role("heading", level=1).text_content() == person.name


def test_it_is_the_second_step_after_the_password_and_a_recovery_code_stands_in(
    company: Company, page_as: PageAs, open_page: OpenPage
) -> None:
    person = joined(company.people["sales"])
    page = page_as(person)
    device = Device(page)
    make_passkey(page)
    code = page.locator(".h-codes code").first.text_content() or ""

    other = open_page()
    Device(other).put(device.keys()[0])
    in_with_password(other, person)
    other.wait_for_url("**/entrar/codigo/")
    other.goto("/personas/")
    assert "/entrar" in other.url
    other.goto("/entrar/codigo/")
    other.get_by_role("button", name="Usar tu llave").click()
    other.wait_for_url(lambda url: "/entrar" not in url)

    third = open_page()
    in_with_password(third, person)
    third.get_by_label("Código").fill(code)
    third.get_by_role("button", name="Entrar", exact=True).click()
    third.wait_for_url(lambda url: "/entrar" not in url)


def test_who_does_not_show_finger_or_pin_does_not_get_in(
    company: Company, page_as: PageAs, open_page: OpenPage
) -> None:
    person = joined(company.people["sales"])
    page = page_as(person)
    device = Device(page)
    make_passkey(page)
    page.locator(".h-codes").wait_for()
    other = open_page()
    theirs = Device(other)
    theirs.put(device.keys()[0])
    theirs.refuses()
    other.goto("/entrar/")
    other.get_by_role("button", name="Entrar con una llave").click()
    other.get_by_text("Se canceló o tardó demasiado").wait_for()
    other.goto("/personas/")
    assert "/entrar" in other.url


def test_a_removed_passkey_and_a_leavers_let_nobody_in(
    company: Company, page_as: PageAs, open_page: OpenPage
) -> None:
    person, leaver = joined(company.people["sales"]), joined(company.people["technical"])
    keys = []
    for each in (person, leaver):
        page = page_as(each)
        device = Device(page)
        make_passkey(page)
        page.locator(".h-codes").wait_for()
        keys += device.keys()
    page = page_as(person)
    page.goto(MINE)
    page.get_by_role("link", name="Quitar").click()
    page.get_by_text("Es tu único segundo paso").wait_for()
    page.get_by_label("Tu contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Quitar la llave").click()
    page.get_by_role("heading", name="Entra sin contraseña").wait_for()
    assert not Authenticator.objects.filter(user=person).exists()
    leave_company(leaver, by=system(), now=yesterday())
    for key, said in zip(keys, ("Hilo no conoce esta llave", "Esta cuenta está cerrada"), strict=True):
        other = open_page()
        Device(other).put(key)
        other.goto("/entrar/")
        other.get_by_role("button", name="Entrar con una llave").click()
        other.get_by_text(said).wait_for()


def test_the_pages_are_without_fault_and_a_wrong_password_makes_nothing(
    company: Company, page_as: PageAs, open_page: OpenPage
) -> None:
    person = joined(company.people["sales"])
    page = page_as(person, width=390, dark=True)
    device = Device(page)
    make_passkey(page, password="no-es-esta-clave")
    page.get_by_text("Esa no es tu contraseña").wait_for()
    assert not device.keys() and not Authenticator.objects.exists()
    make_passkey(page, name="Una llave con un nombre bien largo, de las que ocupan mucho sitio")
    page.locator(".h-codes").wait_for()
    passkey = Authenticator.objects.get(type="webauthn")
    for url in (MINE, f"{MINE}{passkey.pk}/quitar/", "/mi-cuenta/segundo-factor/", "/mi-cuenta/sesiones/"):
        page.goto(url)
        assert [*axe_faults(page), *overflow_faults(page)] == [], url
    make_passkey(page)
    page.get_by_text("Este dispositivo ya tiene una llave tuya").wait_for()


def test_a_browser_without_passkeys_and_plain_http_say_so(company: Company, open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto("/entrar/")
    page.get_by_role("button", name="Entrar con una llave").click()
    page.get_by_text("Este navegador no tiene llaves de acceso").wait_for()
    plain = open_page()
    plain.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    plain.goto("/entrar/")
    plain.get_by_role("button", name="Entrar con una llave").click()
    plain.get_by_text("necesitan una dirección que empiece por https").wait_for()
