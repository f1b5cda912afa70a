"""Areas and delegations: the list, adding and changing them, and who manages a delegation."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hilo.parties.commands.company import (
    add_area,
    add_delegation,
    change_delegation,
    rename_area,
    show_money_to_area,
)
from hilo.parties.commands.memberships import end_management, start_management
from hilo.parties.days import local_day
from hilo.parties.models import Area, AreaCalendar, AreaSuccession, Delegation, DelegationManagement
from hilo.parties.permissions import may
from hilo.parties.queries.company import areas_visible_to, delegations_visible_to
from hilo.parties.queries.people import memberships_on
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import done
from hilo.web.people.fetching import area_at, delegation_at, management_at
from hilo.web.people.form_page import FormPage, answer_form, show_form
from hilo.web.people.forms import EditArea, EditSite, NewArea, NewManager, NewSite

SITE_FIELDS = ("name", "city", "country", "region", "zone", "calendar")


@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    today = local_day(now_of(request), actor.one.zone)
    there = memberships_on(today).select_related("person")
    facts = {
        "areas": _with_people(areas_visible_to(actor).filter(ended_on__isnull=True), list(there)),
        "past": _past(actor_of(request).one and areas_visible_to(actor).filter(ended_on__isnull=False)),
        "delegations": _with_managers(delegations_visible_to(actor).select_related("calendar")),
        "own_hours": AreaCalendar.objects.select_related("area", "delegation", "calendar"),
        "may_change": may(actor, "company.manage"),
        "may_reorganise": may(actor, "company.reorganise"),
        "may_name_managers": may(actor, "people.manage"),
    }
    return render(request, "web_people/areas.html", facts)


def _with_people(rows: Any, memberships: list[Any]) -> list[dict[str, object]]:
    return [
        {
            "area": area,
            "count": len({each.person_id for each in memberships if each.area_id == area.pk}),
            "heads": [each.person for each in memberships if each.area_id == area.pk and each.is_head],
        }
        for area in rows
    ]


def _past(rows: Any) -> list[dict[str, object]]:
    followed = AreaSuccession.objects.select_related("successor").order_by("pk")
    return [
        {"area": area, "followed_by": [each for each in followed if each.predecessor_id == area.pk]}
        for area in rows
    ]


def _with_managers(rows: Any) -> list[dict[str, object]]:
    managers = DelegationManagement.objects.filter(ends_on__isnull=True).select_related("person")
    return [
        {"site": site, "managers": [each for each in managers if each.delegation_id == site.pk]}
        for site in rows
    ]


# Areas ---------------------------------------------------------------------------------------------------


def _area_page(title: str, button: str, area: Area | None = None) -> FormPage:
    return FormPage(
        title=title,
        button=button,
        back_url=reverse("web:areas"),
        back=_("Areas and delegations"),
        subject=area,
        kind="area",
    )


def new_area(request: HttpRequest) -> HttpResponse:
    page = _area_page(_("A new area"), _("Add the area"))
    if request.method != "POST":
        return show_form(request, page, NewArea())
    actor, now = actor_of(request), now_of(request)
    return answer_form(
        request,
        page,
        NewArea(request.POST),
        lambda given: add_area(
            **given, code=free_code(Area, given["name"]), started_on=local_day(now, actor.one.zone),
            by=actor, now=now,
        ),
        then=reverse("web:areas"),
        said=_("The area is there. Give it people."),
    )  # fmt: skip


def edit_area(request: HttpRequest, pk: int) -> HttpResponse:
    area = area_at(request, pk)
    page = _area_page(area.name, _("Save the changes"), area)
    if request.method != "POST":
        shown = {"name": area.name, "sees_money": area.sees_money}
        return show_form(request, page, EditArea(initial=shown, seen=area.version))

    return answer_form(
        request,
        page,
        EditArea(request.POST),
        lambda given: _change_area(request, area, given),
        then=reverse("web:areas"),
        said=_("Saved. History goes on under the same area."),
    )


def _change_area(request: HttpRequest, area: Area, given: dict[str, Any]) -> None:
    by, now = actor_of(request), now_of(request)
    rename_area(area, name=given["name"], seen=given["seen"], by=by, now=now)
    if area.sees_money != given["sees_money"]:
        show_money_to_area(area, sees_money=given["sees_money"], seen=area.version, by=by, now=now)


def free_code(model: type[Area] | type[Delegation], name: str) -> str:
    """The name as a code, with a number after it when another has it already."""
    base = slugify(name)[:36].strip("-_") or model._meta.model_name or "x"
    taken = set(model.objects.filter(code__startswith=base).values_list("code", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(code for code in numbered if code not in taken)


# Delegations ---------------------------------------------------------------------------------------------


def _site_page(title: str, button: str, site: Model | None = None) -> FormPage:
    return FormPage(
        title=title,
        button=button,
        back_url=reverse("web:areas"),
        back=_("Areas and delegations"),
        subject=site,
        kind="delegation",
    )


def new_site(request: HttpRequest) -> HttpResponse:
    page = _site_page(_("A new delegation"), _("Add the delegation"))
    if request.method != "POST":
        return show_form(request, page, NewSite(initial={"country": "ES", "zone": "Europe/Madrid"}))
    actor, now = actor_of(request), now_of(request)
    return answer_form(
        request,
        page,
        NewSite(request.POST),
        lambda given: add_delegation(
            **given, code=free_code(Delegation, given["name"]), by=actor, now=now
        ),
        then=reverse("web:areas"),
        said=_("The delegation is there. Give it people, and a calendar if its town has other holidays."),
    )  # fmt: skip


def edit_site(request: HttpRequest, pk: int) -> HttpResponse:
    site = delegation_at(request, pk)
    page = _site_page(site.name, _("Save the changes"), site)
    if request.method != "POST":
        shown = {name: getattr(site, name) for name in SITE_FIELDS}
        return show_form(request, page, EditSite(initial=shown, seen=site.version))
    actor, now = actor_of(request), now_of(request)
    return answer_form(
        request,
        page,
        EditSite(request.POST),
        lambda given: change_delegation(site, **given, by=actor, now=now),
        then=reverse("web:areas"),
        said=_("Saved."),
    )


def new_manager(request: HttpRequest, pk: int) -> HttpResponse:
    site, actor, now = delegation_at(request, pk), actor_of(request), now_of(request)
    page = FormPage(
        title=_("Who manages %(delegation)s") % {"delegation": site.name},
        lead=_("They act on everything of that delegation, and see its money."),
        button=_("Make them manager"),
        back_url=reverse("web:areas"),
        back=_("Areas and delegations"),
    )
    if request.method != "POST":
        return show_form(request, page, NewManager(actor=actor))
    return answer_form(
        request,
        page,
        NewManager(request.POST, actor=actor),
        lambda given: start_management(given["person"], delegation=site, by=actor, now=now),
        then=reverse("web:areas"),
        said=_("Saved."),
    )


@require_POST
def manager_ended(request: HttpRequest, pk: int) -> HttpResponse:
    management = management_at(request, pk)
    end_management(management, by=actor_of(request), now=now_of(request))
    names = {"name": management.person.name, "delegation": management.delegation.name}
    said = _("%(name)s manages %(delegation)s until today.") % names
    return done(request, reverse("web:areas"), said)
