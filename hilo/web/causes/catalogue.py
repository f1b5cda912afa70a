"""The catalogue of causes: seen by all, extended by an administrator. Counted by cause, never by person."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hilo.errors import Stale
from hilo.parties.permissions import may
from hilo.quality.commands.causes import add_cause_kind, rename_cause_kind, retire_cause_kind
from hilo.quality.models import CauseKind
from hilo.quality.queries.recurrence import causes_counted
from hilo.web.causes.fetching import LARGEST_ID
from hilo.web.causes.forms import CauseForm, RenameCauseForm
from hilo.web.causes.others import A_YEAR
from hilo.web.causes.page import CatalogueRow
from hilo.web.causes.words import cause_name
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.fields import SeenForm
from hilo.web.doing.submitting import done, run_command
from hilo.web.people.form_page import FormPage, answer_form, show_form


def causes_url() -> str:
    return reverse("web:setting_causes")


@require_safe
def causes(request: HttpRequest) -> HttpResponse:
    counts = causes_counted(since=now_of(request) - A_YEAR, until=now_of(request))
    rows = [CatalogueRow(each, cause_name(each), counts.get(each.pk, 0)) for each in CauseKind.objects.all()]
    facts = {
        "rows": [row for row in rows if row.cause.is_active],
        "retired": [row for row in rows if not row.cause.is_active],
        "may_change": may(actor_of(request), "cause.manage"),
    }
    return render(request, "web_causes/causes.html", facts)


def _cause_at(pk: int) -> CauseKind:
    found = CauseKind.objects.filter(pk=min(pk, LARGEST_ID)).first()
    if found is None:
        raise Http404
    return found


def cause_added(request: HttpRequest) -> HttpResponse:
    page = FormPage(
        title=_("A cause of your own"),
        lead=_("It says what part of the process allowed it, in words that fit whoever works there."),
        button=_("Add it to the catalogue"),
        back_url=causes_url(),
        back=_("Causes"),
    )
    if request.method != "POST":
        return show_form(request, page, CauseForm())
    return answer_form(
        request,
        page,
        CauseForm(request.POST),
        lambda given: add_cause_kind(given["name"], by=actor_of(request), now=now_of(request)),
        then=causes_url(),
        said=_("It is in the catalogue."),
    )


def cause_renamed(request: HttpRequest, pk: int) -> HttpResponse:
    cause = _cause_at(pk)
    page = FormPage(
        title=_("The same cause in better words"),
        lead=_("What was concluded under it stays under it."),
        button=_("Keep the name"),
        back_url=causes_url(),
        back=_("Causes"),
        subject=cause,
        kind="cause",
    )
    if request.method != "POST":
        return show_form(
            request, page, RenameCauseForm(initial={"name": cause_name(cause)}, seen=cause.version)
        )
    return answer_form(
        request,
        page,
        RenameCauseForm(request.POST),
        lambda given: rename_cause_kind(cause, **given, by=actor_of(request), now=now_of(request)),
        then=causes_url(),
        said=_("Kept."),
    )


@require_POST
def cause_retired(request: HttpRequest, pk: int) -> HttpResponse:
    cause = _cause_at(pk)
    form = SeenForm(request.POST)
    attempt = run_command(
        form,
        lambda given: retire_cause_kind(cause, **given, by=actor_of(request), now=now_of(request)),
    )
    if not attempt.done:
        raise attempt.refusal or Stale(_("Somebody changed this meanwhile. Look at it again."))
    return done(request, causes_url(), _("Nobody chooses it any more; what was concluded under it stays."))
