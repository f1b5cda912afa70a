"""Somebody leaves: first a page with exactly what they hold and to whom it goes, then the deed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation, Stale
from hilo.parties.commands.leaving import leave_company
from hilo.parties.days import local_day
from hilo.parties.models import Person
from hilo.parties.queries.people import caretaker_for
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import OK, Attempt, done, run_command
from hilo.web.people.fetching import person_at, url_of
from hilo.web.people.form_page import FormPage, rewrite, show_form
from hilo.web.people.forms import Leaving
from hilo.web.people.holding_words import held_by, state_of
from hilo.work.access import threads_visible_to

MOST_THREADS_NAMED = 60


def leave(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_at(request, pk)
    if not person.is_active:
        return redirect(url_of(person))
    if request.method != "POST":
        form = Leaving(initial={"holds": _holds(request, person)}, seen=person.version)
        return _shown(request, person, form, None)
    form = Leaving(request.POST)
    attempt = run_command(form, lambda given: _leave(request, person, given))
    if isinstance(attempt.result, Person):
        said = _("%(name)s is out everywhere. What they held is with %(caretaker)s, flagged.")
        names = {"name": person.name, "caretaker": attempt.result.name}
        return done(request, url_of(person), said % names)
    return _shown(request, person, form, attempt)


def _holds(request: HttpRequest, person: Person) -> str:
    caretaker = _caretaker(request, person)
    return f"{caretaker.pk if caretaker else ''}|{state_of(held_by(person))}"


def _caretaker(request: HttpRequest, person: Person) -> Person | None:
    return caretaker_for(person, local_day(now_of(request), person.zone))


def _leave(request: HttpRequest, person: Person, given: dict[str, Any]) -> Person:
    """Nobody confirms what they have not seen: more work, or another caretaker, shows the page again."""
    if given["holds"] != _holds(request, person):
        raise Stale(_("Meanwhile they hold other things. Look at the list again."))
    return leave_company(person, seen=given["seen"], by=actor_of(request), now=now_of(request))


def _shown(request: HttpRequest, person: Person, form: Leaving, attempt: Attempt | None) -> HttpResponse:
    page = FormPage(
        title=_("%(name)s leaves the company") % {"name": person.name},
        button=_("Sign them out and pass on what they hold"),
        back_url=url_of(person),
        back=person.name,
        is_danger=True,
        subject=person,
        kind="person",
        template="web_people/leave.html",
    )
    caretaker = _caretaker(request, person)
    threads = threads_visible_to(actor_of(request)).filter(owner=person).exclude(state="archived")
    held = held_by(person, caretaker)
    facts: dict[str, object] = {
        "one": person,
        "caretaker": caretaker,
        "held": held,
        "threads": threads.select_related("customer").order_by("next_due")[:MOST_THREADS_NAMED],
        "blocked": None if caretaker else _no_caretaker(person),
    }
    if attempt is not None and attempt.is_stale:
        person.refresh_from_db()
        rewrite(form, seen=str(person.version), holds=_holds(request, person))
        facts["has_changed"] = True
        attempt = Attempt(attempt.status)
    return show_form(request, page, form, attempt or Attempt(OK), **facts)


def _no_caretaker(person: Person) -> RuleViolation:
    return RuleViolation(
        _("Nobody could take over from %(name)s: no area head, manager or director. Name one first.")
        % {"name": person.name}
    )
