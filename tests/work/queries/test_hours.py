"""Hours read together are those that each place and person would be asked for alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hilo.businesstime import weekly
from hilo.parties.models import AreaCalendar, Membership
from hilo.parties.queries.calendars import clock_of, clock_of_person
from hilo.work.queries.hours import Hours
from tests.factories.parties import Company, a_calendar, a_person
from tests.factories.work import a_house

pytestmark = pytest.mark.django_db
SHIFTS = weekly("Europe/Madrid", ["06:00-14:00", "14:00-22:00"])


@pytest.fixture
def company() -> Company:
    house = a_house()
    AreaCalendar.objects.create(
        area=house.area("production"), delegation=house.company.zaragoza, calendar=a_calendar(SHIFTS)
    )
    return house.company


def test_places_and_people_have_the_hours_they_would_have_alone(company: Company) -> None:
    moved = company.people["production"]
    old = moved.memberships.get()
    Membership.objects.filter(pk=old.pk).update(ends_on=old.starts_on + timedelta(days=1))
    Membership.objects.create(
        person=moved, area=company.areas["sales"], delegation=company.sevilla, starts_on=old.starts_on
    )
    nobody_yet = a_person(area=company.areas["sales"], delegation=company.sevilla)
    nobody_yet.memberships.all().delete()
    people = [*company.people.values(), nobody_yet]

    with CaptureQueriesContext(connection) as caught:
        hours = Hours({person.pk for person in people})
        of_people = hours.of_people(person.pk for person in people)
        places = [
            (area.pk, site.pk)
            for area in company.areas.values()
            for site in (company.zaragoza, company.sevilla)
        ]
        of_places = hours.of_places([*places, (None, company.sevilla.pk)])

    assert len(caught) == 1
    assert of_people == {person.pk: clock_of_person(person.pk) for person in people}
    assert of_places == {place: clock_of(*place) for place in [*places, (None, company.sevilla.pk)]}
    assert len(set(of_places.values())) > 1


def test_nothing_is_read_before_somebody_asks_and_others_are_looked_up(company: Company) -> None:
    with CaptureQueriesContext(connection) as caught:
        hours = Hours(set())
    assert len(caught) == 0
    seller = company.people["sales"].pk
    assert hours.of_person(seller) == clock_of_person(seller)
