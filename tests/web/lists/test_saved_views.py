"""Views that people keep: whose they are, who sees them, what becomes of them when the company changes."""

from __future__ import annotations

import pytest
from django.utils import timezone

from hilo.ledger.models import LedgerEvent
from hilo.parties.models import Delegation, Person
from hilo.work.commands.saved_views import save_view, set_default_view
from hilo.work.commands.threads import open_thread
from hilo.work.models import DefaultView, SavedView, Thread
from tests.factories.work import House, a_house
from tests.web.signed_in import as_, yesterday

pytestmark = pytest.mark.django_db
LIST, VIEWS, NEW = "/hilos/", "/hilos/vistas/", "/hilos/vistas/nueva/"


@pytest.fixture
def house() -> House:
    return a_house(now=yesterday())


def a_service(house: House, title: str) -> Thread:
    by = house.actor("sales")
    owner = house.person("sales")
    return open_thread(customer=house.customer, title=title, kind="service", owner=owner, by=by, now=house.at)


def kept(house: House, *, name: str = "Lo mío", shared: bool = False, **query: str) -> SavedView:
    now = timezone.now()
    return save_view(name=name, query=query, is_shared=shared, by=house.actor("sales"), now=now)


def titles(person: Person, **query: str) -> list[str]:
    return [row.thread.title for row in as_(person).get(LIST, query).context["rows"]]


def test_what_the_list_shows_is_kept_as_data_under_a_name(house: House) -> None:
    a_service(house, "Uno")
    answer = as_(house.person("sales")).post(
        f"{NEW}?view=silent&order=news&q=linea&page=3&junk=1", {"name": "Callados"}
    )
    view = SavedView.objects.get()
    assert answer["Location"] == f"/hilos/?v={view.pk}"
    assert view.query == {"view": "silent", "order": "news", "q": "linea"}
    assert (view.owner, view.is_shared) == (house.person("sales"), False)
    assert LedgerEvent.objects.filter(kind="view.saved").count() == 1
    assert titles(house.person("sales"), v=str(view.pk)) == []
    assert titles(house.person("sales"), view="open") == ["Uno"]


def test_a_private_view_is_nobody_elses_and_a_shared_one_everybodys(house: House) -> None:
    a_service(house, "Uno")
    mine, shared = kept(house, name="Privada"), kept(house, name="De todos", shared=True)
    colleague = as_(house.person("technical"))
    page = colleague.get(LIST).content.decode()
    assert "De todos" in page
    assert "Privada" not in page
    assert colleague.get(f"{VIEWS}{mine.pk}/").status_code == 404
    assert colleague.post(f"{VIEWS}{mine.pk}/borrar/", {"seen": 1}).status_code == 404
    assert colleague.post(f"{VIEWS}{shared.pk}/borrar/", {"seen": 1}).status_code == 403
    renamed = colleague.post(f"{VIEWS}{shared.pk}/", {"name": "Otra", "seen": 1})
    assert renamed.status_code == 403
    assert set(SavedView.objects.values_list("name", flat=True)) == {"Privada", "De todos"}


def test_it_is_renamed_shared_and_deleted_by_its_owner_or_who_keeps_order(house: House) -> None:
    view = kept(house, shared=True)
    owner = as_(house.person("sales"))
    owner.post(f"{VIEWS}{view.pk}/", {"name": "Ventas", "is_shared": "on", "seen": view.version})
    view.refresh_from_db()
    assert (view.name, view.version) == ("Ventas", 2)
    stale = owner.post(f"{VIEWS}{view.pk}/", {"name": "Tarde", "seen": 1})
    assert stale.status_code == 409
    assert "Tarde" in stale.content.decode()
    director = as_(house.company.director)
    assert director.post(f"{VIEWS}{view.pk}/borrar/", {"seen": view.version}).status_code == 302
    assert not SavedView.objects.exists()
    told = LedgerEvent.objects.filter(kind__startswith="view.").values_list("kind", flat=True)
    assert sorted(told) == ["view.changed", "view.deleted", "view.saved"]


def test_the_list_opens_with_the_view_one_chose_and_a_click_leads_out_of_it(house: House) -> None:
    a_service(house, "Uno")
    view = kept(house, view="paused")
    person = house.person("sales")
    as_(person).post(f"{VIEWS}{view.pk}/al-abrir/", {"is_default": "1"})
    assert titles(person) == []
    assert as_(person).get(LIST).context["current"] == view
    assert titles(person, view="open") == ["Uno"]
    assert titles(house.person("technical")) == ["Uno"]
    as_(person).post(f"{VIEWS}{view.pk}/al-abrir/", {})
    assert titles(person) == ["Uno"]


def test_who_opened_with_a_view_that_is_no_longer_shared_opens_as_before(house: House) -> None:
    view = kept(house, shared=True, view="paused")
    colleague = house.actor("technical")
    set_default_view(view, is_default=True, by=colleague, now=timezone.now())
    as_(house.person("sales")).post(f"{VIEWS}{view.pk}/", {"name": view.name, "seen": view.version})
    view.refresh_from_db()
    assert not view.is_shared
    assert not DefaultView.objects.exists()


def test_what_no_longer_means_anything_is_left_out_and_said(house: House) -> None:
    a_service(house, "Uno")
    gone = Delegation.objects.create(
        code="gone", name="Huesca", calendar=house.company.calendar, zone="Europe/Madrid"
    )
    query = {
        "delegation": str(gone.pk),
        "view": "nonsense",
        "order": "zzz",
        "cols": "line,beauty",
        "kind": "x",
    }
    view = kept(house, **query)
    gone.delete()
    page = as_(house.person("sales")).get(LIST, {"v": view.pk})
    assert [row.thread.title for row in page.context["rows"]] == ["Uno"]
    assert set(page.context["ignored"]) == {"Delegación", "Tipo", "Vista", "Orden", "Columnas"}
    assert "ya no significa nada" in page.content.decode()


def test_a_view_that_holds_rubbish_still_shows_a_list(house: House) -> None:
    view = kept(house)
    for rubbish in ({"q": ["a", {"b": 1}], "page": {}}, {"view": None}, {"owner": 10**30}):
        SavedView.objects.filter(pk=view.pk).update(query=rubbish)
        assert as_(house.person("sales")).get(LIST, {"v": view.pk}).status_code == 200
    SavedView.objects.filter(pk=view.pk).update(query=["no", "mapping"])
    assert as_(house.person("sales")).get(LIST, {"v": view.pk}).status_code == 200


@pytest.mark.parametrize("number", ["0", "999999", "x", "-1", "9" * 40, ""])
def test_a_view_that_is_not_there_shows_the_ordinary_list(house: House, number: str) -> None:
    a_service(house, "Uno")
    assert titles(house.person("sales"), v=number) == ["Uno"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "LO MÍO"])
def test_a_name_that_cannot_be_is_refused_beside_its_field(house: House, name: str) -> None:
    kept(house, name="lo mío")
    answer = as_(house.person("sales")).post(NEW, {"name": name})
    assert answer.status_code == 422
    assert SavedView.objects.count() == 1


def test_who_shares_nothing_keeps_views_for_themselves(house: House) -> None:
    auditor = house.person("production")
    auditor.memberships.all().delete()
    Person.objects.filter(pk=auditor.pk).update(is_auditor=True)
    as_(auditor).post(NEW, {"name": "Mía", "is_shared": "on"})
    assert not SavedView.objects.get().is_shared


def test_columns_are_chosen_and_kept(house: House) -> None:
    a_service(house, "Uno")
    page = as_(house.person("sales")).get(LIST, {"col": ["owner", "code"]})
    assert page.context["shown"] == {"owner", "code"}
    assert [head.column.key for head in page.context["heads"]] == ["owner", "code"]
    assert "cols=owner%2Ccode" in page.context["query"]


def test_money_is_no_column_and_no_order_for_who_sees_none(house: House) -> None:
    a_service(house, "Uno")
    page = as_(house.person("production")).get(
        LIST, {"cols": "money,owner", "order": "amount", "amount_from": "1"}
    )
    assert page.context["shown"] == {"owner"}
    assert page.context["order"] == "consequence"
    assert [row.thread.title for row in page.context["rows"]] == ["Uno"]
