"""Where somebody works: a further area, the lead of it, the main one, its end."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hilo.errors import Stale
from hilo.parties.commands.memberships import change_membership, end_membership, start_membership
from hilo.parties.days import local_day
from hilo.parties.models import Membership
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import done
from hilo.web.people.fetching import membership_at, person_at, url_of
from hilo.web.people.form_page import FormPage, answer_form, show_form
from hilo.web.people.forms import EndPlace, NewPlace


def new_place(request: HttpRequest, pk: int) -> HttpResponse:
    person, actor, now = person_at(request, pk), actor_of(request), now_of(request)
    page = FormPage(
        title=_("Another area for %(name)s") % {"name": person.name},
        button=_("Add the area"),
        back_url=url_of(person),
        back=person.name,
        subject=person,
        kind="person",
    )
    if request.method != "POST":
        start = {"delegation": actor.delegation_id}
        return show_form(request, page, NewPlace(initial=start, seen=person.version, actor=actor))

    def begin(given: dict[str, Any]) -> None:
        if given.pop("seen") != person.version:
            raise Stale(_("Somebody changed this person meanwhile."))
        start_membership(person, **given, by=actor, now=now)

    form = NewPlace(request.POST, actor=actor)
    return answer_form(request, page, form, begin, then=url_of(person), said=_("Saved."))


@require_POST
def lead(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives the lead of the area there to who has not got it, and takes it from who has."""
    membership = _as_seen(request, pk)
    wanted = not membership.is_head
    change_membership(membership, is_head=wanted, by=actor_of(request), now=now_of(request))
    names = {"name": membership.person.name, "area": membership.area.name}
    said = _("%(name)s leads %(area)s now.") if wanted else _("%(name)s no longer leads %(area)s.")
    return done(request, url_of(membership.person), said % names)


@require_POST
def main_area(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _as_seen(request, pk)
    change_membership(membership, primary=True, by=actor_of(request), now=now_of(request))
    said = _("%(area)s is their main area now.") % {"area": membership.area.name}
    return done(request, url_of(membership.person), said)


def end_place(request: HttpRequest, pk: int) -> HttpResponse:
    membership = membership_at(request, pk)
    person, actor, now = membership.person, actor_of(request), now_of(request)
    names = {"name": person.name, "area": membership.area.name}
    page = FormPage(
        title=_("%(name)s leaves %(area)s") % names,
        lead=_("What they hold stays in their hands: hand it on before, or on the threads themselves."),
        button=_("End it there"),
        back_url=url_of(person),
        back=person.name,
        is_danger=True,
    )
    if request.method != "POST":
        start = {"last_day": local_day(now, membership.delegation.zone)}
        return show_form(request, page, EndPlace(initial=start))
    return answer_form(
        request,
        page,
        EndPlace(request.POST),
        lambda given: end_membership(membership, **given, by=actor, now=now),
        then=url_of(person),
        said=_("Saved."),
    )


def flags_of(membership: Membership) -> str:
    """The state a button carries: a membership has no version of its own."""
    return f"p{int(membership.is_primary)}h{int(membership.is_head)}"


def _as_seen(request: HttpRequest, pk: int) -> Membership:
    membership = membership_at(request, pk)
    if request.POST.get("seen") != flags_of(membership):
        raise Stale(_("Somebody changed this meanwhile. Look at it again."))
    return membership
