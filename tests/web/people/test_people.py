"""People and areas: what each role sees and may do, a leaver, a split; wrong hands change nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hilo.parties.commands.absences import plan_absence
from hilo.parties.models import Absence, Area, Delegation, Membership, Person
from hilo.work.commands.threads import open_thread
from hilo.work.models import Thread
from tests.factories.parties import (
    NOW,
    Company,
    a_company,
    a_customer,
    a_manager,
    a_person,
    acting,
    give_authority,
)
from tests.parties.watching import everything
from tests.web.signed_in import as_

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


@pytest.fixture
def admin(company: Company) -> Client:
    return as_(company.administrator)


def tables() -> dict[str, list[dict[str, object]]]:
    return {name: rows for name, rows in everything().items() if not name.startswith("sessions.")}


def new_person(company: Company, **changes: object) -> dict[str, object]:
    given = {
        "name": "Nuria Vidal",
        "email": "Nuria@Envasa.example",
        "position": "Compradora",
        "language": "es",
        "area": company.areas["purchasing"].pk,
        "delegation": company.zaragoza.pk,
    }
    return {**given, **changes}


# Who may ------------------------------------------------------------------------------------------------


def changing_requests(company: Company) -> dict[str, dict[str, object]]:
    """An address of each kind with what would change something if it were let through."""
    one = company.people["sales"]
    place = Membership.objects.get(person=one)
    seen = {"seen": one.version}
    return {
        "/personas/nueva/": new_person(company),
        f"/personas/{one.pk}/datos/": {**new_person(company), **seen, "zone": "Europe/Madrid"},
        f"/personas/{one.pk}/invitar/": {},
        f"/personas/{one.pk}/autoridad/": {**seen, "administrator": "on"},
        f"/personas/{one.pk}/baja/": {**seen, "holds": ""},
        f"/personas/{one.pk}/areas/nueva/": {
            **seen, "area": company.areas["admin"].pk, "delegation": company.sevilla.pk,
        },
        f"/pertenencias/{place.pk}/direccion/": {"seen": "p1h0"},
        f"/pertenencias/{place.pk}/principal/": {"seen": "p1h0"},
        f"/pertenencias/{place.pk}/fin/": {"last_day": "2026-11-23"},
        "/areas/nueva/": {"name": "Campo"},
        f"/areas/{company.areas['sales'].pk}/": {"name": "Ventas", "seen": 1},
        "/delegaciones/nueva/": {
            "name": "Vigo", "country": "ES", "zone": "Europe/Madrid", "calendar": company.calendar.pk,
        },
        f"/delegaciones/{company.sevilla.pk}/gerencia/": {"person": one.pk},
    }  # fmt: skip


@pytest.mark.parametrize("role", ["seller", "head", "manager", "auditor"])
def test_who_may_not_is_refused_and_nothing_changes(company: Company, role: str) -> None:
    people = {
        "seller": company.people["technical"],
        "head": company.heads["sales"],
        "manager": a_manager(company, company.zaragoza),
        "auditor": give_authority(company.people["logistics"], auditor=True),
    }
    client = as_(people[role])
    before = tables()
    for url, data in changing_requests(company).items():
        assert client.post(url, data).status_code == 403, url
    reorganise = f"/areas/{company.areas['aftersales'].pk}/reorganizar/"
    assert client.post(reorganise, {}).status_code == 403
    assert tables() == before


def test_a_director_manages_people_but_not_the_company(company: Company) -> None:
    client = as_(company.director)
    answers = {url: client.post(url, data).status_code for url, data in changing_requests(company).items()}
    refused = {url for url, status in answers.items() if status == 403}
    assert refused == {url for url in answers if url.startswith(("/areas/", "/delegaciones/nueva/"))}


def test_signed_out_nothing_shows_and_nothing_changes(company: Company, client: Client) -> None:
    before = tables()
    for url, data in changing_requests(company).items():
        assert client.post(url, data)["Location"].startswith("/entrar/?next="), url
    assert client.get("/personas/")["Location"] == "/entrar/?next=/personas/"
    assert tables() == before


def test_who_is_not_there_is_a_plain_404(admin: Client) -> None:
    for url in (
        "/personas/999999/",
        "/personas/99999999999999999999999/",
        "/areas/999999/",
        "/pertenencias/9999/fin/",
    ):
        assert admin.get(url).status_code == 404, url


# People -------------------------------------------------------------------------------------------------


def test_the_list_says_who_leads_who_is_away_and_who_stands_in(company: Company) -> None:
    one, other = company.people["sales"], company.people["technical"]
    plan_absence(one, substitute=other, first_day=NOW.date(), last_day=NOW.date(), by=acting(one), now=NOW)
    page = as_(company.people["admin"]).get("/personas/").content.decode()
    assert "18 personas en 8 áreas; hoy falta 1" in page
    assert f"Cubre {other.name}" in page and "Falta hasta el 23/11/2026" in page
    assert page.count("La lleva") == len(company.areas)
    assert "Aún no ha entrado" not in page  # that is for who invites


def test_only_who_leads_somebody_sees_what_they_hold(company: Company) -> None:
    one = company.people["sales"]
    seller_with_threads(company, 1)
    sees = {
        company.heads["sales"]: True,
        company.director: True,
        a_manager(company, company.zaragoza): True,
        company.heads["technical"]: False,
        company.people["technical"]: False,
        a_manager(company, company.sevilla): False,
    }
    for viewer, expected in sees.items():
        client = as_(viewer)
        assert ("1 hilo" in client.get("/personas/").content.decode()) is expected, viewer
        assert ("Lo que lleva ahora" in client.get(f"/personas/{one.pk}/").content.decode()) is expected


def test_a_new_person_is_invited_with_a_link_shown_once(company: Company, admin: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.HILO_SENDS_MAIL = False
    page = admin.post("/personas/nueva/", new_person(company, invite="on")).content.decode()
    nuria = Person.objects.get(email="nuria@envasa.example")
    link = page.split("readonly>")[1].split("</textarea>")[0]
    assert Client().get(link).status_code == 200
    assert "invitacion" not in admin.get(f"/personas/{nuria.pk}/").content.decode().replace("/invitar/", "")
    assert Membership.objects.get(person=nuria).is_primary


def test_with_mail_the_invitation_goes_out_and_no_link_shows(company: Company, admin: Client) -> None:
    answer = admin.post("/personas/nueva/", new_person(company, invite="on"), follow=True)
    assert "va de camino a nuria@envasa.example" in answer.content.decode()
    assert "/invitacion/" not in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "Escribe su nombre"),
        ({"email": "nuria"}, "correo"),
        ({"area": ""}, "Elige un área"),
        ({"name": "x" * 201}, "200"),
        ({"name": "Nuria\u202evidaL"}, "carácter"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(
    company: Company, admin: Client, changes: dict[str, object], sentence: str
) -> None:
    before = tables()
    answer = admin.post("/personas/nueva/", new_person(company, **changes))
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert 'value="Compradora"' in answer.content.decode()
    assert tables() == before


def test_an_address_somebody_has_is_refused_beside_it(company: Company, admin: Client) -> None:
    taken = company.people["sales"].email.upper()
    answer = admin.post("/personas/nueva/", new_person(company, email=taken))
    assert answer.status_code == 422 and "id_email_error" in answer.content.decode()


def test_html_in_a_name_is_shown_as_text(company: Company, admin: Client) -> None:
    name = "<script>alert(1)</script> שלום 🧵 =1+1"
    one = a_person(name, area=company.areas["sales"], delegation=company.zaragoza)
    for url in (
        "/personas/",
        f"/personas/{one.pk}/",
        f"/personas/{one.pk}/baja/",
        f"/personas/{one.pk}/datos/",
    ):
        page = admin.get(url).content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;alert(1)&lt;/script&gt; שלום 🧵 =1+1" in page


def test_a_stale_change_changes_nothing_and_keeps_what_was_typed(company: Company, admin: Client) -> None:
    one = company.people["sales"]
    url = f"/personas/{one.pk}/datos/"
    given = {
        "name": "Uno",
        "email": one.email,
        "language": "es",
        "zone": "Europe/Madrid",
        "seen": one.version,
    }
    assert admin.post(url, given).status_code == 302
    answer = as_(company.director).post(url, {**given, "name": "Dos"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ada Administra" in page and 'value="Dos"' in page and "<strong>Uno</strong>" in page
    one.refresh_from_db()
    assert one.name == "Uno"
    assert as_(company.director).post(url, {**given, "name": "Dos", "seen": one.version}).status_code == 302


def test_a_head_is_made_and_unmade_only_as_the_page_showed_it(company: Company, admin: Client) -> None:
    place = Membership.objects.get(person=company.people["sales"])
    url = f"/pertenencias/{place.pk}/direccion/"
    assert admin.post(url, {"seen": "p1h0"}).status_code == 302
    assert admin.post(url, {"seen": "p1h0"}).status_code == 409
    place.refresh_from_db()
    assert place.is_head


def test_a_second_area_begins_becomes_the_main_one_and_the_first_ends(
    company: Company, admin: Client
) -> None:
    one = company.people["sales"]
    first = Membership.objects.get(person=one)
    given = {"area": company.areas["admin"].pk, "delegation": company.zaragoza.pk, "seen": one.version}
    assert admin.post(f"/personas/{one.pk}/areas/nueva/", given).status_code == 302
    second = Membership.objects.get(person=one, area=company.areas["admin"])
    end = f"/pertenencias/{first.pk}/fin/"
    refused = admin.post(end, {"last_day": "2026-11-23"})
    assert refused.status_code == 422
    assert admin.post(f"/pertenencias/{second.pk}/principal/", {"seen": "p0h0"}).status_code == 302
    assert admin.post(end, {"last_day": "2026-11-23"}).status_code == 302
    first.refresh_from_db()
    assert first.ends_on == date(2026, 11, 23)


def test_the_last_administrator_stays_one(company: Company, admin: Client) -> None:
    one = company.administrator
    answer = admin.post(f"/personas/{one.pk}/autoridad/", {"seen": one.version, "director": "on"})
    assert answer.status_code == 422 and "id_administrator_error" in answer.content.decode()
    one.refresh_from_db()
    assert one.is_administrator and not one.is_director


# Leaving (story 8) --------------------------------------------------------------------------------------


def seller_with_threads(company: Company, number: int) -> Person:
    seller = company.people["sales"]
    customer = a_customer(delegation=company.zaragoza, keeper=seller)
    for each in range(number):
        title = f"Línea {each}"
        open_thread(customer=customer, title=title, kind="service", owner=seller, by=acting(seller), now=NOW)
    return seller


def holds_on(page: str) -> dict[str, str]:
    found = {}
    for name in ("seen", "holds"):
        found[name] = page.split(f'name="{name}" value="')[1].split('"')[0]
    return found


def test_before_a_leaver_goes_the_page_says_what_they_hold_and_to_whom_it_goes(
    company: Company, admin: Client
) -> None:
    seller = seller_with_threads(company, 3)
    head = company.heads["sales"]
    url = f"/personas/{seller.pk}/baja/"
    before = tables()
    page = admin.get(url).content.decode()
    assert "<strong>3</strong></td><td" in page and "hilos de los que responde" in page
    assert f"{head.name} los guarda, señalados" in page and "cliente que lleva" in page
    assert all(thread.title in page for thread in Thread.objects.all())
    assert tables() == before
    session = as_(seller)
    assert session.get("/personas/").status_code == 200
    assert admin.post(url, holds_on(page)).status_code == 302
    assert session.get("/personas/").status_code == 302
    assert set(Thread.objects.values_list("owner", "is_caretaken")) == {(head.pk, True)}
    assert "Ya no está" in admin.get(f"/personas/{seller.pk}/").content.decode()
    assert admin.get(url).status_code == 302


def test_nobody_confirms_what_they_have_not_seen(company: Company, admin: Client) -> None:
    seller = seller_with_threads(company, 1)
    url = f"/personas/{seller.pk}/baja/"
    shown = holds_on(admin.get(url).content.decode())
    seller_with_threads(company, 1)
    answer = admin.post(url, shown)
    assert answer.status_code == 409 and "esto es lo que lleva ahora" in answer.content.decode()
    seller.refresh_from_db()
    assert seller.is_active
    assert admin.post(url, holds_on(answer.content.decode())).status_code == 302


def test_what_is_confidential_is_counted_but_not_named(company: Company, admin: Client) -> None:
    seller = seller_with_threads(company, 1)
    Thread.objects.update(is_confidential=True, title="Compra de la competencia")
    page = admin.get(f"/personas/{seller.pk}/baja/").content.decode()
    assert "<strong>1</strong>" in page and "Compra de la competencia" not in page


# Absences -----------------------------------------------------------------------------------------------


def absence_of(person: Person, stands_in: Person, **changes: object) -> dict[str, object]:
    days = {"first_day": "2026-12-01", "last_day": "2026-12-04"}
    return {"person": person.pk, "substitute": stands_in.pk, **days, **changes}


def test_everybody_plans_and_cancels_their_own_absence(company: Company) -> None:
    one, other = company.people["sales"], company.people["technical"]
    client = as_(one)
    assert client.post("/ausencias/", absence_of(one, other)).status_code == 302
    absence = Absence.objects.get()
    page = client.get("/ausencias/").content.decode()
    assert f"Faltas del 01/12/2026 al 04/12/2026; te cubre {other.name}" in page
    cancel = f"/ausencias/{absence.pk}/cancelar/"
    assert as_(company.people["logistics"]).post(cancel, {"seen": absence.version}).status_code == 403
    assert client.post(cancel, {"seen": absence.version + 1}).status_code == 409
    absence.refresh_from_db()
    assert absence.cancelled_at is None
    assert client.post(cancel, {"seen": absence.version}).status_code == 302
    absence.refresh_from_db()
    assert absence.cancelled_at is not None


def test_an_absence_of_others_is_planned_by_heads_of_their_delegation_alone(company: Company) -> None:
    one, other = company.people["sales"], company.people["technical"]
    far = a_person(area=company.areas["sales"], delegation=company.sevilla)
    assert as_(other).post("/ausencias/", absence_of(one, other)).status_code == 422
    assert as_(company.heads["technical"]).post("/ausencias/", absence_of(far, other)).status_code == 422
    assert not Absence.objects.exists()
    assert as_(company.heads["technical"]).post("/ausencias/", absence_of(one, other)).status_code == 302
    assert Absence.objects.get().person == one


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"last_day": "2026-11-30"}, "last_day"),
        ({"first_day": "2020-01-01", "last_day": "2020-01-02"}, "last_day"),
        ({"last_day": ""}, "last_day"),
        ({"first_day": "mañana"}, "first_day"),
        ({"substitute": ""}, "substitute"),
    ],
)
def test_a_refused_absence_says_so_beside_its_field(
    company: Company, changes: dict[str, object], field: str
) -> None:
    one = company.people["sales"]
    answer = as_(one).post("/ausencias/", absence_of(one, company.people["technical"], **changes))
    assert answer.status_code == 422 and f"id_{field}_error" in answer.content.decode()
    assert not Absence.objects.exists()


# Areas (story 11) ---------------------------------------------------------------------------------------


def test_an_area_is_added_renamed_and_shown_money(company: Company, admin: Client) -> None:
    assert admin.post("/areas/nueva/", {"name": "Campo ñandú"}).status_code == 302
    assert admin.post("/areas/nueva/", {"name": "Campo ñandú"}).status_code == 302
    first, second = Area.objects.filter(name="Campo ñandú").order_by("pk")
    assert (first.code, second.code) == ("campo-nandu", "campo-nandu-2")
    given = {"name": "Campo", "sees_money": "on", "seen": first.version}
    assert admin.post(f"/areas/{first.pk}/", given).status_code == 302
    assert admin.post(f"/areas/{first.pk}/", {**given, "name": "Otro"}).status_code == 409
    first.refresh_from_db()
    assert (first.name, first.sees_money) == ("Campo", True)


def test_an_area_is_split_and_each_person_goes_where_the_page_says(company: Company, admin: Client) -> None:
    old, (field, remote) = company.areas["aftersales"], (company.areas["logistics"], company.areas["admin"])
    head, other = company.heads["aftersales"], company.people["aftersales"]
    url = reverse("web:area_reorganise", args=[old.pk])
    asked = {"successors": [field.pk, remote.pk], "open_work_to": field.pk, "on": "2026-11-23"}
    page = admin.get(url, asked).content.decode()
    assert head.name in page and other.name in page and "No tiene nada en marcha" in page
    moves = {**asked, "seen": old.version, f"person_{head.pk}": field.pk, f"person_{other.pk}": remote.pk}
    stale = admin.post(url, {**moves, "seen": old.version + 1})
    assert stale.status_code == 409
    old.refresh_from_db()
    assert old.ended_on is None
    assert admin.post(url, moves).status_code == 302
    old.refresh_from_db()
    assert old.ended_on == date(2026, 11, 23)
    open_ones = Membership.objects.filter(ends_on__isnull=True)
    assert open_ones.get(person=head).area == field and open_ones.get(person=other).area == remote
    assert "se quedó con lo que estaba en marcha" in admin.get("/areas/").content.decode()
    assert admin.get(url).status_code == 302


@pytest.mark.parametrize("wrong", ["itself", "none", "heir"])
def test_a_reorganisation_that_leads_nowhere_is_refused(company: Company, admin: Client, wrong: str) -> None:
    old, other = company.areas["aftersales"], company.areas["admin"]
    asked = {
        "itself": {"successors": [old.pk], "open_work_to": old.pk},
        "none": {"successors": [], "open_work_to": other.pk},
        "heir": {"successors": [company.areas["sales"].pk], "open_work_to": other.pk},
    }[wrong]
    before = tables()
    url = reverse("web:area_reorganise", args=[old.pk])
    assert admin.get(url, {**asked, "on": "2026-11-23"}).status_code == 422
    assert admin.post(url, {**asked, "on": "2026-11-23", "seen": old.version}).status_code == 422
    assert tables() == before


def test_a_delegation_is_added_changed_and_given_a_manager(company: Company, admin: Client) -> None:
    given = {
        "name": "Vigo", "city": "Vigo", "country": "es", "region": "GA",
        "zone": "Europe/Madrid", "calendar": company.calendar.pk,
    }  # fmt: skip
    assert admin.post("/delegaciones/nueva/", given).status_code == 302
    vigo = Delegation.objects.get(code="vigo")
    url = f"/delegaciones/{vigo.pk}/"
    refused = admin.post(url, {**given, "zone": "Marte", "seen": vigo.version})
    assert refused.status_code == 422 and "id_zone_error" in refused.content.decode()
    assert admin.post(url, {**given, "name": "Vigo puerto", "seen": vigo.version}).status_code == 302
    manager = company.people["sales"]
    assert admin.post(f"{url}gerencia/", {"person": manager.pk}).status_code == 302
    assert manager.name in admin.get("/areas/").content.decode()
    [row] = vigo.managements.all()
    assert admin.post(f"/gerencias/{row.pk}/fin/").status_code == 302
    assert admin.post(f"/gerencias/{row.pk}/fin/").status_code == 409


def test_the_list_makes_as_many_queries_for_ten_as_for_a_hundred(company: Company) -> None:
    client = as_(company.director)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/personas/").status_code == 200
        return len(asked)

    few = queries()
    for _each in range(60):
        a_person(area=company.areas["sales"], delegation=company.sevilla)
    assert queries() == few
