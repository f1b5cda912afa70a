"""Every page of people, company and accounts opens for an administrator, in both languages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from hilo.parties.commands.absences import plan_absence
from hilo.parties.models import Absence, Membership, Person
from hilo.quality.models import CauseKind, LegalDeadline
from hilo.web.doing.routes import ROUTES
from hilo.work.commands.calendar_addresses import make_calendar_address
from hilo.work.commands.templates import seed_templates
from tests.factories.parties import NOW, Company, a_company, acting

pytestmark = pytest.mark.django_db
FAMILIES = ("person", "people", "area", "absence", "calendar", "setting", "profile", "password", "second")


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_page_opens(company: Company, language: str, clock: None) -> None:
    administrator = company.administrator
    Person.objects.filter(pk=administrator.pk).update(language=language)
    seed_templates(by=acting(administrator), now=NOW)
    one = company.people["sales"]
    absence = plan_absence(
        one,
        substitute=company.people["technical"],
        first_day=NOW.date(),
        last_day=NOW.date(),
        by=acting(one),
        now=NOW,
    )
    assert Absence.objects.filter(pk=absence.pk).exists()
    client = Client()
    client.force_login(administrator)
    places = {
        "person": [one.pk],
        "membership": [Membership.objects.filter(person=one).get().pk],
        "area": [company.areas["sales"].pk],
        "delegation": [company.zaragoza.pk],
        "calendar": [company.calendar.pk],
        "template_version": ["supply", 1],
        "cause": [CauseKind.objects.values_list("pk", flat=True)[0]],
        "deadline": [LegalDeadline.objects.values_list("pk", flat=True)[0]],
    }
    one_of_each = {
        "web:setting_task_again": ["0198c0de-0000-7000-8000-000000000000"],
        "web:setting_module_switch": ["money"],
        "web:calendar_feed": [make_calendar_address(by=acting(administrator), now=NOW)],
    }
    opened = 0
    assert get_resolver().url_patterns  # reading them fills the table of routes
    for name, route in sorted(ROUTES.items()):
        if not name.removeprefix("web:").startswith(FAMILIES) or route.of in ("absence", "management"):
            continue
        own = one_of_each.get(name, [])
        url = reverse(name, args=places.get(route.of, own))
        answer = client.get(url)
        assert answer.status_code in (200, 405), (url, answer.status_code)
        opened += answer.status_code == 200
    assert opened >= 25
