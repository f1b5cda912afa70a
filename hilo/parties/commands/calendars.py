"""Working calendars: added, given new rules as a new version, hung on an area at a delegation."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from hilo.businesstime import CalendarRules
from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, record, seal
from hilo.parties.actor import Actor
from hilo.parties.changing import refusing_duplicates
from hilo.parties.events.company import (
    CalendarAdded,
    CalendarAssigned,
    CalendarChanged,
    CalendarUnassigned,
)
from hilo.parties.models import Area, AreaCalendar, CalendarVersion, Delegation, WorkCalendar
from hilo.parties.permissions import require
from hilo.parties.texts import line


@command
def add_calendar(*, name: str, rules: CalendarRules, by: Actor, now: datetime) -> WorkCalendar:
    require(by, "company.manage")
    name = line(name, field="name", most=120, missing=_("Give the calendar a name."))
    _refuse_without_hours(rules)
    with refusing_duplicates(
        _("There is already a calendar called %(name)s.") % {"name": name}, field="name"
    ):
        calendar = WorkCalendar.objects.create(name=name)
    _add_version(calendar, 1, rules, by, now)
    record(CalendarAdded(subject=Ref("calendar", calendar.pk), name=seal(name)), by=by, now=now)
    return calendar


@command
def change_calendar(
    calendar: WorkCalendar, *, rules: CalendarRules, seen: int | None = None, by: Actor, now: datetime
) -> CalendarVersion:
    """The new rules hold for every clock computed from now on; what was computed and stored stays."""
    require(by, "company.manage")
    _refuse_without_hours(rules)
    move(calendar, only_if={}, refused="", seen=seen)
    newest = calendar.versions.order_by("-number").values_list("number", flat=True)[0]
    version = _add_version(calendar, newest + 1, rules, by, now)
    record(CalendarChanged(subject=Ref("calendar", calendar.pk), number=version.number), by=by, now=now)
    return version


@command(may_do_nothing=True)
def assign_area_calendar(
    area: Area, delegation: Delegation, *, calendar: WorkCalendar | None, by: Actor, now: datetime
) -> None:
    """The area keeps these hours at that delegation; with None, the delegation's again."""
    require(by, "company.manage")
    if area.ended_on is not None:
        raise RuleViolation(
            _("%(area)s has ended: choose a present area.") % {"area": area.name}, field="area"
        )
    before = AreaCalendar.objects.filter(area=area, delegation=delegation).first()
    if calendar is not None:
        hang_calendar(area, delegation, calendar, by=by, now=now)
    elif before is not None:
        before.delete()
        gone = CalendarUnassigned(
            subject=Ref("calendar", before.calendar_id), area=area.pk, delegation=delegation.pk
        )
        record(gone, by=by, now=now)


def hang_calendar(
    area: Area, delegation: Delegation, calendar: WorkCalendar, *, by: Actor, now: datetime
) -> None:
    """Part of a command, which has asked whether ``by`` may; does nothing if it hangs there already."""
    if AreaCalendar.objects.filter(area=area, delegation=delegation, calendar=calendar).exists():
        return
    AreaCalendar.objects.update_or_create(area=area, delegation=delegation, defaults={"calendar": calendar})
    hung = CalendarAssigned(subject=Ref("calendar", calendar.pk), area=area.pk, delegation=delegation.pk)
    record(hung, by=by, now=now)


def _add_version(
    calendar: WorkCalendar, number: int, rules: CalendarRules, by: Actor, now: datetime
) -> CalendarVersion:
    return CalendarVersion.objects.create(
        calendar=calendar, number=number, rules=rules.to_dict(), created_at=now, created_by=by.person
    )


def _refuse_without_hours(rules: CalendarRules) -> None:
    """A clock that never runs would never let anything fall due."""
    if rules.never_opens:
        raise RuleViolation(_("This calendar never opens. Give it working hours on some day."), field="rules")
