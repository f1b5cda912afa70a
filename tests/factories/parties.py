"""A real company to test with, made through the commands themselves, as a company makes it.

``a_company()`` gives Envasa Líneas: two delegations, areas with a head each, a director, an administrator.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from hilo.businesstime import CalendarRules, weekly
from hilo.parties.actor import Actor, actor_for, system
from hilo.parties.commands.calendars import add_calendar
from hilo.parties.commands.company import add_area, add_delegation
from hilo.parties.commands.customers import add_contact, add_customer
from hilo.parties.commands.memberships import start_management
from hilo.parties.commands.people import add_person, set_authority
from hilo.parties.models import Area, Contact, Customer, Delegation, Person, WorkCalendar

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday, 10:00 in Madrid
SPLIT_SHIFT = weekly("Europe/Madrid", ["09:00-14:00", "16:00-19:00"])
AREAS = {
    "sales": ("Comercial", True),
    "technical": ("Oficina técnica", False),
    "purchasing": ("Compras", False),
    "production": ("Producción", False),
    "logistics": ("Logística", False),
    "admin": ("Administración", True),
    "aftersales": ("Posventa", False),
    "management": ("Dirección", True),
}

_number = count(1)


@dataclass(frozen=True)
class Company:
    calendar: WorkCalendar
    zaragoza: Delegation
    sevilla: Delegation
    areas: dict[str, Area]
    heads: dict[str, Person] = field(default_factory=dict)  # at Zaragoza, by area code
    people: dict[str, Person] = field(default_factory=dict)  # a seller, a technician, ... by area code

    @property
    def director(self) -> Person:
        return self.people["director"]

    @property
    def administrator(self) -> Person:
        return self.people["administrator"]


def acting(person: Person, now: datetime = NOW, door: str = "web") -> Actor:
    person.refresh_from_db()
    return actor_for(person, now=now, door=door)


def a_calendar(rules: CalendarRules = SPLIT_SHIFT, *, now: datetime = NOW) -> WorkCalendar:
    return add_calendar(name=f"Calendar {next(_number)}", rules=rules, by=system(), now=now)


def a_delegation(
    code: str = "", *, calendar: WorkCalendar | None = None, now: datetime = NOW, city: str = "Zaragoza"
) -> Delegation:
    code = code or f"site-{next(_number)}"
    return add_delegation(
        code=code, name=city, city=city, calendar=calendar or a_calendar(now=now), by=system(), now=now
    )


def an_area(code: str = "", name: str = "", *, sees_money: bool = False, now: datetime = NOW) -> Area:
    code = code or f"area-{next(_number)}"
    return add_area(
        code=code,
        name=name or f"Area {code}",
        sees_money=sees_money,
        started_on=now.date(),
        by=system(),
        now=now,
    )


def a_person(
    name: str = "",
    *,
    area: Area,
    delegation: Delegation,
    is_head: bool = False,
    language: str = "es",
    now: datetime = NOW,
) -> Person:
    number = next(_number)
    return add_person(
        name=name or f"Persona {number}",
        email=f"persona{number}@envasa.example",
        area=area,
        delegation=delegation,
        is_head=is_head,
        language=language,
        by=system(),
        now=now,
    )


def a_customer(
    name: str = "", *, delegation: Delegation, keeper: Person, now: datetime = NOW, tax_id: str = ""
) -> Customer:
    return add_customer(
        name=name or f"Cliente {next(_number)}",
        delegation=delegation,
        keeper=keeper,
        tax_id=tax_id,
        by=system(),
        now=now,
    )


def a_contact(
    customer: Customer, name: str = "", *, role: str = Contact.Role.DECIDES, now: datetime = NOW
) -> Contact:
    number = next(_number)
    return add_contact(
        customer,
        name=name or f"Contacto {number}",
        email=f"contacto{number}@cliente.example",
        role=role,
        by=system(),
        now=now,
    )


def give_authority(
    person: Person, *, director: bool = False, administrator: bool = False, auditor: bool = False
) -> Person:
    set_authority(
        person, director=director, administrator=administrator, auditor=auditor, by=system(), now=NOW
    )
    return person


def a_company(*, now: datetime = NOW) -> Company:
    calendar = a_calendar(now=now)
    zaragoza = a_delegation("zaragoza", calendar=calendar, now=now)
    sevilla = a_delegation("sevilla", calendar=calendar, now=now, city="Sevilla")
    areas = {code: an_area(code, name, sees_money=money, now=now) for code, (name, money) in AREAS.items()}
    company = Company(calendar, zaragoza, sevilla, areas)
    for code, area in areas.items():
        company.heads[code] = a_person(area=area, delegation=zaragoza, is_head=True, now=now)
        company.people[code] = a_person(area=area, delegation=zaragoza, now=now)
    management = areas["management"]
    director = a_person("Elena Directora", area=management, delegation=zaragoza, now=now)
    administrator = a_person("Ada Administra", area=management, delegation=zaragoza, now=now)
    company.people["director"] = give_authority(director, director=True)
    company.people["administrator"] = give_authority(administrator, administrator=True)
    return company


def a_manager(company: Company, delegation: Delegation, *, now: datetime = NOW) -> Person:
    manager = a_person(area=company.areas["management"], delegation=delegation, now=now)
    start_management(manager, delegation=delegation, by=system(), now=now)
    return manager
