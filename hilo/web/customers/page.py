"""One customer: how we stand, their threads, one story over all of them, and whom to call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hilo.parties.actor import Actor
from hilo.parties.models import Contact, Customer
from hilo.parties.modules import is_on
from hilo.parties.permissions import may
from hilo.parties.queries.customers import contacts_visible_to, customer_family_ids, survivor_of
from hilo.quality.queries.beside import open_cases_of_customers
from hilo.web.base.words import PersonChip, Status
from hilo.web.cases.beside import cases_beside
from hilo.web.customers.fetching import customer_at, may_edit, url_of
from hilo.web.customers.standing import amounts, kept_said, statements, status_of
from hilo.web.customers.story import story_of
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.lists.rows import rows_of
from hilo.web.money.behind import money_of_customer
from hilo.work.models import Promise, Thread
from hilo.work.queries.customer_standing import (
    archived_threads_of,
    groups_not_ready,
    last_contacts,
    latest_promises,
    open_threads_of,
    standing_with,
    supply_thread_of,
)


@dataclass(frozen=True, slots=True)
class ContactRow:
    contact: Contact
    chip: PersonChip
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Promised:
    promise: Promise
    status: Status
    thread: Thread


def customer(request: HttpRequest, pk: int) -> HttpResponse:
    found = customer_at(request, pk)
    if found.merged_into is not None:
        survivor = survivor_of(found)
        said = _("%(name)s is part of %(survivor)s since they were joined.")
        messages.info(request, said % {"name": found.name, "survivor": survivor.name})
        return HttpResponseRedirect(url_of(survivor))
    actor, now = actor_of(request), now_of(request)
    family = customer_family_ids(found)
    facts = {
        "now": now,
        "customer": found,
        "keeper": PersonChip(found.keeper.name, is_me=actor.acts_for(found.keeper_id)),
        **_threads_shown(actor, found, family, now),
        **_people_shown(actor, family),
        **_promises_shown(actor, family),
        "cases": cases_beside(open_cases_of_customers(family, actor, now=now), now) if is_on("cases") else [],
        "new_case_url": f"{reverse('web:case_new')}?customer={found.pk}"
        if may(actor, "case.open") and is_on("cases")
        else "",
        "money_behind": money_of_customer(found.pk, family, actor, now),
        "story": story_of(request, family),
        "aliases": Customer.objects.filter(pk__in=family).exclude(pk=found.pk),
        "supply": supply_thread_of(actor, family, year=now.year),
        "may_edit": may_edit(actor, found),
        "new_thread_url": _new_thread_url(actor, found),
        "may_merge": may(actor, "customer.merge", own=found.delegation_id in actor.delegation_ids),
        "may_erase": may(actor, "contact.erase"),
        "may_praise": may(actor, "praise.give") and is_on("week"),
    }
    return render(request, "web_customers/customer.html", facts)


def _cases_shown(actor: Actor, found: Customer, family: list[int], now: datetime) -> dict[str, object]:
    if not is_on("cases"):
        return {"cases": [], "new_case_url": ""}
    return {
        "cases": cases_beside(open_cases_of_customers(family, actor, now=now), now),
        "new_case_url": f"{reverse('web:case_new')}?customer={found.pk}" if may(actor, "case.open") else "",
    }


def _new_thread_url(actor: Actor, found: Customer) -> str:
    """Empty for whom nothing allows to open one."""
    return f"{reverse('web:thread_new')}?customer={found.pk}" if may(actor, "thread.open") else ""


def _threads_shown(actor: Actor, found: Customer, family: list[int], now: datetime) -> dict[str, object]:
    standing = standing_with(actor, family, now=now)
    open_ones = open_threads_of(actor, family, now=now)
    archived = archived_threads_of(actor, family, now=now) if standing.archived else []
    return {
        "standing": standing,
        "statements": statements(found, standing, groups_not_ready(actor, family)),
        "amounts": amounts(standing),
        "rows": rows_of([*open_ones, *archived], actor, now=now),
        "sees_money": actor.sees_money,
        "more_open": standing.open - len(open_ones),
        "kept": kept_said(standing.kept),
    }


def _people_shown(actor: Actor, family: list[int]) -> dict[str, object]:
    """Who decides first; who has gone last; who was erased not at all."""
    people = contacts_visible_to(actor).filter(customer__in=family, erased_at__isnull=True)
    order = {role: place for place, role in enumerate(Contact.Role.values)}
    in_order = sorted(people, key=lambda one: (one.left_at is not None, order[one.role], one.name))
    last = last_contacts(actor, in_order)
    rows = [
        ContactRow(one, PersonChip(one.name, one.position, is_customer=True), last.get(one.pk))
        for one in in_order
    ]
    here = [row for row in rows if row.contact.left_at is None]
    return {"contacts": rows, "to_call": next((row.contact for row in here if row.contact.phone), None)}


def _promises_shown(actor: Actor, family: list[int]) -> dict[str, object]:
    promises = [Promised(each, status_of(each), each.thread) for each in latest_promises(actor, family)]
    is_open = ("open", "broken")
    unsettled = [each for each in promises if each.promise.state in is_open and not each.promise.answered_at]
    return {"promises": list(reversed(promises)), "unsettled": list(reversed(unsettled))}
