"""Being away with a substitute: nothing changes owner, what needs an answer reaches both."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Related, record
from hilo.parties.actor import Actor
from hilo.parties.days import local_day
from hilo.parties.events.people import AbsenceCancelled, AbsencePlanned, AbsenceSubstituteChanged
from hilo.parties.models import Absence, Person
from hilo.parties.permissions import require
from hilo.parties.queries.people import memberships_on


@command
def plan_absence(
    person: Person, *, substitute: Person, first_day: date, last_day: date, by: Actor, now: datetime
) -> Absence:
    """Both days are included. Somebody's own absence, or that of somebody in a delegation of the actor's."""
    _require(person, by, now)
    if last_day < first_day:
        raise RuleViolation(_("The last day comes before the first."), field="last_day")
    if last_day < local_day(now, person.zone):
        raise RuleViolation(_("Those days are over. Plan days that are still to come."), field="last_day")
    _hold_both(person, substitute)
    _refuse_overlaps(person, substitute, first_day, last_day)
    absence = Absence.objects.create(
        person=person, substitute=substitute, first_day=first_day, last_day=last_day
    )
    planned = AbsencePlanned(
        subject=Ref("absence", absence.pk),
        person=person.pk,
        substitute=substitute.pk,
        first_day=first_day,
        last_day=last_day,
        related=(Related("person", person.pk, "absent"), Related("person", substitute.pk, "substitute")),
    )
    record(planned, by=by, now=now)
    return absence


@command
def cancel_absence(absence: Absence, *, seen: int | None = None, by: Actor, now: datetime) -> None:
    """They are here after all, or back before the last day."""
    _require(absence.person, by, now)
    if absence.last_day < local_day(now, absence.person.zone):
        raise RuleViolation(_("Those days are over: the absence stays as it was."))
    withdraw_absence(absence, seen=seen, by=by, now=now)


def withdraw_absence(absence: Absence, *, seen: int | None = None, by: Actor, now: datetime) -> None:
    """Part of a command."""
    refused = _("This absence was cancelled already.")
    move(absence, only_if={"cancelled_at": None}, refused=refused, seen=seen, cancelled_at=now)
    cancelled = AbsenceCancelled(
        subject=Ref("absence", absence.pk),
        person=absence.person_id,
        related=(Related("person", absence.person_id, "absent"),),
    )
    record(cancelled, by=by, now=now)


def give_substitution(absence: Absence, substitute: Person, *, by: Actor, now: datetime) -> None:
    """Part of a command: somebody else stands in from now on."""
    old = absence.substitute_id
    refused = _("This absence was cancelled already.")
    move(absence, only_if={"cancelled_at": None}, refused=refused, substitute=substitute)
    changed = AbsenceSubstituteChanged(
        subject=Ref("absence", absence.pk),
        person=absence.person_id,
        old=old,
        new=substitute.pk,
        related=(
            Related("person", absence.person_id, "absent"),
            Related("person", substitute.pk, "substitute"),
        ),
    )
    record(changed, by=by, now=now)


def _require(person: Person, by: Actor, now: datetime) -> None:
    if by.person == person:
        require(by, "own.settings")
        return
    places = memberships_on(local_day(now, person.zone)).filter(person=person)
    own = places.filter(delegation__in=by.delegation_ids).exists()
    require(by, "people.absence_of_other", own=own)


def _hold_both(person: Person, substitute: Person) -> None:
    """Locked in one order, so that two plans at once see each other and neither waits for ever."""
    if person == substitute:
        raise RuleViolation(_("Nobody stands in for themselves. Choose somebody else."), field="substitute")
    people = Person.objects.select_for_update(no_key=True).filter(pk__in=[person.pk, substitute.pk])
    for each in people.order_by("pk"):
        if not each.is_active:
            raise RuleViolation(
                _("%(name)s no longer works here.") % {"name": each.name},
                field="substitute" if each == substitute else "person",
            )


def _refuse_overlaps(person: Person, substitute: Person, first_day: date, last_day: date) -> None:
    own = _within(person.absences.all(), first_day, last_day).first()
    if own is not None:
        raise RuleViolation(
            _("%(name)s is away already from %(first)s to %(last)s. Cancel that first.")
            % {"name": person.name, **_days(own)},
            field="first_day",
        )
    theirs = _within(substitute.absences.all(), first_day, last_day).first()
    if theirs is not None:
        raise RuleViolation(
            _("%(name)s is away too, from %(first)s to %(last)s. Choose somebody who is here.")
            % {"name": substitute.name, **_days(theirs)},
            field="substitute",
        )
    counted_on = _within(person.substitutions.select_related("person"), first_day, last_day).first()
    if counted_on is not None:
        raise RuleViolation(
            _("%(name)s stands in for %(other)s from %(first)s to %(last)s. Find another substitute first.")
            % {"name": person.name, "other": counted_on.person.name, **_days(counted_on)},
            field="first_day",
        )


def _within(absences: QuerySet[Absence], first_day: date, last_day: date) -> QuerySet[Absence]:
    return absences.filter(first_day__lte=last_day, last_day__gte=first_day, cancelled_at__isnull=True)


def _days(absence: Absence) -> dict[str, str]:
    return {
        "first": date_format(absence.first_day, "SHORT_DATE_FORMAT"),
        "last": date_format(absence.last_day, "SHORT_DATE_FORMAT"),
    }
