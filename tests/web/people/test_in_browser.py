"""Every page of people, calendars, settings and the door: nothing for axe to find, nothing sticking out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from hilo.parties.actor import system
from hilo.parties.commands.absences import plan_absence
from hilo.parties.commands.calendars import change_calendar
from hilo.parties.commands.sign_in import invite_person
from hilo.parties.models import Person
from hilo.parties.seeds import seeded_rules
from hilo.work.commands.templates import seed_templates
from tests.factories.parties import Company, a_company, a_manager, acting
from tests.support.axe import axe_faults, overflow_faults
from tests.support.browser import OpenPage, PageAs
from tests.web.signed_in import yesterday

pytestmark = [pytest.mark.browser, pytest.mark.any_database, pytest.mark.django_db(transaction=True)]
LOOKS = [pytest.param(1440, False, id="wide, light"), pytest.param(390, True, id="phone, dark")]


def a_lived_in_company() -> Company:
    now = yesterday()
    company = a_company(now=now)
    by = acting(company.administrator, now)
    seed_templates(by=by, now=now)
    a_manager(company, company.sevilla, now=now)
    rules = seeded_rules(zone="Europe/Madrid", country="ES", region="AR", first_year=now.year)
    change_calendar(company.calendar, rules=rules, by=by, now=now)
    one, other = company.people["sales"], company.people["technical"]
    days = {"first_day": now.date(), "last_day": now.date() + timedelta(days=9)}
    plan_absence(one, substitute=other, **days, by=acting(one, now), now=now)
    return company


def addresses(company: Company) -> list[str]:
    one, old = company.people["sales"].pk, company.areas["aftersales"].pk
    heir = company.areas["sales"].pk
    chosen = f"?successors={heir}&open_work_to={heir}&on={yesterday().date()}"
    calendar = company.calendar.pk
    plain = (
        "people",
        "person_new",
        "areas",
        "absences",
        "calendars",
        "settings",
        "setting_policy",
        "profile",
    )
    more = ("setting_policy", "setting_processes", "setting_process_new", "second_factor_setup", "password")
    return [
        *(reverse(f"web:{name}") for name in (*plain, *more)),
        *(reverse(f"web:{name}", args=[one]) for name in ("person", "person_leave", "person_authority")),
        reverse("web:area_reorganise", args=[old]),
        reverse("web:area_reorganise", args=[old]) + chosen,
        reverse("web:calendar", args=[calendar]),
        reverse("web:calendar_season", args=[calendar]),
        reverse("web:setting_process", args=["supply", 1]),
    ]


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_every_page_is_without_fault(page_as: PageAs, width: int, dark: bool) -> None:
    company = a_lived_in_company()
    page = page_as(company.administrator, width=width, dark=dark)
    for url in addresses(company):
        page.goto(url)
        page.wait_for_load_state("networkidle")
        assert page.locator("h1").count() == 1, url
        assert [*axe_faults(page), *overflow_faults(page)] == [], url


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_the_door_is_without_fault(open_page: OpenPage, width: int, dark: bool) -> None:
    page = open_page(width=width, dark=dark)
    page.goto("/")
    assert page.url.endswith("/empezar/")
    assert [*axe_faults(page), *overflow_faults(page)] == []
    one = a_company(now=yesterday()).people["sales"]
    token = invite_person(one, by=system(), now=yesterday())
    for url in ("/entrar/", "/contrasena-olvidada/", "/invitacion/x/", f"/invitacion/{token}/"):
        page.goto(url)
        assert [*axe_faults(page), *overflow_faults(page)] == [], url


def test_somebody_invited_chooses_a_password_and_comes_in_without_a_script(open_page: OpenPage) -> None:
    one = a_company(now=yesterday()).people["sales"]
    token = invite_person(one, by=system(), now=yesterday())
    page = open_page(scripts=False)
    page.goto(f"/invitacion/{token}/")
    page.get_by_label("Tu contraseña").fill("cabo-suelto-y-nudo")
    page.get_by_label("La misma otra vez").fill("cabo-suelto-y-nudo")
    page.get_by_role("button", name="Guardarla y entrar").click()
    page.wait_for_url("**/")
    assert Person.objects.get(pk=one.pk).has_usable_password()
    page.goto("/mi-cuenta/")
    assert one.name in page.locator("h1").inner_text()
