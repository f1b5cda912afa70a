"""Somebody leaves: out at once, and everything they held has a caretaker in the same transaction."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Related, record
from hilo.parties.actor import Actor
from hilo.parties.changing import one_at_a_time
from hilo.parties.commands.absences import give_substitution, withdraw_absence
from hilo.parties.commands.memberships import finish_management, finish_membership
from hilo.parties.commands.people import refuse_losing_last_administrator
from hilo.parties.commands.sessions import end_sessions
from hilo.parties.commands.sign_in import withdraw_invitations
from hilo.parties.days import local_day
from hilo.parties.events.customers import CustomerKeeperChanged
from hilo.parties.events.people import PersonLeft
from hilo.parties.holdings import Holding, locked, pass_on_everything, register_holding
from hilo.parties.models import Absence, Customer, Person
from hilo.parties.permissions import require
from hilo.parties.queries.people import caretaker_for


@command
def leave_company(person: Person, *, seen: int | None = None, by: Actor, now: datetime) -> Person:
    """End sign-in, memberships and invitations; pass on what they hold. Returns the caretaker.

    The caretaker is their area head there, else the delegation's manager, else a director.
    """
    require(by, "people.manage")
    one_at_a_time()
    Person.objects.select_for_update().get(
        pk=person.pk
    )  # who gives them something waits for this, or we for it
    refuse_losing_last_administrator(person)
    today = local_day(now, person.zone)
    caretaker = caretaker_for(person, today)
    if caretaker is None:
        raise RuleViolation(
            _("Nobody could take over from %(name)s: no area head, manager or director. Name one first.")
            % {"name": person.name}
        )
    _sign_out(person, seen=seen, now=now)
    _end_places(person, today, by=by, now=now)
    counts = pass_on_everything(person, caretaker, by=by, now=now)
    left = PersonLeft(
        subject=Ref("person", person.pk),
        caretaker=caretaker.pk,
        counts=tuple(sorted(counts.items())),
        related=(Related("person", caretaker.pk, "caretaker"),),
    )
    record(left, by=by, now=now)
    return caretaker


def _sign_out(person: Person, *, seen: int | None, now: datetime) -> None:
    """No role and no password outlives the moment, should the account ever be opened again."""
    move(
        person,
        only_if={"is_active": True},
        refused=_("%(name)s had left already.") % {"name": person.name},
        seen=seen,
        is_active=False,
        left_at=now,
        password=make_password(None),
        is_director=False,
        is_administrator=False,
        is_auditor=False,
    )
    end_sessions(person)
    withdraw_invitations(person, now=now)


def _end_places(person: Person, today: date, *, by: Actor, now: datetime) -> None:
    for membership in person.memberships.filter(ends_on__isnull=True):
        finish_membership(membership, last_day=today, by=by, now=now)
    for management in person.managements.filter(ends_on__isnull=True):
        finish_management(management, last_day=today, by=by, now=now)
    for absence in person.absences.filter(last_day__gte=today, cancelled_at__isnull=True):
        withdraw_absence(absence, by=by, now=now)


def _kept_customers(person: Person) -> int:
    return Customer.objects.filter(keeper=person).count()


def _pass_on_customers(leaver: Person, caretaker: Person, *, by: Actor, now: datetime) -> int:
    customers = list(locked(Customer.objects.filter(keeper=leaver)))
    for customer in customers:
        move(customer, only_if={"keeper": leaver}, refused=_("Somebody else keeps it now."), keeper=caretaker)
        changed = CustomerKeeperChanged(
            subject=Ref("customer", customer.pk),
            customer_id=customer.pk,
            delegation_id=customer.delegation_id,
            old=leaver.pk,
            new=caretaker.pk,
        )
        record(changed, by=by, now=now)
    return len(customers)


def _substitutions(person: Person) -> int:
    return person.substitutions.filter(cancelled_at__isnull=True).count()


def _pass_on_substitutions(leaver: Person, caretaker: Person, *, by: Actor, now: datetime) -> int:
    """Who is away counts on somebody: the caretaker, or else who would take over from the absent one."""
    today = local_day(now, leaver.zone)
    absences = leaver.substitutions.filter(last_day__gte=today, cancelled_at__isnull=True)
    for absence in absences.select_related("person"):
        substitute = _stand_in(absence, caretaker, today)
        if substitute is None:
            withdraw_absence(absence, by=by, now=now)
        else:
            give_substitution(absence, substitute, by=by, now=now)
    return len(absences)


def _stand_in(absence: Absence, caretaker: Person, today: date) -> Person | None:
    for candidate in (caretaker, caretaker_for(absence.person, today)):
        if candidate is not None and candidate != absence.person and not _is_away(candidate, absence):
            return candidate
    return None


def _is_away(person: Person, during: Absence) -> bool:
    return person.absences.filter(
        first_day__lte=during.last_day, last_day__gte=during.first_day, cancelled_at__isnull=True
    ).exists()


register_holding(Holding("customer", _kept_customers, _pass_on_customers))
register_holding(Holding("substitution", _substitutions, _pass_on_substitutions))
