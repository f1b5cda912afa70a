"""The company, its people and its customers: added, changed, gone, merged, reorganised."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from pyotp import TOTP

from hilo.businesstime import weekly
from hilo.parties.models import (
    Absence,
    Area,
    AreaCalendar,
    Contact,
    Customer,
    Delegation,
    DelegationManagement,
    Invitation,
    Membership,
    Person,
    WorkCalendar,
)
from tests.conformance.machine.world import Call, World, tries

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORDS = ("cabo-suelto-y-nudo", "otro-nudo-marinero", "1234")
RULES = (
    weekly("Europe/Madrid", ["08:00-15:00"]),
    weekly("Europe/Madrid", ["09:00-14:00", "16:00-19:00"]),
    weekly("Europe/Madrid", []),
)


# The company ----------------------------------------------------------------------------------------------


@tries("parties.seeds.found_company")
def found_company(w: World) -> Call:
    return w.call(
        name="Envasa", administrator_name="Ada", administrator_email="ada@x.example", password=PASSWORDS[0]
    )


@tries("parties.company.add_delegation")
def add_delegation(w: World) -> Call:
    code = w.pick.one(("vigo", "bilbao", "zaragoza"))
    calendar = w.row(WorkCalendar.objects.all())
    return w.call(code=code, name=w.words("Vigo"), calendar=calendar, by=w.administrator())


@tries("parties.company.change_delegation")
def change_delegation(w: World) -> Call:
    where = w.delegation()
    return w.call(where, name=w.words("Centro"), seen=w.seen(where), by=w.administrator())


@tries("parties.company.add_area")
def add_area(w: World) -> Call:
    code = w.pick.one(("quality", "service", "sales"))
    return w.call(
        code=code, name=w.name("Área"), started_on=w.now.date() - timedelta(days=9), by=w.administrator()
    )


@tries("parties.company.rename_area")
def rename_area(w: World) -> Call:
    area = w.area()
    return w.call(area, name=w.words("Nombre"), seen=w.seen(area), by=w.administrator())


@tries("parties.company.show_money_to_area")
def show_money_to_area(w: World) -> Call:
    area = w.area()
    return w.call(area, sees_money=w.pick.in_ten(5), seen=w.seen(area), by=w.administrator())


@tries("parties.company.change_policy")
def change_policy(w: World) -> Call:
    return w.call(
        light_response_minutes=w.pick.one((120, 240, 0)),
        tacit_acceptance_working_days=w.pick.one((5, 10)),
        by=w.administrator(),
    )


@tries("parties.calendars.add_calendar")
def add_calendar(w: World) -> Call:
    return w.call(name=w.name("Calendario"), rules=w.pick.one(RULES), by=w.administrator())


@tries("parties.calendars.change_calendar")
def change_calendar(w: World) -> Call:
    calendar = w.row(WorkCalendar.objects.all())
    return w.call(calendar, rules=w.pick.one(RULES), seen=w.seen(calendar), by=w.administrator())


@tries("parties.calendars.assign_area_calendar")
def assign_area_calendar(w: World) -> Call:
    hung = w.maybe(AreaCalendar.objects.all())
    if hung is not None:
        return w.call(hung.area, hung.delegation, calendar=None, by=w.administrator())
    calendar = w.row(WorkCalendar.objects.all())
    return w.call(w.area(), w.delegation(), calendar=calendar, by=w.administrator())


@tries("parties.reorganising.reorganise_area")
def reorganise_area(w: World) -> Call:
    """Mostly an area nobody of the management works in, so that somebody stays to play with."""
    area = w.row(Area.objects.all(), Q(ended_on=None) & ~Q(code__in=["management", "sales"]))
    heirs = [w.area(), w.area()]
    heirs = heirs if w.pick.in_ten(3) else heirs[:1]
    days = w.pick.one((0, 0, -1, 5))
    return w.call(
        area,
        successors=heirs,
        open_work_to=heirs[0],
        on=w.now.date() + timedelta(days=days),
        seen=w.seen(area),
        by=w.administrator(),
    )


# People ---------------------------------------------------------------------------------------------------


@tries("parties.people.add_person")
def add_person(w: World) -> Call:
    w.count += 1
    email = w.pick.one((f"nueva{w.count}@envasa.example", "persona1@envasa.example"))
    return w.call(
        name=w.words("Nuria Nueva"),
        email=email,
        area=w.area(),
        delegation=w.delegation(),
        is_head=w.pick.in_ten(3),
        by=w.administrator(),
    )


@tries("parties.people.change_person")
def change_person(w: World) -> Call:
    person = w.person()
    return w.call(person, position=w.name("Puesto"), seen=w.seen(person), by=w.administrator())


@tries("parties.people.change_own_settings")
def change_own_settings(w: World) -> Call:
    return w.call(theme=w.pick.one(("dark", "light", "pink")), by=w.by())


@tries("parties.people.set_authority")
def set_authority(w: World) -> Call:
    person = w.person()
    return w.call(
        person,
        director=w.pick.in_ten(5),
        administrator=w.pick.in_ten(5),
        auditor=w.pick.in_ten(2),
        seen=w.seen(person),
        by=w.administrator(),
    )


@tries("parties.leaving.leave_company")
def leave_company(w: World) -> Call:
    person = w.row(Person.objects.all(), Q(is_active=True, is_administrator=False))
    return w.call(person, seen=w.seen(person), by=w.administrator())


@tries("parties.memberships.start_membership")
def start_membership(w: World) -> Call:
    return w.call(
        w.person(),
        area=w.area(),
        delegation=w.delegation(),
        primary=w.pick.in_ten(3),
        is_head=w.pick.in_ten(3),
        by=w.administrator(),
    )


@tries("parties.memberships.change_membership")
def change_membership(w: World) -> Call:
    membership = w.row(Membership.objects.all(), Q(ends_on=None))
    primary = w.pick.one((None, True, False))
    return w.call(membership, primary=primary, is_head=w.pick.in_ten(5), by=w.administrator())


@tries("parties.memberships.end_membership")
def end_membership(w: World) -> Call:
    membership = w.row(Membership.objects.all(), Q(ends_on=None, is_primary=False))
    return w.call(membership, by=w.administrator())


@tries("parties.memberships.start_management")
def start_management(w: World) -> Call:
    return w.call(w.person(), delegation=w.delegation(), by=w.administrator())


@tries("parties.memberships.end_management")
def end_management(w: World) -> Call:
    return w.call(w.row(DelegationManagement.objects.all(), Q(ends_on=None)), by=w.administrator())


@tries("parties.absences.plan_absence")
def plan_absence(w: World) -> Call:
    person = w.person()
    first = w.now.date() + timedelta(days=w.pick.one((0, 1, 6, -9)))
    last = first + timedelta(days=w.pick.one((2, 6, -1)))
    return w.call(person, substitute=w.person(), first_day=first, last_day=last, by=w.by(person))


@tries("parties.absences.cancel_absence")
def cancel_absence(w: World) -> Call:
    absence = w.row(Absence.objects.all(), Q(cancelled_at=None))
    return w.call(absence, seen=w.seen(absence), by=w.by(absence.person))


@tries("parties.sign_in.invite_person")
def invite_person(w: World) -> Call:
    return w.call(w.person(), by=w.administrator())


@tries("parties.sign_in.accept_invitation")
def accept_invitation(w: World) -> Call:
    """Only who has the link can come in, and nobody reads it twice: here it is made up anew."""
    from hilo.parties.queries.invitations import digest_of

    token = f"link-{w.count}"
    w.count += 1
    invitation = w.row(Invitation.objects.all(), Q(used_at=None, withdrawn_at=None))
    Invitation.objects.filter(pk=invitation.pk).update(token_digest=digest_of(token))
    return w.call(token if w.pick.in_ten(8) else "x", password=w.pick.one(PASSWORDS))


@tries("parties.sign_in.change_password")
def change_password(w: World) -> Call:
    person = w.row(Person.objects.all(), Q(invitations__used_at__isnull=False))
    old, new = w.pick.one(PASSWORDS[:2]), w.pick.one(PASSWORDS)
    return w.call(person, old=old, new=new, by=w.by(person))


@tries("parties.second_factor.turn_second_factor_on")
def turn_second_factor_on(w: World) -> Call:
    person = w.row(Person.objects.all(), Q(is_active=True))
    code = TOTP(SECRET).now() if w.pick.in_ten(7) else "000000"
    return w.call(person, secret=SECRET, code=code, by=w.by(person))


@tries("parties.second_factor.renew_recovery_codes")
def renew_recovery_codes(w: World) -> Call:
    person = w.row(Person.objects.all(), Q(authenticator__isnull=False))
    return w.call(person, by=w.by(person))


@tries("parties.second_factor.turn_second_factor_off")
def turn_second_factor_off(w: World) -> Call:
    person = w.row(Person.objects.all(), Q(authenticator__isnull=False))
    return w.call(person, by=w.by(person))


# Customers ------------------------------------------------------------------------------------------------


@tries("parties.customers.add_customer")
def add_customer(w: World) -> Call:
    where = w.row(Delegation.objects.all(), Q(memberships__isnull=False))
    keeper = w.row(Person.objects.all(), Q(is_active=True, memberships__delegation=where))
    return w.call(name=w.words("Conservas Norte"), delegation=where, keeper=keeper, by=w.by(keeper))


@tries("parties.customers.change_customer")
def change_customer(w: World) -> Call:
    customer = w.row(Customer.objects.all())
    keeper = w.person()
    return w.call(
        customer, name=w.words("Otro nombre"), keeper=keeper, seen=w.seen(customer), by=w.by(customer.keeper)
    )


@tries("parties.customers.add_contact")
def add_contact(w: World) -> Call:
    customer = w.row(Customer.objects.all())
    email = w.pick.one(("", "norma@x.example"))
    return w.call(customer, name=w.words("Norma"), email=email, by=w.by(customer.keeper))


@tries("parties.customers.change_contact")
def change_contact(w: World) -> Call:
    contact = w.row(Contact.objects.all(), Q(erased_at=None))
    return w.call(contact, position=w.name("Jefa"), seen=w.seen(contact), by=w.by(contact.customer.keeper))


@tries("parties.customers.mark_contact_left")
def mark_contact_left(w: World) -> Call:
    contact = w.row(Contact.objects.all(), Q(erased_at=None))
    return w.call(contact, seen=w.seen(contact), by=w.by(contact.customer.keeper))


@tries("parties.customers.erase_contact")
def erase_contact(w: World) -> Call:
    contact = w.row(Contact.objects.all(), Q(erased_at=None))
    return w.call(contact, seen=w.seen(contact), by=w.administrator())


@tries("parties.merges.merge_customers")
def merge_customers(w: World) -> Call:
    merged = w.row(Customer.objects.all(), Q(merged_into=None))
    return w.call(w.row(Customer.objects.all()), merged, seen=w.seen(merged), by=w.administrator())


@tries("parties.merges.undo_merge")
def undo_merge(w: World) -> Call:
    merged = w.row(Customer.objects.all(), Q(merged_into__isnull=False))
    return w.call(merged, seen=w.seen(merged), by=w.administrator())
