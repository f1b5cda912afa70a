"""Areas, delegations and the company's own numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.record import Ref, Sealed, record, seal
from hilo.parties.actor import Actor
from hilo.parties.changing import change, refusing_duplicates
from hilo.parties.events.company import (
    AreaAdded,
    AreaMoneyChanged,
    AreaRenamed,
    DelegationAdded,
    DelegationChanged,
    PolicyChanged,
)
from hilo.parties.models import Area, CompanyPolicy, Delegation, WorkCalendar
from hilo.parties.permissions import require
from hilo.parties.texts import code as checked_code
from hilo.parties.texts import line, time_zone


class DelegationFields(TypedDict, total=False):
    name: str
    zone: str
    country: str
    region: str
    city: str
    calendar: WorkCalendar


class PolicyFields(TypedDict, total=False):
    name: str
    currency: str
    light_response_minutes: int
    full_response_minutes: int
    news_working_days: int
    urgent_news_working_days: int
    tacit_acceptance_working_days: int
    survey_quiet_days: int
    interruptions_per_day: int
    invitation_hours: int
    session_idle_days: int
    default_reserve_share: int


# The least and the most that still mean something; nobody waits a year for an answer to an offer.
POLICY_LIMITS: dict[str, tuple[int, int]] = {
    "light_response_minutes": (1, 10_000),
    "full_response_minutes": (1, 20_000),
    "news_working_days": (1, 60),
    "urgent_news_working_days": (1, 60),
    "tacit_acceptance_working_days": (1, 120),
    "survey_quiet_days": (0, 730),
    "interruptions_per_day": (0, 3),
    "invitation_hours": (1, 720),
    "session_idle_days": (1, 90),
    "default_reserve_share": (0, 100),
}


@command
def add_delegation(
    *,
    code: str,
    name: str,
    zone: str = "Europe/Madrid",
    country: str = "ES",
    region: str = "",
    city: str = "",
    calendar: WorkCalendar,
    by: Actor,
    now: datetime,
) -> Delegation:
    require(by, "company.manage")
    fields = _delegation_fields(
        {"name": name, "zone": zone, "country": country, "region": region, "city": city}
    )
    code = checked_code(code)
    with refusing_duplicates(_code_taken(code), field="code"):
        delegation = Delegation.objects.create(code=code, calendar=calendar, **fields)
    added = DelegationAdded(
        subject=Ref("delegation", delegation.pk),
        delegation_id=delegation.pk,
        code=code,
        zone=delegation.zone,
        country=delegation.country,
        region=delegation.region,
        calendar=calendar.pk,
        name=seal(delegation.name),
    )
    record(added, by=by, now=now)
    return delegation


@command(may_do_nothing=True)
def change_delegation(
    delegation: Delegation,
    *,
    seen: int | None = None,
    by: Actor,
    now: datetime,
    **changes: Unpack[DelegationFields],
) -> None:
    require(by, "company.manage")
    wanted: dict[str, object] = dict(changes)
    wanted |= _delegation_fields({key: value for key, value in wanted.items() if isinstance(value, str)})
    refused = _("%(name)s is closed.") % {"name": delegation.name}
    names = change(delegation, wanted, only_if={"closed_on": None}, refused=refused, seen=seen)
    if names:
        changed = DelegationChanged(
            subject=Ref("delegation", delegation.pk),
            delegation_id=delegation.pk,
            fields=names,
            name=_sealed_if("name", names, delegation.name),
        )
        record(changed, by=by, now=now)


@command
def add_area(
    *,
    code: str,
    name: str,
    sees_money: bool = False,
    started_on: date | None = None,
    by: Actor,
    now: datetime,
) -> Area:
    require(by, "company.manage")
    code, name = checked_code(code), _area_name(name)
    with refusing_duplicates(_code_taken(code), field="code"):
        area = Area.objects.create(
            code=code, name=name, sees_money=sees_money, started_on=started_on or now.date()
        )
    added = AreaAdded(
        subject=Ref("area", area.pk),
        area_id=area.pk,
        code=code,
        sees_money=sees_money,
        started_on=area.started_on,
        name=seal(name),
    )
    record(added, by=by, now=now)
    return area


@command(may_do_nothing=True)
def rename_area(area: Area, *, name: str, seen: int | None = None, by: Actor, now: datetime) -> None:
    """History goes on under the same area: an event names it by number, a screen by its present name."""
    require(by, "company.manage")
    area.refresh_from_db()
    old = area.name
    if change(
        area, {"name": _area_name(name)}, only_if={"ended_on": None}, refused=_area_ended(area), seen=seen
    ):
        renamed = AreaRenamed(
            subject=Ref("area", area.pk), area_id=area.pk, old=seal(old), new=seal(area.name)
        )
        record(renamed, by=by, now=now)


@command(may_do_nothing=True)
def show_money_to_area(
    area: Area, *, sees_money: bool, seen: int | None = None, by: Actor, now: datetime
) -> None:
    require(by, "company.manage")
    wanted = {"sees_money": sees_money}
    if change(area, wanted, only_if={"ended_on": None}, refused=_area_ended(area), seen=seen):
        changed = AreaMoneyChanged(subject=Ref("area", area.pk), area_id=area.pk, sees_money=sees_money)
        record(changed, by=by, now=now)


@command(may_do_nothing=True)
def change_policy(
    *, seen: int | None = None, by: Actor, now: datetime, **changes: Unpack[PolicyFields]
) -> CompanyPolicy:
    require(by, "company.manage")
    policy = CompanyPolicy.objects.get(pk=1)
    names = change(policy, _policy_fields(changes), only_if={}, refused="", seen=seen)
    if names:
        numbers = tuple((name, getattr(policy, name)) for name in names if name in POLICY_LIMITS)
        changed = PolicyChanged(subject=Ref("policy", policy.pk), fields=names, numbers=numbers)
        record(changed, by=by, now=now)
    return policy


def _delegation_fields(texts: Mapping[str, object]) -> dict[str, str]:
    checks: dict[str, Callable[[str], str]] = {
        "name": lambda text: line(text, field="name", most=120, missing=_("Give the delegation a name.")),
        "zone": time_zone,
        "country": _country,
        "region": lambda text: line(text, field="region", most=10),
        "city": lambda text: line(text, field="city", most=120),
    }
    return {key: checks[key](str(text)) for key, text in texts.items()}


def _country(text: str) -> str:
    country = line(text, field="country").upper()
    if len(country) != 2 or not (country.isascii() and country.isalpha()):
        raise RuleViolation(_("Write the country with its two letters, like ES or PT."), field="country")
    return country


def _policy_fields(changes: PolicyFields) -> dict[str, object]:
    wanted: dict[str, object] = {}
    for field, value in changes.items():
        if field in POLICY_LIMITS:
            wanted[field] = _within_limits(field, value)
        elif field == "name":
            wanted[field] = line(str(value), field="name", missing=_("Write the company's name."))
        elif field == "currency":
            wanted[field] = _currency(str(value))
        else:
            raise TypeError(f"the policy has no {field}")
    return wanted


def _within_limits(field: str, value: object) -> int:
    least, most = POLICY_LIMITS[field]
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise RuleViolation(
            _("Write a whole number from %(least)s to %(most)s.") % {"least": least, "most": most},
            field=field,
        )
    return value


def _currency(text: str) -> str:
    currency = line(text, field="currency").upper()
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
        raise RuleViolation(_("Write the currency with its three letters, like EUR."), field="currency")
    return currency


def _area_name(name: str) -> str:
    return line(name, field="name", most=120, missing=_("Give the area a name."))


def _area_ended(area: Area) -> str:
    return _("%(area)s has ended: its past stays as it was.") % {"area": area.name}


def _code_taken(code: str) -> str:
    return _("The code %(code)s is taken: choose another.") % {"code": code}


def _sealed_if(field: str, names: tuple[str, ...], text: str) -> Sealed | None:
    return seal(text) if field in names else None
