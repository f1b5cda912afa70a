"""Calendars, the company's numbers, processes, and one's own settings."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hilo.businesstime import CalendarRules
from hilo.parties.models import AreaCalendar, CalendarVersion, CompanyPolicy, Person, WorkCalendar
from hilo.parties.queries.calendars import clock_of
from hilo.work.commands.templates import seed_templates
from hilo.work.models import TemplateVersion
from tests.factories.parties import NOW, Company, a_company, acting
from tests.parties.watching import everything
from tests.web.signed_in import as_

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


@pytest.fixture
def admin(company: Company) -> Client:
    return as_(company.administrator)


def rules_of(calendar: WorkCalendar) -> CalendarRules:
    return CalendarRules.from_dict(calendar.versions.order_by("-number")[0].rules)


def seen(calendar: WorkCalendar) -> int:
    calendar.refresh_from_db()
    return calendar.version


def week(hours: str, **changes: str) -> dict[str, str]:
    return {**{f"day_{place}": hours if place < 5 else "" for place in range(7)}, **changes}


# Calendars ----------------------------------------------------------------------------------------------


def test_a_new_calendar_begins_with_the_holidays_of_its_region(admin: Client) -> None:
    given = {"name": "Vigo", "hours": "08:00-15:00", "zone": "Europe/Madrid", "country": "ES", "region": "GA"}
    assert admin.post("/calendarios/nuevo/", given).status_code == 302
    rules = rules_of(WorkCalendar.objects.get(name="Vigo"))
    assert [str(window) for window in rules.windows_on(date(2026, 11, 24))] == ["08:00-15:00"]
    assert not rules.is_working_day(date(2026, 7, 25)) and rules.days[0].provenance.startswith("official")


def test_every_change_is_a_new_version_and_the_old_one_stays(company: Company, admin: Client) -> None:
    calendar = company.calendar
    url = f"/calendarios/{calendar.pk}"
    hours = {"name": "", **week("08:00-15:00"), "seen": seen(calendar)}
    assert admin.post(f"{url}/horario/?season=0", hours).status_code == 302
    summer = {
        "name": "Verano",
        "first": "15/06",
        "last": "15/9",
        **week("07:00-14:00"),
        "seen": seen(calendar),
    }
    assert admin.post(f"{url}/horario/", summer).status_code == 302
    day = {"date": "2026-12-24", "name": "Nochebuena", "hours": "09:00-13:00", "seen": seen(calendar)}
    assert admin.post(f"{url}/dias/", day).status_code == 302
    assert CalendarVersion.objects.filter(calendar=calendar).count() == 4
    rules = rules_of(calendar)
    shown = {
        day: [str(each) for each in rules.windows_on(day)] for day in (date(2026, 7, 1), date(2026, 12, 24))
    }
    assert shown == {date(2026, 7, 1): ["07:00-14:00"], date(2026, 12, 24): ["09:00-13:00"]}
    page = admin.get(f"{url}/?year=2026").content.decode()
    assert "Nochebuena" in page and "del 15/06 al 15/09" in page and "Lunes a viernes: 08:00-15:00" in page
    first = CalendarVersion.objects.get(calendar=calendar, number=1)
    assert CalendarRules.from_dict(first.rules).windows_on(date(2026, 12, 24)) != ()


def test_a_day_and_a_timetable_are_taken_away_again(company: Company, admin: Client) -> None:
    calendar = company.calendar
    url = f"/calendarios/{calendar.pk}"
    admin.post(f"{url}/dias/", {"date": "2026-12-24", "name": "Nochebuena", "seen": seen(calendar)})
    summer = {
        "name": "Verano",
        "first": "15/06",
        "last": "15/09",
        **week("07:00-14:00"),
        "seen": seen(calendar),
    }
    admin.post(f"{url}/horario/", summer)
    assert not rules_of(calendar).is_working_day(date(2026, 12, 24))
    assert (
        admin.post(f"{url}/dias/quitar/", {"date": "2026-12-24", "seen": seen(calendar)}).status_code == 302
    )
    assert admin.post(f"{url}/horario/quitar/", {"index": 0, "seen": seen(calendar)}).status_code == 409
    assert admin.post(f"{url}/horario/quitar/", {"index": 1, "seen": seen(calendar)}).status_code == 302
    assert rules_of(calendar).is_working_day(date(2026, 12, 24)) and len(rules_of(calendar).seasons) == 1


def test_holidays_of_a_year_leave_what_somebody_wrote(company: Company, admin: Client) -> None:
    calendar = company.calendar
    url = f"/calendarios/{calendar.pk}"
    half = {
        "date": "2027-01-06",
        "name": "Reyes, por la mañana",
        "hours": "09:00-12:00",
        "seen": seen(calendar),
    }
    admin.post(f"{url}/dias/", half)
    given = {"country": "ES", "region": "AR", "year": 2027, "seen": seen(calendar)}
    assert admin.post(f"{url}/festivos/", given).status_code == 302
    rules = rules_of(calendar)
    assert rules.is_working_day(date(2027, 1, 6)) and not rules.is_working_day(date(2027, 4, 23))
    page = admin.get(f"{url}/?year=2027").content.decode()
    assert "calculado para ES-AR" in page and "vuestro" in page


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"day_0": "9 a 2"}, "day_0", "Escribe las horas como 09:00-14:00"),
        ({"day_1": "14:00-09:00"}, "day_1", "añade +1"),
        ({"day_2": "09:00-14:00, 13:00-15:00"}, "day_2", "se pisan"),
        ({"day_3": "25:00-26:00"}, "day_3", "Escribe las horas"),
        ({"first": "31/06"}, "first", "Escribe un día y un mes que existan"),
        ({"last": "verano"}, "last", "Escribe un día y un mes que existan"),
        ({"name": ""}, "name", "Ponle un nombre"),
    ],
)
def test_wrong_hours_are_said_in_spanish_beside_their_day(
    company: Company, admin: Client, changes: dict[str, str], field: str, sentence: str
) -> None:
    calendar = company.calendar
    given = {
        "name": "Verano",
        "first": "15/06",
        "last": "15/09",
        **week("07:00-14:00"),
        "seen": seen(calendar),
    }
    answer = admin.post(f"/calendarios/{calendar.pk}/horario/", {**given, **changes})
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page and f"id_{field}_error" in page
    assert 'value="07:00-14:00"' in page
    assert CalendarVersion.objects.filter(calendar=calendar).count() == 1


def test_a_calendar_that_never_opens_is_refused(company: Company, admin: Client) -> None:
    given = {"name": "", **week(""), "seen": seen(company.calendar)}
    answer = admin.post(f"/calendarios/{company.calendar.pk}/horario/?season=0", given)
    assert (
        answer.status_code == 422 and CalendarVersion.objects.filter(calendar=company.calendar).count() == 1
    )


def test_who_changes_what_another_just_changed_is_told_and_loses_nothing(
    company: Company, admin: Client
) -> None:
    calendar, old = company.calendar, seen(company.calendar)
    url = f"/calendarios/{calendar.pk}/dias/"
    assert admin.post(url, {"date": "2026-12-24", "name": "Nochebuena", "seen": old}).status_code == 302
    answer = admin.post(url, {"date": "2026-12-31", "name": "Nochevieja", "seen": old})
    page = answer.content.decode()
    assert answer.status_code == 409 and "Ada Administra" in page and 'value="Nochevieja"' in page
    assert len(rules_of(calendar).days) == 1


def test_an_area_keeps_other_hours_and_gives_them_back(company: Company, admin: Client) -> None:
    night = {
        "name": "Turnos",
        "hours": "22:00-06:00+1",
        "zone": "Europe/Madrid",
        "country": "ES",
        "region": "",
    }
    admin.post("/calendarios/nuevo/", night)
    calendar = WorkCalendar.objects.get(name="Turnos")
    area, site = company.areas["production"], company.zaragoza
    url = f"/calendarios/{calendar.pk}/areas/"
    given = {"area": area.pk, "delegation": site.pk, "calendar": calendar.pk, "seen": calendar.version}
    assert admin.post(url, given).status_code == 302
    assert str(clock_of(area.pk, site.pk).rules.windows_on(date(2026, 11, 24))[0]) == "22:00-06:00+1"
    assert admin.post(url, {**given, "calendar": ""}).status_code == 302
    assert not AreaCalendar.objects.exists()


# The company's numbers ----------------------------------------------------------------------------------


def numbers(**changes: object) -> dict[str, object]:
    policy = CompanyPolicy.objects.get()
    names = (
        "light_response_minutes", "full_response_minutes", "news_working_days", "urgent_news_working_days",
        "tacit_acceptance_working_days", "survey_quiet_days", "interruptions_per_day", "invitation_hours",
        "session_idle_days", "default_reserve_share",
    )  # fmt: skip
    shown = {name: getattr(policy, name) for name in names}
    return {"name": "Envasa", "currency": "EUR", **shown, "seen": policy.version, **changes}


def test_everybody_reads_the_numbers_and_an_administrator_changes_them(
    company: Company, admin: Client
) -> None:
    assert admin.post("/ajustes/numeros/", numbers(news_working_days=3)).status_code == 302
    assert CompanyPolicy.objects.get().news_working_days == 3
    page = as_(company.people["sales"]).get("/ajustes/").content.decode()
    assert "Días laborables entre dos noticias" in page and "vuestro" in page and "Cambiarlas" not in page


@pytest.mark.parametrize("value", ["0", "61", "dos", "", "2.5", "99999999999999999999"])
def test_a_number_out_of_bounds_changes_nothing(admin: Client, value: str) -> None:
    answer = admin.post("/ajustes/numeros/", numbers(news_working_days=value))
    assert answer.status_code == 422 and "id_news_working_days_error" in answer.content.decode()
    assert CompanyPolicy.objects.get().news_working_days == 5


def test_stale_numbers_show_what_stands(company: Company, admin: Client) -> None:
    old = numbers()
    admin.post("/ajustes/numeros/", {**old, "invitation_hours": 24})
    answer = admin.post("/ajustes/numeros/", {**old, "news_working_days": 9})
    assert answer.status_code == 409 and 'value="9"' in answer.content.decode()
    policy = CompanyPolicy.objects.get()
    assert (policy.invitation_hours, policy.news_working_days) == (24, 5)


# Processes ----------------------------------------------------------------------------------------------


@pytest.fixture
def supply(company: Company) -> TemplateVersion:
    seed_templates(by=acting(company.administrator), now=NOW)
    return TemplateVersion.objects.get(template__code="supply")


def test_a_process_is_read_copied_published_and_retired(supply: TemplateVersion, admin: Client) -> None:
    url = "/ajustes/procesos/supply/1/"
    assert "Preparar y fabricar" in admin.get(url).content.decode()
    text = admin.get(f"{url}texto/")
    assert text["Content-Disposition"] == 'attachment; filename="supply-v1.yaml"'
    upload = SimpleUploadedFile("p.yaml", text.content, "text/yaml")
    assert (
        admin.post("/ajustes/procesos/nuevo/", {"file": upload})["Location"] == "/ajustes/procesos/supply/2/"
    )
    draft = TemplateVersion.objects.get(template__code="supply", number=2)
    assert draft.state == "draft"
    publish = "/ajustes/procesos/supply/2/publicar/"
    assert admin.get(publish).status_code == 405
    assert admin.post(publish, {"seen": draft.version + 1}).status_code == 409
    assert admin.post(publish, {"seen": draft.version}).status_code == 302
    supply.refresh_from_db()
    draft.refresh_from_db()
    assert (supply.state, draft.state) == ("retired", "published")
    assert admin.post("/ajustes/procesos/supply/2/retirar/", {"seen": draft.version}).status_code == 302


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "vac"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"code: x\nsteps: [", "1"),
        (b"code: x\nname: X\nkind: supply\nsteps:\n- key: a\n  area: nowhere\n", "6"),
    ],
)
def test_a_faulty_file_is_refused_with_its_faults_and_stays_on_the_page(
    supply: TemplateVersion, admin: Client, content: bytes, sentence: str
) -> None:
    before = TemplateVersion.objects.count()
    upload = SimpleUploadedFile("p.yaml", content, "text/yaml")
    answer = admin.post("/ajustes/procesos/nuevo/", {"file": upload})
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert TemplateVersion.objects.count() == before
    if content.startswith(b"code"):
        assert content.decode().splitlines()[-1].strip() in page


# Who may ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["sales", "director"])
def test_only_an_administrator_changes_the_company(
    company: Company, supply: TemplateVersion, who: str
) -> None:
    client = as_(company.people[who])
    calendar = f"/calendarios/{company.calendar.pk}"
    before = everything()
    for url, data in {
        "/calendarios/nuevo/": {
            "name": "X",
            "hours": "09:00-14:00",
            "zone": "Europe/Madrid",
            "country": "ES",
        },
        f"{calendar}/horario/?season=0": {"name": "", **week("08:00-15:00"), "seen": 1},
        f"{calendar}/horario/quitar/": {"index": 1, "seen": 1},
        f"{calendar}/dias/": {"date": "2026-12-24", "name": "X", "seen": 1},
        f"{calendar}/dias/quitar/": {"date": "2026-12-24", "seen": 1},
        f"{calendar}/festivos/": {"country": "ES", "region": "AR", "year": 2027, "seen": 1},
        f"{calendar}/areas/": {
            "area": company.areas["sales"].pk,
            "delegation": company.zaragoza.pk,
            "seen": 1,
        },
        "/ajustes/numeros/": numbers(news_working_days=1),
        "/ajustes/procesos/nuevo/": {"yaml": "code: x"},
        "/ajustes/procesos/supply/1/retirar/": {"seen": supply.version},
        "/ajustes/procesos/supply/1/publicar/": {"seen": supply.version},
    }.items():
        assert client.post(url, data).status_code == 403, url
    after = everything()
    assert {**after, "sessions.Session": 0} == {**before, "sessions.Session": 0}
    supply.refresh_from_db()
    assert supply.state == "published"


# Oneself ------------------------------------------------------------------------------------------------


def test_each_chooses_language_hours_and_colours(company: Company) -> None:
    one = company.people["sales"]
    client = as_(one)
    given = {"language": "en", "zone": "Atlantic/Canary", "theme": "dark"}
    page = client.post("/mi-cuenta/", given, follow=True).content.decode()
    assert "How Hilo speaks to you" in page and 'data-theme="dark"' in page and "Saved." in page
    one.refresh_from_db()
    assert (one.language, one.zone, one.theme) == ("en", "Atlantic/Canary", "dark")
    refused = client.post("/mi-cuenta/", {**given, "zone": "Mars/Olympus"})
    assert refused.status_code == 422 and "id_zone_error" in refused.content.decode()


def test_the_theme_button_needs_a_theme_that_exists(company: Company) -> None:
    client = as_(company.people["sales"])
    assert client.get("/mi-cuenta/tema/").status_code == 405
    for theme in ("", "pink"):
        assert client.post("/mi-cuenta/tema/", {"theme": theme, "next": "/areas/"}).status_code == 409
    assert client.post("/mi-cuenta/tema/", {"theme": "dark", "next": "/areas/"})["Location"] == "/areas/"
    assert Person.objects.get(theme="dark") == company.people["sales"]
