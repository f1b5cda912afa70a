from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from hilo.errors import NotAllowed, RuleViolation, Stale
from hilo.ledger.models import LedgerEvent
from hilo.ledger.reading import open_texts
from hilo.parties.actor import Role, actor_for, system
from hilo.parties.commands.absences import plan_absence
from hilo.parties.commands.leaving import leave_company
from hilo.parties.commands.memberships import (
    change_membership,
    end_management,
    end_membership,
    start_management,
    start_membership,
)
from hilo.parties.commands.people import (
    add_person,
    change_own_settings,
    change_person,
    set_authority,
)
from hilo.parties.commands.reorganising import reorganise_area
from hilo.parties.models import Membership, Person
from hilo.parties.queries.people import head_of, manager_of, people_of, people_visible_to
from tests.factories.parties import NOW, Company, a_person, acting, an_area, give_authority
from tests.parties.watching import at_once, refused

pytestmark = pytest.mark.django_db


def new_person(company: Company, **given: object) -> Person:
    facts = {"name": "Berta Nueva", "email": "berta@envasa.example"} | given
    return add_person(
        area=company.areas["sales"],
        delegation=company.zaragoza,
        by=acting(company.administrator),
        now=NOW,
        **facts,
    )


def test_a_new_person_has_one_primary_membership_and_no_password(company: Company) -> None:
    person = new_person(company, position="Comercial")
    membership = person.memberships.get()
    assert (membership.is_primary, membership.starts_on, membership.ends_on) == (
        True,
        date(2026, 11, 23),
        None,
    )
    assert not person.has_usable_password()
    kinds = LedgerEvent.objects.filter(kind__in=("person.added", "membership.started")).order_by("-id")
    assert [event.kind for event in kinds[:2]] == ["membership.started", "person.added"]


def test_name_and_address_stand_sealed_in_history(company: Company) -> None:
    new_person(company)
    event = LedgerEvent.objects.filter(kind="person.added").latest("id")
    assert "Berta" not in event.payload
    assert set(open_texts([event]).values()) == {"Berta Nueva", "berta@envasa.example"}


@pytest.mark.parametrize("address", ["BERTA@Envasa.Example", " berta@envasa.example "])
def test_two_people_cannot_have_one_address_however_it_is_written(company: Company, address: str) -> None:
    new_person(company)
    with refused(field="email", saying="already signs in"):
        new_person(company, email=address)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "Ber\0ta"}, "name"),
        ({"name": "Ber\x07ta"}, "name"),
        ({"name": "Berta\u202eatreB"}, "name"),
        ({"email": ""}, "email"),
        ({"email": "berta"}, "email"),
        ({"email": "berta@envasa"}, "email"),
        ({"email": "b" * 250 + "@x.es"}, "email"),
        ({"zone": "Europe/Zaragoza"}, "zone"),
        ({"zone": "../etc/passwd"}, "zone"),
        ({"language": "fr"}, "language"),
        ({"phone": "9" * 41}, "phone"),
        ({"position": "p" * 121}, "position"),
    ],
)
def test_bad_input_is_refused_beside_its_field(company: Company, given: dict[str, str], field: str) -> None:
    with refused(field=field):
        new_person(company, **given)


@pytest.mark.parametrize(
    "name",
    [
        "x" * 200,
        "ليلى حداد",
        "Ana 👩‍👩‍👧 Ruiz",
        "<script>alert(1)</script>",
        '=HYPERLINK("http://x")',
        "O'Brien; DROP",
    ],
)
def test_strange_names_are_text_and_stay_as_they_are(company: Company, name: str) -> None:
    assert new_person(company, name=name).name == name


def test_a_name_is_composed_and_its_spaces_are_single(company: Company) -> None:
    assert new_person(company, name="  Jose\u0301   Luis\n").name == "José Luis"


def test_refusals_are_spoken_in_the_language_of_the_reader(company: Company) -> None:
    with translation.override("es"), pytest.raises(RuleViolation) as refusal:
        new_person(company, name="")
    assert str(refusal.value) == "Escribe el nombre de la persona."


def test_only_directors_and_administrators_manage_people(company: Company) -> None:
    for nobody in (
        company.people["sales"],
        company.heads["sales"],
        give_authority(company.people["admin"], auditor=True),
    ):
        with refused(kind=NotAllowed, saying="role"):
            add_person(
                name="X",
                email="x@envasa.example",
                area=company.areas["sales"],
                delegation=company.zaragoza,
                by=acting(nobody),
                now=NOW,
            )


def test_nobody_joins_an_area_that_has_ended(company: Company) -> None:
    after = an_area("field")
    reorganise_area(
        company.areas["aftersales"],
        successors=[after],
        open_work_to=after,
        on=NOW.date(),
        by=system(),
        now=NOW,
    )
    company.areas["aftersales"].refresh_from_db()
    with refused(field="area", saying="has ended"):
        a_person(area=company.areas["aftersales"], delegation=company.zaragoza)


def test_a_change_names_what_changed_and_a_stale_one_changes_nothing(company: Company) -> None:
    person, by = new_person(company), acting(company.administrator)
    seen = person.version
    change_person(person, name="Berta Vieja", phone="600 000 000", seen=seen, by=by, now=NOW)
    event = LedgerEvent.objects.filter(kind="person.changed").latest("id")
    assert event.facts["fields"] == ["name", "phone"]
    with refused(kind=Stale):
        change_person(person, name="Otra", seen=seen, by=by, now=NOW)


def test_a_change_of_nothing_leaves_no_event(company: Company) -> None:
    person = new_person(company)
    before = LedgerEvent.objects.count()
    change_person(person, name=person.name, by=acting(company.administrator), now=NOW)
    assert LedgerEvent.objects.count() == before


def test_an_address_cannot_be_changed_to_that_of_another(company: Company) -> None:
    person = new_person(company)
    with refused(field="email"):
        change_person(person, email=company.director.email.upper(), by=acting(company.administrator), now=NOW)


def test_everybody_sets_their_own_language_zone_and_theme_and_nothing_else(company: Company) -> None:
    seller = company.people["sales"]
    change_own_settings(language="en", zone="Atlantic/Canary", theme="dark", by=acting(seller), now=NOW)
    seller.refresh_from_db()
    assert (seller.language, seller.zone, seller.theme) == ("en", "Atlantic/Canary", "dark")
    with refused(field="theme"):
        change_own_settings(theme="pink", by=acting(seller), now=NOW)
    with refused(field="zone"):
        change_own_settings(zone="Mars/Olympus", by=acting(seller), now=NOW)


def test_the_last_administrator_stays(company: Company) -> None:
    alone = company.administrator
    with refused(field="administrator", saying="only administrator"):
        set_authority(
            alone, director=True, administrator=False, auditor=False, by=acting(company.director), now=NOW
        )
    with refused(field="administrator"):
        leave_company(alone, by=acting(company.director), now=NOW)


def test_authority_shows_in_the_roles_of_the_actor(company: Company) -> None:
    person = give_authority(company.people["sales"], director=True, auditor=True)
    assert acting(person).roles >= {Role.PERSON, Role.DIRECTOR, Role.AUDITOR}


def test_a_second_area_can_become_the_main_one(company: Company) -> None:
    person, by = new_person(company), acting(company.administrator)
    second = start_membership(
        person, area=company.areas["technical"], delegation=company.sevilla, by=by, now=NOW
    )
    change_membership(second, primary=True, by=by, now=NOW)
    primary = Membership.objects.filter(person=person, is_primary=True)
    assert [each.pk for each in primary] == [second.pk]
    assert acting(person).delegation_id == company.sevilla.pk
    assert acting(person).delegation_ids == {company.sevilla.pk, company.zaragoza.pk}


def test_starting_a_main_area_takes_over_from_the_present_one(company: Company) -> None:
    person, by = new_person(company), acting(company.administrator)
    start_membership(
        person, area=company.areas["logistics"], delegation=company.zaragoza, primary=True, by=by, now=NOW
    )
    assert [each.area.code for each in person.memberships.filter(is_primary=True)] == ["logistics"]
    with refused(field="starts_on"):
        start_membership(
            person,
            area=company.areas["admin"],
            delegation=company.zaragoza,
            primary=True,
            starts_on=NOW.date() + timedelta(days=3),
            by=by,
            now=NOW,
        )


def test_nobody_is_twice_in_one_area_of_one_delegation(company: Company) -> None:
    person = new_person(company)
    with refused(field="area", saying="already works"):
        start_membership(
            person,
            area=company.areas["sales"],
            delegation=company.zaragoza,
            by=acting(company.administrator),
            now=NOW,
        )


def test_the_main_area_does_not_end_while_the_person_works_here(company: Company) -> None:
    person, by = new_person(company), acting(company.administrator)
    with refused(field="membership", saying="main area"):
        end_membership(person.memberships.get(), by=by, now=NOW)


def test_a_second_area_ends_on_its_last_day_inclusive_and_only_once(company: Company) -> None:
    person, by = new_person(company), acting(company.administrator)
    second = start_membership(
        person, area=company.areas["technical"], delegation=company.sevilla, by=by, now=NOW
    )
    last = NOW.date() + timedelta(days=2)
    with refused(field="last_day"):
        end_membership(second, last_day=NOW.date() - timedelta(days=1), by=by, now=NOW)
    end_membership(second, last_day=last, by=by, now=NOW)
    team = [
        people_of(company.areas["technical"], company.sevilla, day).count()
        for day in (last, last + timedelta(days=1))
    ]
    assert team == [1, 0]
    with refused(field="membership"):
        end_membership(second, by=by, now=NOW)


def test_a_new_member_counts_from_midnight_of_their_own_clock(company: Company) -> None:
    past_midnight = NOW.replace(hour=23, minute=30)  # already the 24th in Madrid
    person = a_person(area=company.areas["sales"], delegation=company.zaragoza, now=past_midnight)
    assert person.memberships.get().starts_on == date(2026, 11, 24)
    assert Role.PERSON in actor_for(person, now=past_midnight, door="web").roles


def test_who_somebody_is_today_is_one_query(company: Company) -> None:
    head, by = company.heads["sales"], acting(company.administrator)
    start_management(head, delegation=company.sevilla, by=by, now=NOW)
    absent, today = company.people["production"], NOW.date()
    plan_absence(absent, substitute=head, first_day=today, last_day=today, by=by, now=NOW)
    with CaptureQueriesContext(connection) as caught:
        actor = actor_for(head, now=NOW, door="web")
    assert len(caught) == 1
    assert actor.roles == {Role.PERSON, Role.AREA_HEAD, Role.DELEGATION_MANAGER}
    assert actor.area_ids == actor.headed_area_ids == {company.areas["sales"].pk}
    assert actor.delegation_ids == {company.zaragoza.pk, company.sevilla.pk}
    assert actor.managed_delegation_ids == {company.sevilla.pk}
    assert (actor.area_id, actor.delegation_id) == (company.areas["sales"].pk, company.zaragoza.pk)
    assert actor.covers_ids == {absent.pk}
    assert actor.sees_money
    tomorrow = actor_for(head, now=NOW + timedelta(days=1), door="web")
    assert tomorrow.covers_ids == frozenset()
    assert not actor_for(company.people["technical"], now=NOW, door="web").sees_money


def test_heads_and_managers_are_those_of_the_day_and_of_that_delegation(company: Company) -> None:
    sales, today = company.areas["sales"], NOW.date()
    assert head_of(sales, company.zaragoza, today) == company.heads["sales"]
    assert head_of(sales, company.sevilla, today) is None
    assert head_of(sales, company.zaragoza, today - timedelta(days=1)) is None
    by = acting(company.administrator)
    management = start_management(company.people["admin"], delegation=company.sevilla, by=by, now=NOW)
    assert manager_of(company.sevilla, today) == company.people["admin"]
    with refused(field="person"):
        start_management(company.people["admin"], delegation=company.sevilla, by=by, now=NOW)
    end_management(management, by=by, now=NOW)
    assert manager_of(company.sevilla, today + timedelta(days=1)) is None
    with refused(field="management"):
        end_management(management, by=by, now=NOW)


def test_who_has_left_sees_nobody(company: Company) -> None:
    seller = company.people["sales"]
    assert people_visible_to(acting(seller)).count() == Person.objects.count()
    leave_company(seller, by=acting(company.administrator), now=NOW)
    assert people_visible_to(acting(seller)).count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_one_address_at_once_one_gets_the_sentence() -> None:
    from tests.factories.parties import a_company

    company = a_company()
    results = at_once(*[lambda: new_person(company)] * 2)
    assert sorted(type(each).__name__ for each in results) == ["Person", "RuleViolation"]
    assert Person.objects.filter(email="berta@envasa.example").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_last_two_administrators_cannot_leave_at_once() -> None:
    from tests.factories.parties import a_company

    company = a_company()
    second = give_authority(company.people["admin"], administrator=True)
    by = acting(company.director)
    results = at_once(
        lambda: leave_company(second, by=by, now=NOW),
        lambda: leave_company(company.administrator, by=by, now=NOW),
    )
    assert sorted(isinstance(each, RuleViolation) for each in results) == [False, True], results
    assert Person.objects.filter(is_active=True, is_administrator=True).count() == 1
