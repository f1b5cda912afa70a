"""Setting the company up: founded, its delegations and people, its customers, its processes."""

from __future__ import annotations

import unicodedata
from datetime import date

from hilo.businesstime import weekly
from hilo.demo.cast import COLLEAGUES, FIRMS, FOUNDER, Colleague, Firm
from hilo.demo.days import ZONE, local_holidays, zaragoza_holidays, zaragoza_rules
from hilo.demo.faces import PASSWORD, SIGN_INS
from hilo.demo.stage import DOOR, Stage
from hilo.parties.actor import system
from hilo.parties.commands.calendars import add_calendar, assign_area_calendar
from hilo.parties.commands.company import add_delegation
from hilo.parties.commands.customers import add_contact, add_customer
from hilo.parties.commands.memberships import start_management
from hilo.parties.commands.modules import switch_everything_on
from hilo.parties.commands.people import add_person, change_person, set_authority
from hilo.parties.commands.sign_in import accept_invitation, invite_person
from hilo.parties.seeds import found_company, seeded_rules
from hilo.work.commands.templates import seed_templates

_PREFIX = {"zaragoza": "976", "sevilla": "954", "vigo": "986"}


def set_up(stage: Stage) -> None:
    """In one morning, before the first customer calls."""
    _found(stage)
    _add_delegations(stage)
    for colleague in COLLEAGUES:
        _add(stage, colleague)
    _give_authority(stage)
    _let_visitors_in(stage)
    seed_templates(by=stage.by("elena"), now=stage.tick())
    for firm in FIRMS:
        _add_firm(stage, firm)
    stage.forget_roles()


def address_of(name: str, domain: str) -> str:
    """Lucía Herrera at envasa: lucia.herrera@envasa.example"""
    plain = unicodedata.normalize("NFD", name.lower()).encode("ascii", "ignore").decode("ascii")
    return f"{'.'.join(plain.split()[:2])}@{domain}.example"


def _phone(stage: Stage, delegation: str) -> str:
    return f"{_PREFIX[delegation]} 00 {stage.rng.randint(10, 99)} {stage.rng.randint(10, 99)}"


def _found(stage: Stage) -> None:
    founded = found_company(
        name="Envasa Líneas S.A.",
        administrator_name=FOUNDER.name,
        administrator_email=address_of(FOUNDER.name, "envasa"),
        password=PASSWORD,
        region="AR",
        city="Zaragoza",
        local_holidays=zaragoza_holidays(stage.days.first.year),
        by=system(DOOR),
        now=stage.tick(),
    )
    stage.people["elena"] = founded.administrator
    stage.delegations["zaragoza"] = founded.delegation
    stage.areas.update(founded.areas)
    by = stage.by("elena")
    switch_everything_on(by=by, now=stage.tick())
    change_person(founded.administrator, position=FOUNDER.position, by=by, now=stage.tick())


def _add_delegations(stage: Stage) -> None:
    by, year = stage.by("elena"), stage.days.first.year
    for code, city, region, own in (
        ("sevilla", "Sevilla", "AN", (5, 30, "San Fernando")),
        ("vigo", "Vigo", "GA", (3, 28, "La Reconquista")),
    ):
        rules = seeded_rules(
            zone=ZONE, country="ES", region=region, first_year=year, local=local_holidays(year, own)
        )
        calendar = add_calendar(name=city, rules=rules, by=by, now=stage.tick())
        stage.delegations[code] = add_delegation(
            code=code, name=city, region=region, city=city, calendar=calendar, by=by, now=stage.tick()
        )
    holidays = zaragoza_rules(year).days
    shift = weekly(ZONE, ["07:00-15:00"], special=holidays)
    workshop = add_calendar(name="Taller, turno de mañana", rules=shift, by=by, now=stage.tick())
    assign_area_calendar(
        stage.areas["production"], stage.delegations["zaragoza"], calendar=workshop, by=by, now=stage.tick()
    )


def _add(stage: Stage, colleague: Colleague) -> None:
    stage.people[colleague.key] = add_person(
        name=colleague.name,
        email=address_of(colleague.name, "envasa"),
        area=stage.areas[colleague.area],
        delegation=stage.delegations[colleague.delegation],
        position=colleague.position,
        phone=_phone(stage, colleague.delegation),
        is_head=colleague.is_head,
        by=stage.by("elena"),
        now=stage.tick(),
    )


def _give_authority(stage: Stage) -> None:
    by = stage.by("elena")
    for key, administrator, auditor in (("gonzalo", True, False), ("beatriz", False, True)):
        set_authority(
            stage.people[key],
            director=False,
            administrator=administrator,
            auditor=auditor,
            by=by,
            now=stage.tick(),
        )
    for key, delegation in (("manuela", "sevilla"), ("antia", "vigo")):
        place = stage.delegations[delegation]
        start_management(stage.people[key], delegation=place, by=by, now=stage.tick())
    stage.forget_roles()


def _let_visitors_in(stage: Stage) -> None:
    """The director has her password from the founding; the others are invited and accept."""
    addresses = {each.email: each.password for each in SIGN_INS}
    for key, person in stage.people.items():
        if key != "elena" and person.email in addresses:
            token = invite_person(person, by=stage.by("elena"), now=stage.tick())
            accept_invitation(token, password=addresses[person.email], now=stage.tick())


def _add_firm(stage: Stage, firm: Firm) -> None:
    by = stage.by(firm.keeper)
    customer = add_customer(
        name=firm.name,
        delegation=stage.delegations[firm.delegation],
        keeper=stage.people[firm.keeper],
        tier=firm.tier,
        country="España",
        city=firm.city,
        phone=_phone(stage, firm.delegation),
        website=f"https://{firm.domain}.example",
        since=date(firm.since, stage.rng.randint(1, 12), stage.rng.randint(1, 28)),
        by=by,
        now=stage.tick(),
    )
    stage.customers[firm.name] = customer
    for name, role, position in firm.people:
        stage.contacts[firm.name, name] = add_contact(
            customer,
            name=name,
            email=address_of(name, firm.domain),
            phone=_phone(stage, firm.delegation),
            position=position,
            role=role,
            by=by,
            now=stage.tick(),
        )
