from datetime import date, timedelta

import pytest

from hilo.businesstime import weekly
from hilo.errors import NotAllowed, Stale
from hilo.ledger.models import LedgerEvent
from hilo.parties import holdings
from hilo.parties.actor import Actor, Role, system
from hilo.parties.commands.calendars import add_calendar, assign_area_calendar, change_calendar
from hilo.parties.commands.company import (
    add_area,
    add_delegation,
    change_delegation,
    change_policy,
    rename_area,
    show_money_to_area,
)
from hilo.parties.commands.reorganising import reorganise_area
from hilo.parties.models import Area, AreaCalendar, AreaSuccession, CompanyPolicy, Delegation, Person
from hilo.parties.permissions import may
from hilo.parties.queries.calendars import clock_of, clock_of_person
from hilo.parties.queries.company import policy
from hilo.parties.seeds import found_company, is_founded, seeded_rules
from tests.factories.parties import NOW, Company, a_calendar, acting, an_area
from tests.parties.watching import at_once, everything, refused

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
SHIFTS = weekly("Europe/Madrid", ["06:00-14:00", "14:00-22:00"])


def test_the_policy_exists_before_anybody_does(db: None) -> None:
    assert policy().interruptions_per_day == 3


def test_the_policy_keeps_its_limits(company: Company) -> None:
    by = acting(company.administrator)
    change_policy(news_working_days=7, name=" Envasa Líneas S.A. ", currency="eur", by=by, now=NOW)
    assert (policy().news_working_days, policy().name, policy().currency) == (7, "Envasa Líneas S.A.", "EUR")
    event = LedgerEvent.objects.get(kind="policy.changed")
    assert event.facts["numbers"] == [["news_working_days", 7]]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("interruptions_per_day", 4),
        ("news_working_days", 0),
        ("news_working_days", 61),
        ("default_reserve_share", -1),
        ("invitation_hours", "72"),
        ("survey_quiet_days", True),
        ("currency", "EURO"),
        ("name", " "),
    ],
)
def test_numbers_outside_the_law_are_refused(company: Company, field: str, value: object) -> None:
    with refused(field=field):
        change_policy(**{field: value}, by=acting(company.administrator), now=NOW)


def test_the_policy_has_no_fields_of_the_senders_invention(company: Company) -> None:
    before = everything()
    with pytest.raises(TypeError):
        change_policy(version=99, by=acting(company.administrator), now=NOW)
    assert everything() == before


def test_a_stale_policy_changes_nothing(company: Company) -> None:
    by, seen = acting(company.administrator), policy().version
    change_policy(news_working_days=6, seen=seen, by=by, now=NOW)
    with refused(kind=Stale):
        change_policy(news_working_days=9, seen=seen, by=by, now=NOW)


def test_only_an_administrator_manages_the_company(company: Company) -> None:
    for nobody in (company.director, company.heads["sales"], company.people["sales"]):
        by = acting(nobody)
        with refused(kind=NotAllowed):
            add_area(code="x", name="X", by=by, now=NOW)
        with refused(kind=NotAllowed):
            change_policy(name="X", by=by, now=NOW)
        with refused(kind=NotAllowed):
            add_calendar(name="X", rules=SHIFTS, by=by, now=NOW)
        with refused(kind=NotAllowed):
            add_delegation(code="x", name="X", calendar=company.calendar, by=by, now=NOW)


@pytest.mark.parametrize("code", ["sales", "SALES", "", "con espacio", "ñandú", "x" * 41])
def test_codes_are_plain_and_once(company: Company, code: str) -> None:
    with refused(field="code"):
        add_area(code=code, name="Otra", by=acting(company.administrator), now=NOW)


def test_an_area_is_renamed_and_both_names_stay_in_history(company: Company) -> None:
    sales, by = company.areas["sales"], acting(company.administrator)
    rename_area(sales, name="Ventas", seen=1, by=by, now=NOW)
    assert set(LedgerEvent.objects.get(kind="area.renamed").facts) == {"old", "new"}
    with refused(field="name"):
        rename_area(sales, name="", by=by, now=NOW)
    show_money_to_area(company.areas["technical"], sees_money=True, by=by, now=NOW)
    assert acting(company.people["technical"]).sees_money


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"zone": "Madrid"}, "zone"),
        ({"country": "España"}, "country"),
        ({"name": ""}, "name"),
        ({"code": "zaragoza"}, "code"),
    ],
)
def test_a_bad_delegation_is_refused_beside_its_field(
    company: Company, given: dict[str, str], field: str
) -> None:
    facts = {"code": "vigo", "name": "Vigo", "calendar": company.calendar} | given
    with refused(field=field):
        add_delegation(**facts, by=acting(company.administrator), now=NOW)


def test_a_delegation_changes_what_it_may(company: Company) -> None:
    by, other = acting(company.administrator), a_calendar(SHIFTS)
    change_delegation(company.sevilla, zone="Atlantic/Canary", calendar=other, seen=1, by=by, now=NOW)
    assert LedgerEvent.objects.get(kind="delegation.changed").facts["fields"] == ["calendar", "zone"]
    with refused(kind=Stale):
        change_delegation(company.sevilla, city="Utrera", seen=1, by=by, now=NOW)


def test_new_rules_are_a_new_version_and_the_old_one_stays(company: Company) -> None:
    by, calendar = acting(company.administrator), company.calendar
    before = clock_of(None, company.zaragoza.pk).rules
    version = change_calendar(calendar, rules=SHIFTS, seen=1, by=by, now=NOW)
    assert version.number == 2
    assert clock_of(None, company.zaragoza.pk).rules == SHIFTS
    assert calendar.versions.get(number=1).rules == before.to_dict()
    with refused(kind=Stale):
        change_calendar(calendar, rules=SHIFTS, seen=1, by=by, now=NOW)


def test_a_calendar_that_never_opens_is_refused(company: Company) -> None:
    closed = weekly("Europe/Madrid", ["09:00-14:00"], days=0)
    with refused(field="rules", saying="never opens"):
        add_calendar(name="Nunca", rules=closed, by=system(), now=NOW)
    with refused(field="rules"):
        change_calendar(company.calendar, rules=closed, by=system(), now=NOW)


def test_two_calendars_do_not_share_a_name(company: Company) -> None:
    with refused(field="name", saying="already a calendar"):
        add_calendar(name=company.calendar.name, rules=SHIFTS, by=system(), now=NOW)


def test_an_area_keeps_its_own_hours_until_it_no_longer_does(company: Company) -> None:
    production, by = company.areas["production"], acting(company.administrator)
    shifts = a_calendar(SHIFTS)
    assign_area_calendar(production, company.zaragoza, calendar=shifts, by=by, now=NOW)
    assert clock_of(production.pk, company.zaragoza.pk).rules == SHIFTS
    assert clock_of(production.pk, company.sevilla.pk).rules != SHIFTS
    assert clock_of_person(company.people["production"].pk).rules == SHIFTS
    before = LedgerEvent.objects.count()
    assign_area_calendar(production, company.zaragoza, calendar=shifts, by=by, now=NOW)
    assert LedgerEvent.objects.count() == before
    assign_area_calendar(production, company.zaragoza, calendar=None, by=by, now=NOW)
    assert clock_of(production.pk, company.zaragoza.pk).rules != SHIFTS


def test_an_ended_membership_does_not_decide_a_persons_hours(company: Company) -> None:
    """On PostgreSQL NULL sorts last: the open membership must come first all the same."""
    production = company.areas["production"]
    assign_area_calendar(production, company.zaragoza, calendar=a_calendar(SHIFTS), by=system(), now=NOW)
    field = an_area("field")
    reorganise_area(
        production, successors=[field], open_work_to=field, on=TODAY + timedelta(days=1), by=system(), now=NOW
    )
    AreaCalendar.objects.filter(area=field).delete()
    assert clock_of_person(company.people["production"].pk).rules != SHIFTS


def split(company: Company, **given: object) -> tuple[Area, Area]:
    field, remote = an_area("field", "Campo"), an_area("remote", "Remoto")
    facts = {
        "successors": [field, remote],
        "open_work_to": remote,
        "people": {company.heads["aftersales"]: field},
        "on": TODAY,
        "by": acting(company.director),
        "now": NOW,
    }
    reorganise_area(company.areas["aftersales"], **(facts | given))
    return field, remote


def test_a_split_gives_people_and_open_work_to_the_successors(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed: list[tuple[Area, Area]] = []

    def pass_on(old: Area, new: Area, *, by: Actor, now: object) -> int:
        passed.append((old, new))
        return 4

    monkeypatch.setitem(holdings.AREA_WORK, "kite", pass_on)
    field, remote = split(company)
    aftersales = company.areas["aftersales"]
    aftersales.refresh_from_db()
    assert aftersales.ended_on == TODAY
    assert passed == [(aftersales, remote)]
    rows = AreaSuccession.objects.filter(predecessor=aftersales).values_list("successor", "takes_open_work")
    assert set(rows) == {(field.pk, False), (remote.pk, True)}
    assert acting(company.heads["aftersales"]).headed_area_ids == {field.pk}
    assert acting(company.people["aftersales"]).area_id == remote.pk
    assert aftersales.pk not in acting(company.people["aftersales"], NOW + timedelta(days=1)).area_ids
    ended = LedgerEvent.objects.get(kind="area.ended")
    assert ended.facts["passed"] == 4
    assert ended.facts["successors"] == sorted([field.pk, remote.pk])


def test_the_past_stays_with_the_area_of_its_time(company: Company) -> None:
    aftersales = company.areas["aftersales"]
    before = list(LedgerEvent.objects.filter(area_id=aftersales.pk).values_list("id", "area_id", "hash"))
    split(company)
    after = LedgerEvent.objects.filter(pk__in=[row[0] for row in before]).order_by("id")
    assert list(after.values_list("id", "area_id", "hash")) == before


def test_successors_keep_the_hours_of_the_old_area(company: Company) -> None:
    shifts = a_calendar(SHIFTS)
    assign_area_calendar(company.areas["aftersales"], company.zaragoza, calendar=shifts, by=system(), now=NOW)
    field, remote = split(company)
    for area in (field, remote):
        assert clock_of(area.pk, company.zaragoza.pk).rules == SHIFTS


def test_people_who_began_earlier_worked_there_until_the_day_before(company: Company) -> None:
    on = TODAY + timedelta(days=1)
    split(company, on=on)
    old = company.people["aftersales"].memberships.get(area=company.areas["aftersales"])
    new = company.people["aftersales"].memberships.get(ends_on__isnull=True)
    assert (old.ends_on, new.starts_on, new.is_primary) == (TODAY, on, True)


def test_reorganisations_that_lose_something_are_refused(company: Company) -> None:
    aftersales, sales, logistics = (company.areas[code] for code in ("aftersales", "sales", "logistics"))
    by = acting(company.director)

    def reorganise(**given: object) -> None:
        facts = {"successors": [sales], "open_work_to": sales, "on": TODAY, "by": by, "now": NOW}
        reorganise_area(aftersales, **(facts | given))

    with refused(field="open_work_to"):
        reorganise(open_work_to=logistics)
    with refused(field="open_work_to"):
        reorganise(successors=[])
    with refused(field="successors"):
        reorganise(successors=[aftersales], open_work_to=aftersales)
    with refused(field="people"):
        reorganise(people={company.people["aftersales"]: logistics})
    with refused(field="on", saying="day itself"):
        reorganise(on=TODAY + timedelta(days=5))
    with refused(field="on"):
        reorganise(on=TODAY - timedelta(days=5))
    with refused(kind=NotAllowed):
        reorganise(by=acting(company.heads["aftersales"]))
    reorganise()
    with refused(saying="has ended already"):
        reorganise()
    with refused(field="successors"):
        reorganise_area(logistics, successors=[aftersales], open_work_to=aftersales, on=TODAY, by=by, now=NOW)


FOUNDING = {
    "name": "Envasa Líneas S.A.",
    "administrator_name": "Ada Administra",
    "administrator_email": "ada@envasa.example",
    "password": "cabo-suelto-y-nudo",
    "region": "AR",
    "city": "Zaragoza",
    "now": NOW,
}


def test_an_empty_company_is_founded_and_its_founder_can_start(db: None) -> None:
    assert not is_founded()
    founded = found_company(**FOUNDING)
    ada = founded.administrator
    ada.refresh_from_db()
    assert ada.check_password("cabo-suelto-y-nudo")
    assert acting(ada).roles >= {Role.ADMINISTRATOR, Role.DIRECTOR, Role.AREA_HEAD}
    assert set(founded.areas) == {
        "sales", "technical", "purchasing", "production", "logistics", "admin", "aftersales", "management",
    }  # fmt: skip
    assert policy().name == "Envasa Líneas S.A."
    clock = clock_of(None, founded.delegation.pk)
    pilar = date(2026, 10, 12)
    assert not clock.rules.is_working_day(pilar)
    san_jorge = next(day for day in clock.rules.days if day.date == date(2026, 4, 23))
    assert "ES-AR" in san_jorge.provenance


def test_areas_are_founded_in_the_language_of_the_founder(db: None) -> None:
    from django.utils import translation

    with translation.override("es"):
        areas = found_company(**FOUNDING).areas
    assert [areas[code].name for code in ("sales", "technical", "aftersales")] == [
        "Comercial",
        "Oficina técnica",
        "Posventa",
    ]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"password": "corta"}, "password"),
        ({"administrator_email": "ada"}, "email"),
        ({"administrator_name": ""}, "name"),
        ({"zone": "Zaragoza"}, "zone"),
        ({"region": "ZZZ"}, "region"),
        ({"country": "XX", "region": ""}, "region"),
        ({"name": ""}, "name"),
    ],
)
def test_a_founding_that_fails_leaves_an_empty_company(db: None, given: dict[str, str], field: str) -> None:
    with refused(field=field):
        found_company(**(FOUNDING | given))


def test_a_company_is_founded_once(db: None) -> None:
    found_company(**FOUNDING)
    with refused(saying="set up already"):
        found_company(**(FOUNDING | {"administrator_email": "otra@envasa.example"}))


@pytest.mark.django_db(transaction=True)
def test_of_two_foundings_at_once_one_is_refused() -> None:
    results = at_once(
        lambda: found_company(**FOUNDING),
        lambda: found_company(**(FOUNDING | {"administrator_email": "otra@envasa.example"})),
    )
    assert sorted(type(each).__name__ for each in results) == ["FoundedCompany", "RuleViolation"], results
    assert (Person.objects.count(), Delegation.objects.count(), CompanyPolicy.objects.count()) == (1, 1, 1)


def test_a_calendar_is_seeded_with_national_regional_and_local_holidays(db: None) -> None:
    from hilo.businesstime.holidays_seed import local_holiday

    valero = local_holiday(date(2026, 1, 29), "San Valero")
    rules = seeded_rules(zone="Europe/Madrid", country="ES", region="AR", first_year=2026, local=[valero])
    provenance = {day.date: day.provenance for day in rules.days}
    assert provenance[date(2026, 1, 29)] == "local"
    assert provenance[date(2026, 12, 25)].startswith("official")
    assert provenance[date(2027, 12, 25)].startswith("computed")
    assert not rules.is_working_day(date(2026, 1, 29))


def test_what_a_role_may_depends_on_the_delegation(company: Company) -> None:
    seller = acting(company.people["sales"])
    assert may(seller, "customer.see", own=False)
    assert may(seller, "customer.edit", own=True)
    assert not may(seller, "customer.edit", own=False)
    assert not may(seller, "customer.merge")
    assert may(system(), "company.manage")
    nobody = Actor(kind=seller.kind, door="web", person=company.people["sales"])
    assert not any(may(nobody, action) for action in ("thread.see", "own.settings", "customer.see"))
