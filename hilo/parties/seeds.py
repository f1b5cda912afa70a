"""What a new company starts with: policy, a calendar with holidays, a delegation, areas, an administrator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from hilo.businesstime import CalendarRules, Season, SpecialDay, Window
from hilo.businesstime.holidays_seed import special_days
from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, record
from hilo.parties.actor import Actor, system
from hilo.parties.changing import one_at_a_time
from hilo.parties.commands.calendars import add_calendar
from hilo.parties.commands.company import add_area, add_delegation, change_policy
from hilo.parties.commands.modules import begin_small
from hilo.parties.commands.people import add_person, set_authority
from hilo.parties.commands.sign_in import refuse_weak_password
from hilo.parties.days import local_day
from hilo.parties.events.people import PersonJoined
from hilo.parties.models import Area, Delegation, Person
from hilo.parties.texts import time_zone

YEARS_OF_HOLIDAYS = 3  # this one and the next two; later ones are added in the calendar's screen
OFFICE_HOURS = ("09:00-14:00", "16:00-19:00")


@dataclass(frozen=True, slots=True)
class FoundedCompany:
    administrator: Person
    delegation: Delegation
    areas: dict[str, Area]


def first_areas() -> dict[str, tuple[str, bool]]:
    """Code, name in the founder's language, and whether its people see money (SPEC 8.1)."""
    return {
        "sales": (_("Sales"), True),
        "technical": (_("Technical office"), False),
        "purchasing": (_("Purchasing"), False),
        "production": (_("Production"), False),
        "logistics": (_("Logistics"), False),
        "admin": (_("Administration"), True),
        "aftersales": (_("After-sales"), False),
        "management": (_("Management"), True),
    }


def seeded_rules(
    *,
    zone: str,
    country: str,
    region: str = "",
    first_year: int,
    hours: Iterable[str] = OFFICE_HOURS,
    local: Iterable[SpecialDay] = (),
) -> CalendarRules:
    """Office hours from Monday to Friday with national and regional holidays, each with its provenance.

    ``local`` are the town's own, which no package knows. An unknown country or region is refused.
    """
    try:
        days = special_days(country, region or None, range(first_year, first_year + YEARS_OF_HOLIDAYS), local)
    except ValueError:
        raise RuleViolation(
            _("No holidays are known for that region. Leave it empty, and add them in the calendar."),
            field="region",
        ) from None
    open_day = tuple(Window.parse(text) for text in hours)
    week = (*(open_day for _weekday in range(5)), (), ())
    return CalendarRules(zone, (Season.whole_year("", week),), days)


@command
def found_company(
    *,
    name: str,
    administrator_name: str,
    administrator_email: str,
    password: str,
    country: str = "ES",
    region: str = "",
    city: str = "",
    zone: str = "Europe/Madrid",
    local_holidays: Iterable[SpecialDay] = (),
    by: Actor | None = None,
    now: datetime,
) -> FoundedCompany:
    """Once, on an empty installation: who founds it can sign in at once, as administrator and director."""
    by = by or system("cli")
    one_at_a_time()
    _refuse_second_founding(by)
    zone = time_zone(zone)
    today = local_day(now, zone)
    change_policy(name=name, by=by, now=now)
    delegation = _first_delegation(name, country, region, city, zone, today, local_holidays, by, now)
    areas = {
        code: add_area(code=code, name=called, sees_money=money, started_on=today, by=by, now=now)
        for code, (called, money) in first_areas().items()
    }
    administrator = add_person(
        name=administrator_name,
        email=administrator_email,
        area=areas["management"],
        delegation=delegation,
        is_head=True,
        by=by,
        now=now,
    )
    set_authority(administrator, director=True, administrator=True, auditor=False, by=by, now=now)
    _let_in(administrator, password, by=by, now=now)
    begin_small(by=by, now=now)
    return FoundedCompany(administrator, delegation, areas)


def is_founded() -> bool:
    return Person.objects.exists()


def _refuse_second_founding(by: Actor) -> None:
    if not by.is_system or is_founded():
        raise RuleViolation(
            _("This company is set up already. Sign in, or ask an administrator to invite you.")
        )


def _first_delegation(
    name: str,
    country: str,
    region: str,
    city: str,
    zone: str,
    today: date,
    local: Iterable[SpecialDay],
    by: Actor,
    now: datetime,
) -> Delegation:
    rules = seeded_rules(zone=zone, country=country, region=region, first_year=today.year, local=local)
    calendar = add_calendar(name=city or name[:120], rules=rules, by=by, now=now)
    return add_delegation(
        code="main",
        name=city or _("Head office"),
        zone=zone,
        country=country,
        region=region,
        city=city,
        calendar=calendar,
        by=by,
        now=now,
    )


def _let_in(person: Person, password: str, *, by: Actor, now: datetime) -> None:
    refuse_weak_password(password, person, field="password")
    move(person, only_if={"is_active": True}, refused="", password=make_password(password))
    record(PersonJoined(subject=Ref("person", person.pk)), by=by, now=now)
