"""Adding somebody, inviting them, changing what we know of them, and what authority they have."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hilo.channels.mail.sign_in_links import mail_invitation
from hilo.parties.commands.people import add_person, change_person, set_authority
from hilo.parties.commands.second_factor import take_second_factor_away
from hilo.parties.commands.sign_in import invite_person
from hilo.parties.models import Person
from hilo.parties.permissions import require
from hilo.parties.queries.company import policy
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import OK, done, run_command
from hilo.web.people.fetching import person_at, url_of
from hilo.web.people.form_page import FormPage, answer_form, show_form
from hilo.web.people.forms import PERSON_FIELDS, Authority, EditPerson, NewPerson


@never_cache
def new_person(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    page = FormPage(
        title=_("Somebody new"),
        button=_("Add them"),
        back_url=reverse("web:people"),
        back=_("People and areas"),
        template="web_people/person_new.html",
    )
    if request.method != "POST":
        start = {"language": "es", "delegation": actor.delegation_id, "area": _asked_area(request)}
        return show_form(request, page, NewPerson(initial=start, actor=actor))
    form = NewPerson(request.POST, actor=actor)
    attempt = run_command(form, lambda given: _add(request, given))
    if not isinstance(attempt.result, Person):
        return show_form(request, page, form, attempt)
    if form.cleaned_data["invite"]:
        return _invited(request, attempt.result)
    return done(request, url_of(attempt.result), _("%(name)s is here.") % {"name": attempt.result.name})


def _asked_area(request: HttpRequest) -> str:
    return request.GET.get("area", "")[:18]


def _add(request: HttpRequest, given: dict[str, Any]) -> Person:
    facts = {name: value for name, value in given.items() if name != "invite"}
    return add_person(**facts, by=actor_of(request), now=now_of(request))


@require_POST
@never_cache
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    return _invited(request, person_at(request, pk))


def _invited(request: HttpRequest, person: Person) -> HttpResponse:
    """By mail where Hilo sends any; else the link is shown here, once, and nobody can read it again."""
    actor = actor_of(request)
    require(actor, "people.manage")
    home = request.build_absolute_uri("/")
    if settings.HILO_SENDS_MAIL:
        mail_invitation.enqueue(person.pk, actor.one.pk, home)
        said = _("The invitation to %(name)s is on its way to %(email)s.")
        return done(request, url_of(person), said % {"name": person.name, "email": person.email})
    token = invite_person(person, by=actor, now=now_of(request))
    link = request.build_absolute_uri(reverse("web:invitation", args=[token]))
    facts = {"one": person, "link": link, "hours": policy().invitation_hours}
    return render(request, "web_people/invited.html", facts, status=OK)


def edit_person(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_at(request, pk)
    page = FormPage(
        title=_("What we know of %(name)s") % {"name": person.name},
        button=_("Save the changes"),
        back_url=url_of(person),
        back=person.name,
        subject=person,
        kind="person",
    )
    if request.method != "POST":
        shown = {name: getattr(person, name) for name in PERSON_FIELDS}
        return show_form(request, page, EditPerson(initial=shown, seen=person.version))
    actor, now = actor_of(request), now_of(request)
    return answer_form(
        request,
        page,
        EditPerson(request.POST),
        lambda given: change_person(person, **given, by=actor, now=now),
        then=url_of(person),
        said=_("Saved."),
    )


def authority(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_at(request, pk)
    page = FormPage(
        title=_("What %(name)s may do") % {"name": person.name},
        lead=_("On top of what their areas give them. Heads and managers are named in their place."),
        button=_("Save the changes"),
        back_url=url_of(person),
        back=person.name,
        subject=person,
        kind="person",
    )
    if request.method != "POST":
        shown = {name: getattr(person, f"is_{name}") for name in ("administrator", "director", "auditor")}
        return show_form(request, page, Authority(initial=shown, seen=person.version))
    actor, now = actor_of(request), now_of(request)
    return answer_form(
        request,
        page,
        Authority(request.POST),
        lambda given: set_authority(person, **given, by=actor, now=now),
        then=url_of(person),
        said=_("Saved."),
    )


@require_POST
def second_factor_removed(request: HttpRequest, pk: int) -> HttpResponse:
    """Phone and recovery codes lost: their password alone lets them in until they set it up again."""
    person = person_at(request, pk)
    take_second_factor_away(person, by=actor_of(request), now=now_of(request))
    said = _("%(name)s can sign in with the password alone, and set up the second step again.")
    return done(request, url_of(person), said % {"name": person.name})
