"""Switching modules: by an administrator, one by one, with what needs what; what is off rests and is kept."""

from __future__ import annotations

import pytest
from django.test import Client

from hilo.errors import NotAllowed
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.parties.commands.modules import begin_small, switch_everything_on, switch_module
from hilo.parties.models import ModuleSwitch
from hilo.parties.modules import MODULES, is_on
from hilo.quality.jobs import clocks as case_clocks
from tests.factories.parties import NOW, Company, a_company, acting
from tests.parties.watching import refused
from tests.web.signed_in import as_, yesterday

pytestmark = pytest.mark.django_db
PAGE = "/ajustes/modulos/"


@pytest.fixture
def company(db: None) -> Company:
    return a_company(now=yesterday())


def switch(client: Client, code: str, on: str, seen: str = "1"):  # type: ignore[no-untyped-def]
    return client.post(f"{PAGE}{code}/", {"on": on, "seen": seen})


def test_an_administrator_switches_one_off_and_on_again(company: Company) -> None:
    admin, seller = as_(company.administrator), as_(company.people["sales"])
    assert "/la-semana/" in seller.get("/").content.decode()
    assert switch(admin, "week", "0").status_code == 302
    assert not is_on("week")
    page = seller.get("/la-semana/")
    assert page.status_code == 404 and "está desactivado" in page.content.decode()
    assert "/la-semana/" not in seller.get("/").content.decode()
    assert seller.get("/la-semana/", headers={"HX-Request": "true"}).status_code == 404
    version = ModuleSwitch.objects.get(code="week").version
    assert switch(admin, "week", "1", str(version)).status_code == 302
    assert seller.get("/la-semana/").status_code == 200
    kinds = (
        LedgerEvent.objects.filter(kind__startswith="module.").order_by("pk").values_list("kind", flat=True)
    )
    assert list(kinds) == ["module.switched_off", "module.switched_on"]


def test_what_others_need_stays_until_they_rest(company: Company) -> None:
    admin = as_(company.administrator)
    assert switch(admin, "cases", "0").status_code == 409
    with refused(saying="lo necesita"):
        switch_module("cases", on=False, by=acting(company.administrator), now=NOW)
    for code in ("week", "causes", "cases"):
        switch_module(code, on=False, by=acting(company.administrator), now=NOW)
    with refused(saying="activa eso antes"):
        switch_module("causes", on=True, by=acting(company.administrator), now=NOW)
    with refused(saying="Ya está desactivado"):
        switch_module("cases", on=False, by=acting(company.administrator), now=NOW)
    assert "Antes necesita «Casos»" in admin.get(PAGE).content.decode()


def test_nobody_else_switches_anything(company: Company) -> None:
    for other in (company.director, company.people["sales"], company.heads["sales"]):
        client = as_(other)
        assert client.get(PAGE).status_code == 200
        assert switch(client, "week", "0").status_code == 403
        with refused(kind=NotAllowed):
            switch_module("week", on=False, by=acting(other), now=NOW)
    assert is_on("week") and not ModuleSwitch.objects.exists()


@pytest.mark.parametrize(("on", "seen"), [("2", "1"), ("", "1"), ("0", ""), ("0", "x"), ("0", "9" * 30)])
def test_a_made_up_request_switches_nothing(company: Company, on: str, seen: str) -> None:
    assert switch(as_(company.administrator), "week", on, seen).status_code == 409
    assert is_on("week")
    assert as_(company.administrator).post(f"{PAGE}threads/", {"on": "0", "seen": "1"}).status_code == 404


def test_a_stale_page_switches_nothing(company: Company) -> None:
    admin = as_(company.administrator)
    switch(admin, "week", "0")
    assert switch(admin, "week", "1", "1").status_code == 409
    assert not is_on("week")


def test_a_new_company_begins_small_and_the_demo_has_everything(company: Company) -> None:
    begin_small(by=system(), now=NOW)
    assert {code for code in MODULES if is_on(code)} == {"imports"}
    switch_everything_on(by=system(), now=NOW)
    assert all(map(is_on, MODULES))


def test_the_clocks_of_what_rests_rest(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[object] = []
    monkeypatch.setattr(case_clocks, "run_case_clocks", ran.append)
    case_clocks.check_case_clocks(NOW)
    assert len(ran) == 1
    for code in ("week", "causes", "cases"):
        switch_module(code, on=False, by=system(), now=NOW)
    case_clocks.check_case_clocks(NOW)
    assert len(ran) == 1
